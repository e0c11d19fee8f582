import type { JSX } from 'preact';

/** A digit drawn here, as the network sees it, and what it answers. */
export function Draw(): JSX.Element {
  return (
    <section class="panel" aria-labelledby="draw">
      <h2 id="draw">Draw a digit</h2>
    </section>
  );
}
