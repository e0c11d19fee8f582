import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { shows } from '../state/controls.ts';
import { filesDropped } from '../state/dropped.ts';
import { openFiles } from '../state/opening.ts';
import './drop.css';

/** The whole page takes a run that is dropped on it, and says so as soon as one is dragged over it. */
export function Drop(): JSX.Element | null {
  const isOver = useSignal(false);
  const takes = shows('runs');
  useEffect(() => {
    if (!takes) return;
    const isOfFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;
    const over = (event: DragEvent) => {
      if (!isOfFiles(event)) return;
      event.preventDefault();
      event.dataTransfer!.dropEffect = 'copy';
      isOver.value = true;
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) isOver.value = false;
    };
    const drop = async (event: DragEvent) => {
      isOver.value = false;
      if (!isOfFiles(event)) return;
      event.preventDefault();
      await openFiles(await filesDropped(event.dataTransfer!));
    };
    const listening = new AbortController();
    const { signal } = listening;
    document.addEventListener('dragenter', over, { signal });
    document.addEventListener('dragover', over, { signal });
    document.addEventListener('dragleave', leave, { signal });
    document.addEventListener('drop', drop, { signal });
    return () => listening.abort();
  }, [takes, isOver]);
  if (!isOver.value) return null;
  return (
    <div class="drop">
      <p>
        Drop a run to open it
        <small>
          a folder of longhand train --out, its files, or a zip that was saved here; a folder of longhand learn, too
        </small>
      </p>
    </div>
  );
}
