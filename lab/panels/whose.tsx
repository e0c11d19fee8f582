import type { ComponentChildren, JSX } from 'preact';
import { chooseWhose } from '../state/chosen.ts';
import { isWritten } from '../state/own.ts';
import { isPreparing, own } from '../state/trainer.ts';
import { whyNot } from '../state/whose.ts';
import './whose.css';

/** Whose six functions the training calls: Longhand's, or those that the learner has written. */
export function Whose(): JSX.Element {
  const isOwn = own.value !== undefined;
  const cannot = whyNot.value;
  return (
    <fieldset class="whose" disabled={isPreparing.value}>
      <legend>Whose functions</legend>
      <label>
        <input type="radio" name="whose" checked={!isOwn} onChange={() => chooseWhose('longhand')} />
        Longhand’s
      </label>
      <label>
        <input
          type="radio"
          name="whose"
          checked={isOwn}
          disabled={!isOwn && cannot !== undefined}
          aria-describedby="whose-says"
          onChange={() => chooseWhose('own')}
        />
        Mine
      </label>
      <p id="whose-says" class="here">
        {isOwn
          ? 'Each step runs your functions for all samples at once, where they allow it; Longhand’s own train beside them.'
          : !isWritten.value
            ? 'Mine: once the six functions are written.'
            : cannot !== undefined && withCode(cannot)}
      </p>
    </fieldset>
  );
}

/** A sentence with code between backquotes. */
export const withCode = (sentence: string): ComponentChildren =>
  sentence.split('`').map((part, i) => (i % 2 === 0 ? part : <code key={i}>{part}</code>));
