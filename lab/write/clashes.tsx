import type { JSX } from 'preact';
import { clashes, settle } from './work.ts';

/** A file that two tabs have changed at once. */
export function Clashes(): JSX.Element {
  return (
    <>
      {Object.entries(clashes.value).map(([file, { theirs, beside }]) => (
        <div class="notice" key={file} role="status">
          <span>
            Another tab has changed {file} at the same time as this one. Which of the two is to stay? The other one is
            kept beside it, as {beside}.
          </span>
          <details>
            <summary>What the other tab has</summary>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls */}
            <pre tabIndex={0}>{theirs}</pre>
          </details>
          <span class="choices">
            <button type="button" class="button" onClick={() => settle(file, 'mine')}>
              This tab’s
            </button>
            <button type="button" class="button" onClick={() => settle(file, 'theirs')}>
              The other tab’s
            </button>
          </span>
        </div>
      ))}
    </>
  );
}
