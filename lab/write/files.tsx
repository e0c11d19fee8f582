import { batch, effect, type Signal, signal, untracked } from '@preact/signals';
import type { JSX } from 'preact';
import { type ExerciseFile, exerciseFiles } from '../../src/practice/exercises.ts';
import { Progress } from '../../src/practice/progress.ts';
import { listed, resetSentence } from '../../src/practice/sentences.ts';
import { ChooseFiles } from '../page/choose-files.tsx';
import { files, offered } from '../state/own.ts';
import type { GivenFile } from '../state/run-files.ts';
import { looking, shown } from './at-desk.ts';
import { forget } from './checking.ts';
import { workAmong } from './given.ts';
import { confirmed, question } from './question.tsx';
import { backupName, exercise, handedOut, replaceAll, reset } from './work.ts';

/** What came of it. */
const said: Signal<string> = signal('');

/** The files as a whole: saved, opened, put back. */
export function Files(): JSX.Element {
  const file = shown.value;
  const isOurs = (name: string): name is ExerciseFile => exerciseFiles.some(one => one === name);
  return (
    <div class="files">
      <button
        type="button"
        class="button"
        onClick={async () => {
          const { saveFolder } = await import('./save-folder.ts');
          said.value = `${saveFolder()} is saved: \`longhand learn\` goes on with its folder, and it can be opened here again.`;
        }}
      >
        Save files
      </button>
      <ChooseFiles kinds=".ts,.txt,.zip,.bak" chosen={offer}>
        Open files
      </ChooseFiles>
      <ChooseFiles chosen={offer}>Open a folder</ChooseFiles>
      {isOurs(file) && files.value[file] !== handedOut[file] && looking.value === undefined && (
        <button
          type="button"
          class="button"
          onClick={() => {
            question.value = {
              title: `Reset ${file}?`,
              text: resetSentence(file, backupName(file)),
              yes: 'Yes, reset it',
              act: () => reset(file),
            };
          }}
        >
          Reset {file}
        </button>
      )}
      <span class="soft" role="status">
        {said.value.replaceAll('`', '')}
      </span>
    </div>
  );
}

/** Offers what there is of the practical in files that were chosen. */
async function offer(given: GivenFile[]): Promise<void> {
  const work = await workAmong(given);
  said.value =
    work === undefined
      ? `There is nothing of the practical in it: neither ${listed(exerciseFiles)} nor a file that exports the six functions.`
      : '';
  offered.value = work;
}

/** Opens what was chosen or dropped, once it is clear that nothing is lost by it. */
export function takeOffers(): () => void {
  return effect(() => {
    const work = offered.value;
    if (work === undefined) return;
    untracked(() => {
      offered.value = undefined;
      const act = () => {
        batch(() => {
          looking.value = undefined;
          const progress = work.progress === undefined ? undefined : Progress.parse(work.progress);
          replaceAll(work.files, { progress, backups: work.backups, foreign: false });
          forget();
          shown.value = exercise.value.file;
        });
        said.value = `${work.name} is open.`;
      };
      confirmed(work.files, `Open ${work.name}?`, 'Open it', act);
    });
  });
}
