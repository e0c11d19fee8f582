import { effect } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { FunctionName } from '../../src/practice/protocol.ts';
import { abandonCheck, prepareJudge } from '../own/judge.ts';
import { files } from '../state/own.ts';
import { looking } from './at-desk.ts';
import { asked, check } from './checking.ts';
import { Clashes } from './clashes.tsx';
import { checkNow, Desk, diagnoseAfterPauses, goTo, goToLine } from './desk.tsx';
import { takeOffers } from './files.tsx';
import { FromLink } from './from-link.tsx';
import { ExerciseAtHand, Exercises, spoken, Verdict } from './lesson.tsx';
import { Question } from './question.tsx';
import { current, notKept } from './work.ts';
import './workshop.css';

/** A pause in typing. */
const CHECKED_AFTER = 700;

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
