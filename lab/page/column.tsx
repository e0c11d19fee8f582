import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** Panels under each other. A column that is at its end stays in sight while a longer one beside it scrolls on. */
export function Column({
  name,
  children,
}: {
  readonly name: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  const column = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    // a longer one would move under the pointer when another column grows
    const observer = new ResizeObserver(() => {
      const height = column.current!.offsetHeight;
      column.current!.style.setProperty('--height', `${height}px`);
      column.current!.style.position = height > innerHeight - 205 ? 'static' : '';
    });
    observer.observe(column.current!);
    return () => observer.disconnect();
  }, []);
  return (
    <div
      ref={column}
      class={`column ${name}`}
      onFocusCapture={({ target }) => {
        const focused = target as HTMLElement;
        if (focused.matches(':focus-visible') && focused.getBoundingClientRect().top < HEADER)
          scrollTo(focused, { block: 'nearest' });
      }}
    >
      {children}
    </div>
  );
}

/** What sticks to the top of the page is about so high, in pixels. */
const HEADER = 60;

/** Scrolls to where an element lies while no column stays in sight: only then does scrolling move it. */
export function scrollTo(element: Element, options: ScrollIntoViewOptions): void {
  const main = element.closest('main');
  main?.classList.add('still');
  element.scrollIntoView(options);
  main?.classList.remove('still');
}
