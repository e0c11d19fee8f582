import type { JSX } from 'preact';

/** Which digits are taken for which. */
export function Confusion(): JSX.Element {
  return (
    <section class="panel" aria-labelledby="confusion">
      <h2 id="confusion">Taken for</h2>
    </section>
  );
}
