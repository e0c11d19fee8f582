import type { Progress } from '../prologue/index.ts';
import { bar } from './progress.ts';

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

/** How far a download has come, in at most `columns` characters; before the first byte, who is asked. */
export function lineOf({ file, from, received, total }: Progress, columns: number): string {
  if (received === 0) return `${file}: asking ${from}`.slice(0, columns);
  if (total === undefined) return `${file}  ${megabytes(received)} MB`.slice(0, columns);
  const text = `  ${file}  ${megabytes(received)} of ${megabytes(total)} MB`;
  return bar(received, total, Math.max(10, Math.min(40, columns - text.length))) + text;
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
      process.stderr.write(`\r\x1b[2K${lineOf(progress, (process.stderr.columns || 80) - 1)}`);
    },
    clear() {
      if (shown) process.stderr.write('\r\x1b[2K');
      shown = false;
    },
  };
}
