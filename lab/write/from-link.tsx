import { batch } from '@preact/signals';
import type { JSX } from 'preact';
import type { Sources } from '../../src/practice/protocol.ts';
import { listed } from '../../src/practice/sentences.ts';
import { isWritten, linkedCode } from '../state/own.ts';
import { looking, showFirst } from './at-desk.ts';
import { forget } from './checking.ts';
import { unpacked } from './code-in-link.ts';
import { confirmed } from './question.tsx';
import { handedOut, replaceAll } from './work.ts';

/** What a link brought: it is shown where somebody wants to see it, and runs for nobody who has not asked. */
export function FromLink(): JSX.Element | null {
  const code = linkedCode.value;
  if (code === '') return null;
  const theirs = unpackedOnce(code);
  const leave = () => {
    batch(() => {
      linkedCode.value = '';
      looking.value = undefined;
    });
  };
  if (theirs === undefined)
    return (
      <p class="notice" role="status">
        <span>The code in this link cannot be read: the link may be cut.</span>
        <button type="button" class="button" onClick={leave}>
          Close
        </button>
      </p>
    );
  const take = () => {
    const act = () => {
      batch(() => {
        leave();
        replaceAll(theirs, { foreign: true });
        forget();
        showFirst(theirs);
      });
    };
    confirmed(theirs, 'Take over the code of this link?', 'Take it over', act);
  };
  return (
    <div class="notice" role="status">
      <span>
        This link brings somebody’s code: {listed(Object.keys(theirs))}. Nothing of it has run
        {isWritten.value ? ', and what you wrote is as it was' : ''}.
      </span>
      <span class="choices">
        {looking.value === undefined ? (
          <button
            type="button"
            class="button"
            onClick={() =>
              batch(() => {
                looking.value = { ...handedOut, ...theirs };
                showFirst(theirs);
              })
            }
          >
            Look at it
          </button>
        ) : (
          <button type="button" class="button" onClick={() => (looking.value = undefined)}>
            Back to mine
          </button>
        )}
        <button type="button" class="button" onClick={take}>
          Take it over
        </button>
        <button type="button" class="button" onClick={leave}>
          Leave it
        </button>
      </span>
    </div>
  );
}

let unpackedLast: { code: string; files: Sources | undefined } | undefined;

function unpackedOnce(code: string): Sources | undefined {
  if (unpackedLast?.code !== code) unpackedLast = { code, files: unpacked(code) };
  return unpackedLast.files;
}
