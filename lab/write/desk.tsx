import { batch, effect, type Signal, signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { exerciseFiles, exercises } from '../../src/practice/exercises.ts';
import type { FunctionName } from '../../src/practice/protocol.ts';
import { TypesNote } from '../own/types/note.tsx';
import { files, isForeign } from '../state/own.ts';
import { inEditor, looking, shown } from './at-desk.ts';
import { check, checked, isChecking, stages } from './checking.ts';
import { diagnose, type FileDiagnostic } from './diagnostics.ts';
import { Editor, type Mark } from './editor.ts';
import { exerciseAt } from './exercise-at.ts';
import { Files } from './files.tsx';
import { current, exercise, handedOut, setText } from './work.ts';

const underlined: Signal<readonly FileDiagnostic[]> = signal([]);
/** A pause in typing. */
const DIAGNOSED_AFTER = 300;

let editor: Editor | undefined;

/** The editor, with the files above it. */
export function Desk(): JSX.Element {
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

/** What somebody besides the judge has to say of the files, after a pause in typing. */
export function diagnoseAfterPauses(): () => void {
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

export function checkNow(): void {
  if (looking.value === undefined) void check({ byHand: true });
}

export function goTo(name: FunctionName): void {
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

export function goToLine(file: string, line: number): void {
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
