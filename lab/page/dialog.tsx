import type { ComponentChildren, JSX, RefObject } from 'preact';
import { useId } from 'preact/hooks';
import './dialog.css';

/** Something to be done before one goes on; Escape, its cross and a click beside it leave it. */
export function Dialog({
  box,
  title,
  children,
}: {
  box: RefObject<HTMLDialogElement | null>;
  title: string;
  children: ComponentChildren;
}): JSX.Element {
  const id = useId();
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard has Escape
    <dialog ref={box} aria-labelledby={id} onClick={event => event.target === box.current && box.current?.close()}>
      <div class="inside">
        <div class="head">
          <h2 id={id}>{title}</h2>
          <button type="button" class="button" aria-label="Close" onClick={() => box.current?.close()}>
            ✕
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
