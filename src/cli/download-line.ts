import type { Progress } from '../prologue/index.ts';
import { barBefore } from './progress.ts';
import { writtenOver } from './written-over.ts';

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

/** How far a download has come, on a line of `columns`; before the first byte, who is asked. */
export function lineOf({ file, from, received, total }: Progress, columns: number): string {
  if (received === 0) return `${file}: asking ${from}`.slice(0, columns - 1);
  if (total === undefined) return `${file}  ${megabytes(received)} MB`.slice(0, columns - 1);
  const size = `${megabytes(received)} of ${megabytes(total)} MB`;
  return barBefore(columns, received / total, [`  ${file}  ${size}`, `  ${size}`]);
}

/** Shows a download on a terminal. */
export function downloadLine(): { show(progress: Progress): void; clear(): void } {
  const { show, clear } = writtenOver();
  return {
    show(progress) {
      const { received, total } = progress;
      show(columns => lineOf(progress, columns), received === 0 || received === total);
    },
    clear,
  };
}
