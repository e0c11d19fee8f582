import { batch, computed, effect, type Signal, signal, untracked } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { type ExerciseFile, exerciseFiles, exercises } from '../../src/practice/exercises.ts';
import { Progress } from '../../src/practice/progress.ts';
import type { FunctionName, Sources } from '../../src/practice/protocol.ts';
import { listed, resetSentence } from '../../src/practice/sentences.ts';
import { abandonCheck, prepareJudge } from '../own/judge.ts';
import { TypesNote } from '../own/types/note.tsx';
import { ChooseFiles } from '../page/choose-files.tsx';
import { Dialog } from '../page/dialog.tsx';
import { files, isForeign, isWritten, linkedCode, offered } from '../state/own.ts';
import type { GivenFile } from '../state/run-files.ts';
import { asked, check, checked, forget, isChecking, stages } from './checking.ts';
import { unpacked } from './code-in-link.ts';
import { diagnose, type FileDiagnostic } from './diagnostics.ts';
import { Editor, type Mark } from './editor.ts';
import { exerciseAt } from './exercise-at.ts';
import { workAmong } from './given.ts';
import { ExerciseAtHand, Exercises, spoken, Verdict } from './lesson.tsx';
import {
  backupName,
  clashes,
  current,
  exercise,
  handedOut,
  notKept,
  replaceAll,
  reset,
  setText,
  settle,
} from './work.ts';
import './workshop.css';

/** The file in the editor. */
const shown: Signal<string> = signal(untracked(() => exercise.value.file));
/** Somebody else's files, while they are looked at. */
const looking: Signal<Sources | undefined> = signal(undefined);
const inEditor = computed(() => looking.value ?? files.value);

/** Something that wants a yes before it is done. */
const question: Signal<{ title: string; text: string; yes: string; act: () => void } | undefined> = signal(undefined);
const said: Signal<string> = signal('');

const underlined: Signal<readonly FileDiagnostic[]> = signal([]);

/** A pause in typing. */
const CHECKED_AFTER = 700;
const DIAGNOSED_AFTER = 300;

let editor: Editor | undefined;

/** Everything that a learner writes with. */
export function Workshop(): JSX.Element {
  useEffect(() => {
    prepareJudge();
    const stops = [checkAfterPauses(), diagnoseAfterPauses(), takeOffers()];
    return () => {
      for (const stop of stops) stop();
      abandonCheck();
    };
  }, []);
  const keys = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || (event.key !== 's' && event.key !== 'Enter')) return;
    event.preventDefault();
    checkNow();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the shortcut of the button in it
    <div class="workshop" onKeyDown={keys}>
      <FromLink />
      <Clashes />
      {notKept.value !== undefined && (
        <p class="notice" role="status">
          {notKept.value}
        </p>
      )}
      <Exercises
        go={name => {
          looking.value = undefined;
          goTo(name);
        }}
      />
      <div class="bench">
        <ExerciseAtHand />
        <Desk />
        <Verdict goTo={goToLine} next={goTo} />
      </div>
      <p class="hidden-text" role="status">
        {spoken.value}
        {asked.value % 2 === 1 ? '\u00a0' : ''}
      </p>
      <Question />
    </div>
  );
}

function Desk(): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const made = new Editor(host.current!, { typed, check: checkNow });
    editor = made;
    const stops = [
      effect(() => {
        const file = shown.value in inEditor.value ? shown.value : exerciseFiles[0];
        made.show(file, inEditor.value[file]!, looking.value !== undefined);
      }),
      effect(() => {
        void [stages.value, underlined.value, looking.value];
        made.mark(looking.value === undefined ? marksIn(shown.value) : []);
      }),
    ];
    return () => {
      for (const stop of stops) stop();
      made.destroy();
      editor = undefined;
    };
  }, []);
  const names = Object.keys(inEditor.value);
  return (
    <div class="desk">
      <div class="above">
        <fieldset class="tabs">
          <legend class="hidden-text">Files</legend>
          {names.map(name => (
            <button
              type="button"
              key={name}
              aria-pressed={name === shown.value}
              onClick={() => {
                shown.value = name;
                followFile(name);
              }}
            >
              {name}
              {looking.value === undefined && files.value[name] !== handedOut[name] && (
                <span class="changed" title="more than what was handed out">
                  {' '}
                  ●<span class="hidden-text"> written in</span>
                </span>
              )}
            </button>
          ))}
        </fieldset>
        <button
          type="button"
          class="button check"
          disabled={looking.value !== undefined}
          aria-keyshortcuts="Control+S Control+Enter"
          onClick={checkNow}
        >
          Check
        </button>
      </div>
      <div class="editor" ref={host} />
      <TypesNote />
      <div class="tools">
        <span class="soft how">
          {isForeign.value
            ? 'It came by a link: nothing of it has run, and nothing does until you check it.'
            : isChecking.value
              ? 'Checking …'
              : 'Also by itself when you pause, and by Ctrl-S. Tab leaves the editor; Ctrl-] and Ctrl-[ indent.'}
        </span>
        <Files />
      </div>
    </div>
  );
}

