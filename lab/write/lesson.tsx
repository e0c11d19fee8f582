import { computed, type ReadonlySignal, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { exercises, solutionTextOf, taskOf } from '../../src/practice/exercises.ts';
import type { FunctionName } from '../../src/practice/protocol.ts';
import {
  charactersSentence,
  elsewhereSentence,
  inOneParagraph,
  marks,
  nameOf,
  theEnd,
  titleOf,
  waitingSentences,
} from '../../src/practice/sentences.ts';
import { hintsFor } from '../../src/practice/standing.ts';
import type { StageVerdict } from '../../src/practice/verdict.ts';
import { type OwnStanding, standings } from '../state/own.ts';
import { anotherHint, type Checked, cannotJudge, checked, hints, stages } from './checking.ts';
import { Said, Task } from './prose.tsx';
import { current, exercise, passed } from './work.ts';

const words: Readonly<Record<OwnStanding, string>> = {
  passed: 'passed',
  failed: 'not right yet',
  missing: 'to be written',
  waiting: 'waits',
  unknown: 'not checked yet',
};

/** All exercises, and where each stands. */
export function Exercises({ go }: { go: (name: FunctionName) => void }): JSX.Element {
  return (
    <ol class="exercises" aria-label="The exercises">
      {exercises.map(({ name, title }) => {
        const known = standings.value[name];
        const standing = known === 'unknown' && passed.value.has(name) ? 'passed' : known;
        return (
          <li key={name} class={standing}>
            <button
              type="button"
              title={title}
              aria-current={name === current.value ? 'step' : undefined}
              onClick={() => go(name)}
            >
              <span aria-hidden="true">{standing === 'unknown' ? '·' : marks[standing]}</span> {name}
              <span class="hidden-text">: {words[standing]}</span>
            </button>
          </li>
        );
      })}
    </ol>
  );
}

/** The verdict in a sentence or two, for those who hear it. */
export const spoken: ReadonlySignal<string> = computed(() => {
  const { standing, exercise: of } = ofThis.value ?? {};
  if (cannotJudge.value !== undefined) return cannotJudge.value;
  if (standing === undefined || of === undefined) return '';
  if (standing.passed) return `${of.name} is right.`;
  const { red } = standing;
  if (red === undefined) return '';
  if (red.verdict === 'missing') return `${nameOf(red, of)} is to be written.`;
  return `${nameOf(red, of)} is not right yet. ${placeOf(red)}${red.says}`.replaceAll('`', '');
});

const placeOf = ({ file, line }: StageVerdict): string =>
  file === null || line === null ? '' : `${file}, line ${line}: `;

/** The verdict on the exercise at hand, where there is one. */
const ofThis: ReadonlySignal<Checked | undefined> = computed(() =>
  checked.value?.exercise === exercise.value ? checked.value : undefined,
);

/** The exercise at hand: what is to be written, and what the judge says of what is. */
export function Verdict({
  goTo,
  next,
}: {
  goTo: (file: string, line: number) => void;
  next: (name: FunctionName) => void;
}): JSX.Element {
  const now = exercise.value;
  const made = ofThis.value;
  return (
    <>
      <div class="task">
        <h3>{titleOf(now)}</h3>
        <details open key={now.name}>
          <summary>What {now.name} is to compute</summary>
          <Task text={taskOf(now)} />
        </details>
      </div>
      <div class="verdict">
        {cannotJudge.value !== undefined && (
          <p class="wrong" role="alert">
            Nothing can be checked here: {cannotJudge.value}.
          </p>
        )}
        {made === undefined ? (
          <p class="soft">No verdict yet.</p>
        ) : made.standing.passed ? (
          <Passed made={made} next={next} />
        ) : (
          <Open made={made} goTo={goTo} />
        )}
        {made !== undefined && made.standing.elsewhere.length > 0 && (
          <p class="soft">
            <Said text={elsewhereSentence(made.standing.elsewhere)} />
          </p>
        )}
        {made !== undefined && made.printed.trim() !== '' && (
          <details class="printed" open>
            <summary>Your code printed</summary>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls */}
            <pre tabIndex={0}>{made.printed.trimEnd()}</pre>
          </details>
        )}
      </div>
    </>
  );
}

