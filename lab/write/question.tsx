import { effect, type Signal, signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Sources } from '../../src/practice/protocol.ts';
import { listed } from '../../src/practice/sentences.ts';
import { Dialog } from '../page/dialog.tsx';
import { files } from '../state/own.ts';
import { backupName, handedOut } from './work.ts';

/** Something that wants a yes before it is done. */
export const question: Signal<{ title: string; text: string; yes: string; act: () => void } | undefined> =
  signal(undefined);

/** Does it at once where nothing that is written goes away by it, and otherwise asks first. */
export function confirmed(others: Sources, title: string, yes: string, act: () => void): void {
  const next: Sources = { ...handedOut, ...others };
  const lost = Object.entries(files.value).filter(([file, text]) => next[file] !== text && text !== handedOut[file]);
  if (lost.length === 0) {
    act();
    return;
  }
  const kept = listed(lost.map(([file]) => `${file} as ${backupName(file)}`));
  question.value = { title, text: `What you wrote is kept beside it: ${kept}.`, yes, act };
}

export function Question(): JSX.Element {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(
    () =>
      effect(() => {
        if (question.value !== undefined) box.current?.showModal();
      }),
    [],
  );
  const { title = '', text = '', yes = '', act = () => {} } = question.value ?? {};
  const answer = (isYes: boolean) => {
    box.current?.close();
    question.value = undefined;
    if (isYes) act();
  };
  return (
    <Dialog box={box} title={title}>
      <p>{text}</p>
      <p class="answers">
        <button type="button" class="button" onClick={() => answer(true)}>
          {yes}
        </button>
        <button type="button" class="button" onClick={() => answer(false)}>
          No
        </button>
      </p>
    </Dialog>
  );
}
