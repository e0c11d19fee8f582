import type { JSX } from 'preact';
import { Chooser } from '../sample/chooser.tsx';
import { OpenValue } from '../sample/open-value.tsx';
import { Path } from '../sample/path.tsx';
import { failures } from '../state/followed.ts';
import { about } from '../state/trainer.ts';
import { withCode } from './whose.tsx';
import './sample.css';

/** One sample on its way through the network and back, number by number. */
export function Sample(): JSX.Element {
  return (
    <section class="panel sample" aria-labelledby="sample">
      <h2 id="sample">Follow one sample</h2>
      <p class="about">
        Forward from the picture to the loss, and back to every weight, at the step that is shown. Choose a value, then
        a number of it, to see how it comes about.
      </p>
      <Theirs />
      <div class="parts">
        <div>
          <Chooser />
          <Path />
        </div>
        <OpenValue />
      </div>
    </section>
  );
}

/** Whose functions it is that compute, where they are a learner's; and what stopped them. */
function Theirs(): JSX.Element | null {
  if (about.value?.own === undefined) return null;
  return (
    <div class="theirs" role="status">
      <p>These are your functions, your lines and your numbers; what is not as the formula has it is marked ✗.</p>
      {failures.value.map(says => (
        <p key={says} class="wrong">
          {withCode(says)}.
        </p>
      ))}
    </div>
  );
}