/** The files as a whole: saved, opened, put back. */
function Files(): JSX.Element {
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

/** What a link brought: it is shown where somebody wants to see it, and runs for nobody who has not asked. */
function FromLink(): JSX.Element | null {
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

/** A file that two tabs have changed at once. */
function Clashes(): JSX.Element {
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

function Question(): JSX.Element {
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

/** Does it at once where nothing that is written goes away by it, and otherwise asks first. */
function confirmed(others: Sources, title: string, yes: string, act: () => void): void {
  const next: Sources = { ...handedOut, ...others };
  const lost = Object.entries(files.value).filter(([file, text]) => next[file] !== text && text !== handedOut[file]);
  if (lost.length === 0) {
    act();
    return;
  }
  const kept = listed(lost.map(([file]) => `${file} as ${backupName(file)}`));
  question.value = { title, text: `What you wrote is kept beside it: ${kept}.`, yes, act };
}

function takeOffers(): () => void {
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

/** The exercise at hand is checked after a pause in typing, and when it becomes another. */
function checkAfterPauses(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let before: FunctionName | undefined;
  const stop = effect(() => {
    void files.value;
    const name = current.value;
    const isOther = name !== before;
    before = name;
    clearTimeout(timer);
    timer = setTimeout(() => void check({ byHand: false }), isOther ? 0 : CHECKED_AFTER);
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}

/** What somebody besides the judge has to say of the files, after a pause in typing. */
function diagnoseAfterPauses(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest = 0;
  const stop = effect(() => {
    const [now, look] = [files.value, diagnose.value];
    if (look === undefined) return;
    clearTimeout(timer);
    latest += 1;
    const mine = latest;
    timer = setTimeout(async () => {
      const found = await look(now);
      if (mine === latest) underlined.value = found;
    }, DIAGNOSED_AFTER);
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}

/** What the judge and others have to say of a file. */
function marksIn(file: string): Mark[] {
  const marks: Mark[] = underlined.value
    .filter(one => one.file === file)
    .map(({ from, to, message, severity }) => ({ from, to, message, severity }));
  const seen = new Set<string>();
  for (const { verdict, says, file: where, line } of stages.value.values()) {
    if (verdict !== 'failed' || where !== file || line === null || seen.has(`${line} ${says}`)) continue;
    seen.add(`${line} ${says}`);
    marks.push({ line, message: says.replaceAll('`', ''), severity: 'error', source: 'the judge' });
  }
  return marks;
}

function typed(file: string, text: string, at: number): void {
  if (looking.value !== undefined) return;
  batch(() => {
    setText(file, text);
    const there = exerciseAt(text, at);
    if (there !== undefined) current.value = there;
  });
}

function checkNow(): void {
  if (looking.value === undefined) void check({ byHand: true });
}

function goTo(name: FunctionName): void {
  batch(() => {
    current.value = name;
    if (checked.value?.exercise.name !== name) checked.value = undefined;
    shown.value = fileOf(name);
  });
  editor?.goToFunction(name);
}

/** Where a function is written: an exercise's file may only hand it on from another. */
function fileOf(name: FunctionName): string {
  const known = stages.value.get(exercises.find(exercise => exercise.name === name)!.stages[0]!.name)?.file;
  const { file } = exercise.value;
  return known !== null && known !== undefined && known in files.value ? known : file;
}

function goToLine(file: string, line: number): void {
  if (!(file in files.value)) return;
  shown.value = file;
  editor?.goTo(line);
}

/** Whoever turns to a file means one of the exercises in it. */
function followFile(file: string): void {
  const inIt = exercises.filter(exercise => exercise.file === file);
  if (looking.value !== undefined || inIt.length === 0 || inIt.includes(exercise.value)) return;
  current.value = inIt[0]!.name;
}

function showFirst(theirs: Sources): void {
  shown.value = Object.keys(theirs)[0]!;
}
