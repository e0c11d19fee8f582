import { type Signal, signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';

/**
 * A part of the page that is loaded when somebody comes to it, so that the page itself is there at once: what it is
 * called, in the middle of a sentence, and where it comes from. What could not be loaded can be asked for once more.
 */
export function later(name: string, from: () => Promise<() => JSX.Element>): () => JSX.Element {
  const loaded: Signal<(() => JSX.Element) | undefined> = signal(undefined);
  const failed: Signal<boolean> = signal(false);
  const load = (): void => {
    failed.value = false;
    from().then(
      part => (loaded.value = part),
      () => (failed.value = true),
    );
  };
  return function Later() {
    useEffect(load, []);
    const Part = loaded.value;
    if (Part !== undefined) return <Part />;
    return failed.value ? (
      <p role="alert">
        {name.replace(/^./, first => first.toUpperCase())} could not be loaded.{' '}
        <button type="button" class="button" onClick={load}>
          Try again
        </button>
      </p>
    ) : (
      <p role="status">Loading {name} …</p>
    );
  };
}
