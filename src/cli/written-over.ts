/**
 * One line on standard error, written over and over, at most ten times a second; `clear` takes it away. Without a
 * terminal there is none.
 */
export function writtenOver(): { show(lineOf: (columns: number) => string, atOnce: boolean): void; clear(): void } {
  if (!process.stderr.isTTY) return { show() {}, clear() {} };
  let drawn = 0;
  let shown = false;
  return {
    show(lineOf, atOnce) {
      const now = performance.now();
      if (now - drawn < 100 && !atOnce) return;
      drawn = now;
      shown = true;
      process.stderr.write(`\r\x1b[2K${lineOf(process.stderr.columns || 80)}`);
    },
    clear() {
      if (shown) process.stderr.write('\r\x1b[2K');
      shown = false;
    },
  };
}
