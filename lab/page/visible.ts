import { type ReadonlySignal, useComputed, useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import { isPlaying } from '../state/trainer.ts';

/**
 * Whether an element has to show the moment: what is not on the screen, nor nearly, may wait until the training stands
 * still. Then all is up to date, for a screen reader reads what is not on the screen, too.
 */
export function useVisible(element: RefObject<Element | null>): ReadonlySignal<boolean> {
  const isOnScreen = useSignal(true);
  useEffect(() => {
    const observer = new IntersectionObserver(
      entries => {
        isOnScreen.value = entries.at(-1)!.isIntersecting;
      },
      { rootMargin: '100px' },
    );
    observer.observe(element.current!);
    return () => observer.disconnect();
  }, []);
  return useComputed(() => isOnScreen.value || !isPlaying.value);
}
