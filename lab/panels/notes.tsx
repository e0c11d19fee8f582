import type { JSX } from 'preact';
import { refused } from '../state/trainer.ts';

/** What has to be said: why the loss stands still, why it does not go on, why something was refused. */
export function Notes(): JSX.Element {
  return (
    <div class="notes" role="status">
      {refused.value}
    </div>
  );
}
