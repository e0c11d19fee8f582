import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { answerInWords, areDigits, reasonInWords, signed } from '../drawing/words.ts';
import { answer, changes } from '../state/drawing.ts';
import { about } from '../state/trainer.ts';

/** What the network says, in words and in its ten numbers. */
export function Responses(): JSX.Element {
  const classes = useComputed(() => about.value?.classes ?? 10);
  const zeta = useComputed(() => about.value?.settings.zeta ?? 0.9);
  const table = useRef<HTMLTableElement>(null);

  useSignalEffect(() => {
    const read = answer.value;
    const rows = table.current?.tBodies[0]?.rows ?? [];
    void classes.value;
    for (const [c, row] of [...rows].entries()) {
      const response = read.kind === 'reading' ? read.reading.responses[c] : undefined;
      const [, bar, number] = row.cells;
      const isLargest = read.kind === 'reading' && read.reading.class === c && Number.isFinite(response);
      row.classList.toggle('is-largest', isLargest);
      (bar!.firstElementChild as HTMLElement).style.setProperty('--response', String(response || 0));
      row.classList.toggle('is-less', (response ?? 0) < 0);
      number!.textContent = response === undefined ? '–' : signed(response);
    }
  });

  return (
    <div class="answer">
      <Headline />
      <Spoken />
      <table ref={table} class="responses" style={{ '--zeta': Math.min(1, zeta.value) }}>
        <caption>
          The responses <i>x</i>
          <sub>2</sub>, from −1 to 1. Each is taught to be <i>ζ</i> = <span class="number">{zeta.value}</span> for its
          own class, and {about.value?.settings.targets === 'pm1' ? <i>−ζ</i> : 0} for the others.
        </caption>
        <thead class="hidden-text">
          <tr>
            <th>class</th>
            <th>on the scale</th>
            <th>response</th>
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: classes.value }, (_, c) => (
            <tr key={c}>
              <th scope="row" class="number">
                {c}
              </th>
              <td class="scale">
                <i />
              </td>
              <td class="number">–</td>
            </tr>
          ))}
        </tbody>
        <tfoot aria-hidden="true">
          <tr>
            <td />
            <td class="ticks number">
              <span>−1</span>
              <span>0</span>
              <span class="target">ζ</span>
            </td>
            <td />
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

/** Milliseconds after which who draws has paused. */
const PAUSE = 700;

/** The answer for who hears the page: when something was drawn, and not thirty times a second while it trains. */
function Spoken(): JSX.Element {
  const said = useSignal('');
  const drawn = useRef(changes.peek());
  const timer = useRef(0);
  useSignalEffect(() => {
    void answer.value;
    if (drawn.current === changes.peek()) return;
    drawn.current = changes.peek();
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {
      const read = answer.peek();
      const dataset = about.peek()?.settings.dataset ?? 'mnist';
      said.value =
        read.kind === 'reading'
          ? `The network answers: ${answerInWords(read.reading, dataset)}`
          : read.kind === 'refused'
            ? read.message
            : 'The sheet is empty';
    }, PAUSE);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <p class="hidden-text" role="status">
      {said}
    </p>
  );
}

/** The answer as a sentence. */
function Headline(): JSX.Element {
  const read = answer.value;
  const settings = about.value?.settings;
  if (read.kind === 'empty' || settings === undefined)
    return (
      <div class="headline">
        <strong>Nothing is drawn yet</strong>
        <p>Draw a digit, as large as you like, wherever you like: the answer stands here at once.</p>
      </div>
    );
  if (read.kind === 'refused')
    return (
      <div class="headline is-doubt">
        <strong>No answer</strong>
        <p>{read.message}</p>
      </div>
    );
  const { reading } = read;
  return (
    <div class={`headline${reading.doubts.length > 0 ? ' is-doubt' : ''}`}>
      <span class="digit" aria-hidden="true">
        {reading.responses.every(Number.isFinite) ? reading.class : '?'}
      </span>
      <div>
        <strong>{answerInWords(reading, settings.dataset)}</strong>
        <p>
          {!areDigits(settings.dataset) && `The network has learned ${settings.dataset}, and knows no digits. `}
          {reasonInWords(reading, settings)}
        </p>
      </div>
    </div>
  );
}
