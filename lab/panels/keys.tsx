import type { JSX } from 'preact';
import './keys.css';

const keys: readonly (readonly [keys: readonly string[], does: string])[] = [
  [['Space'], 'plays and pauses'],
  [['←', '→'], 'on “Back in time” and on the curves: a step; among squares, cells, digits and lines: the next one'],
  [['Page Up', 'Page Down'], 'ten steps; in “Its mistakes” a page'],
  [['Home', 'End'], 'the first and the last'],
  [['Enter'], 'opens what is chosen'],
  [['Escape'], 'closes an explanation or a dialog, takes back what was typed, and shows all mistakes again'],
];

/** What the keyboard does. */
export function Keys(): JSX.Element {
  return (
    <details class="keys-note">
      <summary>Keys</summary>
      <dl>
        {keys.map(([names, does]) => (
          <div key={does}>
            <dt>
              {names.map(name => (
                <kbd key={name}>{name}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
