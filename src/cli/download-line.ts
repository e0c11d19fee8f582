import type { Progress } from '../prologue/index.ts';
import { barBefore } from './progress.ts';

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

/** How far a download has come, on a line of `columns`; before the first byte, who is asked. */
export function lineOf({ file, from, received, total }: Progress, columns: number): string {
  if (received === 0) return `${file}: asking ${from}`.slice(0, columns - 1);
  if (total === undefined) return `${file}  ${megabytes(received)} MB`.slice(0, columns - 1);
  const size = `${megabytes(received)} of ${megabytes(total)} MB`;
  return barBefore(columns, received / total, [`  ${file}  ${size}`, `  ${size}`]);
}

/** One line on standard error, written over and over; `clear` takes it away. Without a terminal there is none. */
export function downloadLine(): { show(progress: Progress): void; clear(): void } {
  if (!process.stderr.isTTY) return { show() {}, clear() {} };
  let drawn = 0;
  let shown = false;
  return {
    show(progress) {
      const now = performance.now();
      if (now - drawn < 100 && progress.received > 0 && progress.received !== progress.total) return;
      drawn = now;
      shown = true;
      process.stderr.write(`\r\x1b[2K${lineOf(progress, process.stderr.columns || 80)}`);
    },
    clear() {
      if (shown) process.stderr.write('\r\x1b[2K');
      shown = false;
    },
  };
}
