import type { JSX } from 'preact';

/** One sample on its way through the network and back, number by number. */
export function Sample(): JSX.Element {
  return (
    <section class="panel" aria-labelledby="sample">
      <h2 id="sample">Follow one sample</h2>
    </section>
  );
}
