import type { JSX } from 'preact';

/** Loss and errors over the steps, with values under the pointer. */
export function Curves(): JSX.Element {
  return (
    <section class="panel" aria-labelledby="curves">
      <h2 id="curves">Loss and errors</h2>
    </section>
  );
}
