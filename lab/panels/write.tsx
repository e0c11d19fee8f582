import type { JSX } from 'preact';
import { later } from '../page/later.tsx';

const Workshop = later('the editor', async () => (await import('../write/workshop.tsx')).Workshop);

/** The place where a learner writes the functions. */
export function Write(): JSX.Element {
  return (
    <section class="panel write" aria-labelledby="write">
      <h2 id="write">Write it yourself</h2>
      <p class="about">
        Seven exercises, from the first function to the training, checked while you write. Nothing of it leaves this
        page.
      </p>
      <Workshop />
    </section>
  );
}
