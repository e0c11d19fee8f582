import { type Signal, signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';

const loaded: Signal<(() => JSX.Element) | undefined> = signal(undefined);
const failed: Signal<boolean> = signal(false);

/** The place where a learner writes the functions. The editor is loaded when somebody comes here. */
export function Write(): JSX.Element {
  useEffect(load, []);
  const Workshop = loaded.value;
  return (
    <section class="panel write" aria-labelledby="write">
      <h2 id="write">Write it yourself</h2>
      <p class="about">
        Seven exercises, from the first function to the training, checked while you write. Nothing of it leaves this
        page.
      </p>
      {Workshop !== undefined ? (
        <Workshop />
      ) : failed.value ? (
        <p role="alert">
          The editor could not be loaded.{' '}
          <button type="button" class="button" onClick={load}>
            Try again
          </button>
        </p>
      ) : (
        <p role="status">Loading the editor …</p>
      )}
    </section>
  );
}

function load(): void {
  failed.value = false;
  import('../write/workshop.tsx').then(
    ({ Workshop }) => (loaded.value = Workshop),
    () => (failed.value = true),
  );
}
