import { type ReadonlySignal, useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

/** Whether an element is on the screen, or nearly: what is not need not be painted. */
export function useVisible(element: RefObject<Element | null>): ReadonlySignal<boolean> {
  const isVisible = useSignal(true);
  useEffect(() => {
    const observer = new IntersectionObserver(
      entries => {
        isVisible.value = entries.at(-1)!.isIntersecting;
      },
      { rootMargin: '100px' },
    );
    observer.observe(element.current!);
    return () => observer.disconnect();
  }, []);
  return isVisible;
}
