import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { palette } from '../page/colours.ts';
import { countOf, noSample, sample, seen, way } from '../state/followed.ts';
import { about, ask } from '../state/trainer.ts';
import { followed } from '../state/view.ts';

/** What the search for a misread one came to, where it found none. */
const found = signal('');

/** Which sample is followed, and what it is. */
export function Chooser(): JSX.Element {
  const { set, index } = followed.value;
  const count = countOf(set);
  const there = Math.max(0, Math.min(index, count - 1));
  const go = (to: number) => {
    found.value = '';
    if (count > 0) followed.value = { set, index: (to + count) % count };
  };
  const findMisread = async () => {
    const { index } = await ask({ about: 'misread', set, after: there });
    if (index === undefined) found.value = `At this step it reads every ${inWords[set]} sample right.`;
    else go(index);
  };
  return (
    <div class="chooser">
      <Picture />
      <div>
        <Caption />
        <div class="choices">
          <label>
            <span class="hidden-text">Set</span>
            <select
              value={set}
              onChange={event => {
                found.value = '';
                followed.value = { set: event.currentTarget.value as 'train' | 'test', index: 0 };
              }}
            >
              <option value="train">Training</option>
              <option value="test">Test</option>
            </select>
          </label>
          <button
            type="button"
            class="button"
            aria-label="the sample before"
            disabled={count < 2}
            onClick={() => go(there - 1)}
          >
            ‹
          </button>
          <input
            type="number"
            class="number"
            aria-label={`Number of the sample, 0 to ${Math.max(0, count - 1)}`}
            min={0}
            max={Math.max(0, count - 1)}
            value={there}
            disabled={count === 0}
            onChange={event => {
              const to = event.currentTarget.valueAsNumber;
              if (Number.isInteger(to)) go(Math.max(0, Math.min(to, count - 1)));
            }}
          />
          <button
            type="button"
            class="button"
            aria-label="the sample after"
            disabled={count < 2}
            onClick={() => go(there + 1)}
          >
            ›
          </button>
          <button
            type="button"
            class="button"
            disabled={count === 0}
            onClick={() => void findMisread().catch(() => {})}
          >
            A misread one
          </button>
        </div>
        <p class="about" role="status">
          {noSample.value ?? found.value}
        </p>
      </div>
    </div>
  );
}

const inWords = { train: 'training', test: 'test' } as const;

/** The digit in ink. */
function Picture(): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [, rows, columns] = about.value?.inputShape ?? [1, 28, 28];
  const pixels = sample.value?.answer.pixels;
  void palette.value; // when the colours are others it is drawn anew
  useLayoutEffect(() => {
    const pen = canvas.current!.getContext('2d')!;
    pen.clearRect(0, 0, columns, rows);
    if (pixels === undefined) return;
    const image = pen.createImageData(columns, rows);
    for (let i = 0; i < rows * columns; i++) image.data[4 * i + 3] = pixels[i]!;
    pen.putImageData(image, 0, 0);
    pen.globalCompositeOperation = 'source-in';
    pen.fillStyle = getComputedStyle(canvas.current!).color;
    pen.fillRect(0, 0, columns, rows);
    pen.globalCompositeOperation = 'source-over';
  });
  return <canvas ref={canvas} class="digit" width={columns} height={rows} role="img" aria-label="The sample" />;
}

/** What it is, and what the network takes it for at this moment. */
function Caption(): JSX.Element {
  const answers = way.value?.x2.numbers;
  if (sample.value === undefined || answers === undefined) return <p class="caption" />;
  const { label } = sample.value.answer;
  if (Array.from(answers).some(Number.isNaN))
    return <p class="caption">A {label}. The answer is no numbers any more.</p>;
  const said = largest(answers);
  const isRight = said === label;
  return (
    <p class="caption">
      {label === 8 ? 'An' : 'A'} <b>{label}</b>, {isRight ? 'read as' : 'misread as'}{' '}
      <b class={isRight ? 'right' : 'wrong'}>
        {said} {isRight ? '✓' : '✗'}
      </b>
      {seen.value?.step === 0 && ' by chance: nothing is learned yet'}
    </p>
  );
}

/** The class with the largest answer, the first of them, as `argmax` has it. */
export function largest(answers: ArrayLike<number>): number {
  let said = 0;
  for (let c = 1; c < answers.length; c++) if (answers[c]! > answers[said]!) said = c;
  return said;
}