function Passed({ made, next }: { made: Checked; next: (name: FunctionName) => void }): JSX.Element {
  const { name, explanation } = made.exercise;
  const hasSolution = useSignal(false);
  const here = exercises.indexOf(made.exercise);
  const left = [...exercises.slice(here + 1), ...exercises.slice(0, here)].find(one => !passed.value.has(one.name));
  return (
    <>
      <p class="right">
        {marks.passed} {name} is right.
      </p>
      <p>
        <Said text={inOneParagraph(explanation)} />
      </p>
      {made.characters !== undefined && <p class="soft">{charactersSentence(name, made.characters)}</p>}
      <p class="choices">
        {left !== undefined && (
          <button type="button" class="button" onClick={() => next(left.name)}>
            Next: {left.name}
          </button>
        )}
        <button
          type="button"
          class="button"
          aria-expanded={hasSolution.value}
          onClick={() => (hasSolution.value = !hasSolution.value)}
        >
          A solution, to compare
        </button>
      </p>
      {hasSolution.value && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
        <pre tabIndex={0}>{solutionTextOf(name).trimEnd()}</pre>
      )}
      {left === undefined && (
        <>
          <p class="right">
            {marks.passed} {theEnd.title}
          </p>
          <p>{theEnd.text}</p>
        </>
      )}
    </>
  );
}

function Open({ made, goTo }: { made: Checked; goTo: (file: string, line: number) => void }): JSX.Element {
  const { red, waiting, stages: own } = made.standing;
  const of = made.exercise;
  if (red === undefined) return <p class="soft">No verdict yet.</p>;
  const isEarlier = !own.includes(red);
  const shownHints = hintsFor(red).slice(0, hints.value.get(red.name) ?? 0);
  const { file, line } = red;
  return (
    <>
      {red.verdict === 'missing' ? (
        <p class="open">
          {marks.missing} {isEarlier || own.length === 1 ? red.name : of.name} is to be written.
        </p>
      ) : (
        <p class="wrong">
          {marks.failed} {nameOf(red, of)} is not right yet.
        </p>
      )}
      {own.length > 1 && !isEarlier && red.verdict !== 'missing' && <Stages of={own} />}
      {red.mistake !== 'nothing-written' && (
        <p class="says">
          <Said text={red.says} />
        </p>
      )}
      <p class="choices">
        {file !== null && line !== null && (
          <button type="button" class="button" onClick={() => goTo(file, line)}>
            Go to {file}, line {line}
          </button>
        )}
        {shownHints.length < 3 && (
          <button type="button" class="button" onClick={() => anotherHint(red)}>
            {shownHints.length === 0 ? 'A hint' : 'Another hint'}
          </button>
        )}
      </p>
      <div class="hints" role="log" aria-label="Hints">
        {shownHints.map((hint, k) => (
          <p key={hint}>
            <b>Hint {k + 1} of 3</b> <Said text={hint} />
          </p>
        ))}
      </div>
      {waiting.length > 0 && (
        <p class="soft">
          <Said text={waitingSentences(waiting)} />
        </p>
      )}
    </>
  );
}

/** The stages of an exercise in the order of the chain. */
function Stages({ of }: { of: readonly StageVerdict[] }): JSX.Element {
  return (
    <ul class="steps" aria-label="Its stages">
      {of.map(({ name, verdict }) => (
        <li key={name} class={stages.value.get(name)?.verdict ?? verdict}>
          <span aria-hidden="true">{marks[verdict]}</span> {name}
          <span class="hidden-text">: {words[verdict]}</span>
        </li>
      ))}
    </ul>
  );
}
