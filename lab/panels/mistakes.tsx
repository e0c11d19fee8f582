import type { JSX } from 'preact';

/** The digits that are misread, with what was said and what was true. */
export function Mistakes(): JSX.Element {
  return (
    <section class="panel" aria-labelledby="mistakes">
      <h2 id="mistakes">Its mistakes</h2>
    </section>
  );
}
