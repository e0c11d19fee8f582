import type { JSX } from 'preact';

/** One sample, forward and back, a line a value; a line is a door to that value. */
export function Mathematics(): JSX.Element {
  return (
    <section class="panel" aria-labelledby="mathematics">
      <h2 id="mathematics">The mathematics</h2>
    </section>
  );
}
