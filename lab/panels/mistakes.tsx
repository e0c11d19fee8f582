import { computed, useComputed, useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { inkColours, palette } from '../page/colours.ts';
import { scrollTo } from '../page/column.tsx';
import { gridKey } from '../page/grid-keys.ts';
import { useVisible } from '../page/visible.ts';
import { readings } from '../state/confusion.ts';
import { shows } from '../state/controls.ts';
import { moment } from '../state/trainer.ts';
import { chosenCell, followed, stage } from '../state/view.ts';
import { pageStart, samplesOf } from './confused.ts';
import './mistakes.css';

/** As many are seen at once, in two rows. */
const COLUMNS = 8;
const PAGE = 2 * COLUMNS;

/** All that may be seen, in their order. */
const samples = computed(() => {
  const now = readings.value;
  return now === undefined ? new Uint32Array(0) : samplesOf(now.labels, now.said, chosenCell.value);
});
const count = computed(() => samples.value.length);
const isWithoutData = computed(() => moment.value?.said.length === 0);

/** What is shown, in words. */
const subject = computed(() => {
  const cell = chosenCell.value;
  if (cell === undefined) return 'Test digits that are misread: true → said.';
  if (cell.label === cell.said) return `Test digits that are a ${cell.label} and are read right.`;
  return `Test digits that are a ${cell.label} and are taken for a ${cell.said}.`;
});

/** The digits that are misread, with what was said and what was true. */
export function Mistakes(): JSX.Element {
  return (
    <section class="panel mistakes" aria-labelledby="mistakes">
      <header>
        <h2 id="mistakes">Its mistakes</h2>
        {chosenCell.value !== undefined && (
          <button
            type="button"
            class="all"
            onClick={() => {
              chosenCell.value = undefined;
            }}
          >
            Show all mistakes
          </button>
        )}
      </header>
      {isWithoutData.value ? (
        <p class="about">The test digits of this run are not here, so none of its mistakes can be shown.</p>
      ) : (
        <>
          <p class="about">{subject}</p>
          <Gallery />
        </>
      )}
    </section>
  );
}

/** A page of digits. While the pointer or the keyboard is among them they keep their places, whatever is said of them. */
function Gallery(): JSX.Element {
  const list = useRef<HTMLUListElement>(null);
  const isVisible = useVisible(list);
  const isHeld = useSignal(false);
  const focused = useSignal(0);
  const pointed = useSignal<number | undefined>(undefined);
  /** The page begins with the first digit that is no earlier: where others come and go, it stays where it is. */
  const from = useSignal(0);
  const shown = useSignal<{ readonly start: number; readonly page: Uint32Array }>({
    start: 0,
    page: new Uint32Array(0),
  });

  const turnedTo = useRef<unknown[]>([]);
  useSignalEffect(() => {
    const [labels, cell] = [readings.value?.labels, chosenCell.value];
    const [lastFrom, lastLabels, lastCell] = turnedTo.current;
    if (labels !== lastLabels || cell !== lastCell) from.value = 0;
    const isTurned = labels !== lastLabels || cell !== lastCell || from.value !== lastFrom;
    turnedTo.current = [from.value, labels, cell];
    if (isHeld.value && !isTurned) return;
    const start = pageStart(samples.value, from.value, PAGE);
    shown.value = { start, page: samples.value.slice(start, start + PAGE) };
  });

  const painted = useRef<{ palette: number; samples: (number | undefined)[]; labels: unknown }>({
    ...{ palette: -1, samples: [], labels: undefined },
  });
  useSignalEffect(() => {
    const now = readings.value;
    const { page } = shown.value;
    if (!isVisible.value || now === undefined) return;
    const { pixels } = now;
    const before = painted.current;
    const isStale = before.palette !== palette.value || before.labels !== now.labels;
    if (isStale) painted.current = { palette: palette.value, samples: [], labels: now.labels };
    for (const [slot, item] of [...list.current!.children].entries()) {
      const sample = page[slot];
      (item as HTMLElement).hidden = sample === undefined;
      if (sample === undefined) continue;
      if (painted.current.samples[slot] !== sample) {
        painted.current.samples[slot] = sample;
        paintDigit(item.querySelector('canvas')!, pixels.subarray(784 * sample, 784 * (sample + 1)));
      }
      const button = item.firstElementChild!;
      const [label, said] = [now.labels[sample]!, now.said[sample]!];
      const words = `${label} → ${said}, test digit ${sample}`;
      if (button.ariaLabel === words) continue;
      button.ariaLabel = words;
      button.classList.toggle('right', label === said);
      button.querySelector('.true')!.textContent = String(label);
      button.querySelector('.said')!.textContent = String(said);
    }
  });

  const place = useComputed(() => {
    const { start, page } = shown.value;
    if (page.length === 0) return '';
    return `${start + 1}–${start + page.length} of ${Math.max(count.value, start + page.length).toLocaleString('en')}`;
  });
  const isFirst = useComputed(() => shown.value.start === 0).value;
  const isLast = useComputed(() => shown.value.start + PAGE >= count.value).value;
  const filled = useComputed(() => shown.value.page.length).value;
  const hint = useComputed(() => {
    const { page } = shown.value;
    if (page.length === 0) return 'There is none at this step.';
    const sample = pointed.value === undefined ? undefined : page[pointed.value];
    if (sample === undefined || readings.value === undefined)
      return `${shows('sample') ? 'Choose one to follow it through the network' : 'Point at one to see it large'}.`;
    return `${wordsFor(readings.value, sample)}.${shows('sample') ? ' Choose it to follow it.' : ''}`;
  });

  const turn = (pages: 1 | -1): void => {
    const start = shown.value.start + pages * PAGE;
    from.value = start <= 0 ? 0 : (samples.value[start] ?? from.value);
  };
  const point = ({ target }: PointerEvent): void => {
    const item = (target as Element).closest<HTMLElement>('[data-slot]');
    pointed.value = item === null ? undefined : Number(item.dataset.slot);
    isHeld.value = true;
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && chosenCell.value !== undefined) chosenCell.value = undefined;
    else if (event.key === 'PageDown' && !isLast) turn(1);
    else if (event.key === 'PageUp' && !isFirst) turn(-1);
    else {
      const to = gridKey(event, Math.min(focused.value, filled - 1), filled, COLUMNS);
      if (to === undefined) return;
      list.current!.querySelectorAll('button')[to]!.focus();
    }
    event.preventDefault();
  };
  return (
    <>
      <ul
        ref={list}
        onPointerOver={point}
        onPointerLeave={() => {
          pointed.value = undefined;
          isHeld.value = list.current!.querySelector(':focus-visible') !== null;
        }}
        onKeyDown={press}
      >
        {Array.from({ length: PAGE }, (_, slot) => (
          <li key={slot} data-slot={slot} hidden>
            <button
              type="button"
              tabIndex={slot === Math.min(focused.value, filled - 1) ? 0 : -1}
              onFocus={({ currentTarget }) => {
                focused.value = slot;
                if (!currentTarget.matches(':focus-visible')) return;
                pointed.value = slot;
                isHeld.value = true;
              }}
              onBlur={() => {
                pointed.value = undefined;
                isHeld.value = list.current!.matches(':hover');
              }}
              onClick={() => {
                if (shows('sample')) follow(shown.value.page[slot]!);
              }}
            >
              <canvas width={28} height={28} />
              <span class="number">
                <span class="true" /> → <b class="said" />
              </span>
            </button>
          </li>
        ))}
      </ul>
      <p class="hint">{hint}</p>
      <div class="pages">
        <button type="button" class="button" disabled={isFirst} aria-label="Earlier digits" onClick={() => turn(-1)}>
          ←
        </button>
        <span class="number">{place}</span>
        <button type="button" class="button" disabled={isLast} aria-label="More digits" onClick={() => turn(1)}>
          →
        </button>
      </div>
    </>
  );
}

/** Shows the sample on its way through the network, also where that is off the screen, as on a phone. */
function follow(index: number): void {
  followed.value = { set: 'test', index };
  stage.value = 'sample';
  const stages = document.querySelector('.stages');
  const top = stages?.getBoundingClientRect().top ?? 0;
  if (stages !== null && (top < 0 || top > window.innerHeight / 2)) scrollTo(stages, { block: 'start' });
}

const wordsFor = ({ labels, said }: { labels: Uint8Array; said: Uint8Array }, sample: number): string =>
  `Test digit ${sample}: true ${labels[sample]}, said ${said[sample]}`;

function paintDigit(canvas: HTMLCanvasElement, pixels: Uint8Array): void {
  const pen = canvas.getContext('2d')!;
  const image = pen.createImageData(28, 28);
  inkColours(pixels, image.data);
  pen.putImageData(image, 0, 0);
}
