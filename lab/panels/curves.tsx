import { effect, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { StepReport } from '../../src/train.ts';
import { palette } from '../page/colours.ts';
import { about, goTo, isPlaying, landmarks, parting, reference, reports, step } from '../state/trainer.ts';
import { Beside } from './beside.tsx';
import type { CurvePlot } from './curve-plot.ts';
import './curves.css';
import { axisEnd } from './curve-axes.ts';
import { inWords, valuesOf } from './step-values.ts';
import { Thinned } from './thinned.ts';

/** At most so many values are added to the curves in one frame, where many come at once. */
const MOST_AT_ONCE = 10_000;

/** Loss and errors over the steps, with values under the pointer. */
export function Curves(): JSX.Element {
  /** The step that is pointed at, with the pointer or from the keyboard. */
  const pointed = useSignal<number | undefined>(undefined);
  const isExplained = useSignal(false);
  return (
    <section class="panel curves" aria-labelledby="curves">
      <h2 id="curves">Loss and errors</h2>
      <p class="about">
        What each step gave; the first is step 0. The loss is the sum over{' '}
        {(about.value?.trainCount || undefined)?.toLocaleString('en') ?? 'all'} samples. Choose a place to go there.
      </p>
      <Plot pointed={pointed} isExplained={isExplained} />
      <Readout pointed={pointed} />
      {isExplained.value && plateau() !== undefined && <Explanation />}
      <Beside />
      <Before />
      <Summary />
    </section>
  );
}

type Pointed = ReturnType<typeof useSignal<number | undefined>>;

/** The steps between which the loss stands still, as far as is known. */
function plateau(): readonly [from: number, to: number] | undefined {
  const from = landmarks.value.find(({ kind }) => kind === 'plateau')?.step;
  if (from === undefined) return undefined;
  return [from, landmarks.value.find(({ kind }) => kind === 'plateau over')?.step ?? lastStep() ?? from];
}

/** Where the curves begin: a log may go back further than one can go. */
const firstStep = (): number => Math.min(about.value?.firstStep ?? 0, reports.value.list[0]?.step ?? Infinity);
const lastStep = (): number | undefined => reports.value.list.at(-1)?.step;
const endStep = (): number => Math.max(firstStep() + 1, (about.value?.settings.steps ?? 1000) - 1);

function reportOf(step: number) {
  const { list } = reports.value;
  return list[step - (list[0]?.step ?? 0)];
}

/** A step's values as they are drawn. */
const drawn = ({ trainLoss, trainError, testError }: StepReport) => [Math.log10(trainLoss), trainError, testError];

function Plot({
  pointed,
  isExplained,
}: {
  pointed: Pointed;
  isExplained: ReturnType<typeof useSignal<boolean>>;
}): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const label = useRef<HTMLButtonElement>(null);
  const plot = useRef<CurvePlot | undefined>(undefined);

  useEffect(() => {
    const thinned = new Thinned(3);
    const besides = new Thinned(3);
    let added = 0;
    let addedBeside = 0;
    let isVisible = true;
    let frame = 0;
    let isGone = false;

    const draw = () => {
      frame = 0;
      if (plot.current === undefined || !isVisible) return;
      const { list } = reports.peek();
      const ours = reference.peek().list;
      for (; addedBeside < ours.length; addedBeside++) besides.add(addedBeside, drawn(ours[addedBeside]!));
      const until = Math.min(list.length, added + MOST_AT_ONCE);
      for (; added < until; added++) {
        thinned.add(list[added]!.step, drawn(list[added]!));
      }
      plot.current.draw({
        steps: [firstStep(), axisEnd(firstStep(), lastStep() ?? 0, endStep())],
        plateau: plateau(),
        parting: parting.peek()?.step,
        now: step.peek() - 1,
        report: reportOf(step.peek() - 1),
        last: list.at(-1),
      });
      plot.current.point(pointed.peek(), pointed.peek() === undefined ? undefined : reportOf(pointed.peek()!));
      placeLabel();
      if (added < list.length) wish();
    };
    const wish = () => {
      frame ||= requestAnimationFrame(draw);
    };
    const placeLabel = () => {
      const band = plateau();
      if (label.current === null) return;
      label.current.hidden = band === undefined;
      if (band === undefined) return;
      const [x, from, to] = plot.current!.placeOf(band[1]);
      label.current.style.transform = `translateX(${Math.max(from, Math.min(x, to - label.current.offsetWidth))}px)`;
    };

    const stopFollowing = effect(() => {
      const { list } = reports.value;
      if (list.length < added) {
        thinned.clear();
        added = 0;
      }
      if (reference.value.list.length < addedBeside) {
        besides.clear();
        addedBeside = 0;
      }
      void [about.value, step.value, landmarks.value, parting.value, pointed.value];
      wish();
    });
    const refit = () => {
      plot.current?.fit();
      wish();
    };
    const sizes = new ResizeObserver(refit);
    const sight = new IntersectionObserver(entries => {
      isVisible = entries.at(-1)!.isIntersecting; // several may have come since the last frame
      if (isVisible) wish();
    });
    sizes.observe(host.current!);
    sight.observe(host.current!);
    // the page may be given other colours or larger letters
    const stopLooking = effect(() => {
      void palette.value;
      refit();
    });

    import('./curve-plot.ts').then(({ CurvePlot }) => {
      if (isGone) return;
      plot.current = new CurvePlot(host.current!, thinned.points, besides.points);
      wish();
    });
    return () => {
      isGone = true;
      stopFollowing();
      stopLooking();
      for (const observer of [sizes, sight]) observer.disconnect();
      cancelAnimationFrame(frame);
      plot.current?.destroy();
    };
  }, []);

  const move = (event: KeyboardEvent) => {
    const last = lastStep();
    if (last === undefined) return;
    const from = pointed.value ?? Math.max(firstStep(), step.value - 1);
    const first = reports.value.list[0]!.step;
    const to =
      { ArrowLeft: from - 1, ArrowRight: from + 1, ArrowDown: from - 1, ArrowUp: from + 1 }[event.key] ??
      { PageDown: from - 10, PageUp: from + 10, Home: first, End: last }[event.key];
    if (to !== undefined) pointed.value = Math.max(first, Math.min(last, to));
    else if (event.key === 'Enter') goTo(from + 1);
    else if (event.key === 'Escape') pointed.value = undefined;
    else return;
    event.preventDefault();
  };
  return (
    <div class="figure">
      <button
        ref={label}
        type="button"
        class="plateau"
        aria-expanded={isExplained.value}
        hidden
        onClick={() => (isExplained.value = !isExplained.value)}
      >
        the plateau
        <span>
          : w<sub>1</sub> and w<sub>2</sub> grow unseen
        </span>
      </button>
      <div
        ref={host}
        class="plot"
        role="slider"
        tabIndex={0}
        aria-label="Values of a step"
        aria-describedby="curves-summary"
        aria-valuemin={firstStep()}
        aria-valuemax={endStep()}
        aria-valuenow={pointed.value ?? firstStep()}
        aria-valuetext={pointed.value === undefined ? 'arrow keys choose a step' : sayStep(pointed.value)}
        onKeyDown={move}
        onPointerMove={event => (pointed.value = plot.current?.stepAt(event.clientX))}
        onPointerLeave={() => (pointed.value = undefined)}
        onBlur={() => (pointed.value = undefined)}
        onClick={event => plot.current && goTo(plot.current.stepAt(event.clientX) + 1)}
      />
    </div>
  );
}

function sayStep(step: number): string {
  const report = reportOf(step);
  return `step ${step}: ${report === undefined ? 'not taken yet' : inWords(report)}. Enter goes there`;
}

/** The values of the step that is pointed at or, where none is, of the last step before the moment that is shown. */
function Readout({ pointed }: { pointed: Pointed }): JSX.Element {
  const shown = pointed.value ?? step.value - 1;
  const report = reportOf(shown);
  const values = report && valuesOf(report);
  return (
    <dl class={pointed.value === undefined ? 'readout' : 'readout pointed'}>
      <div>
        <dt>step</dt>
        <dd class="number">{shown < firstStep() ? '–' : shown.toLocaleString('en')}</dd>
      </div>
      <Value name="loss" sample="loss" value={values?.loss} />
      <Value name="training error" sample="train" value={values?.trainError} />
      <Value name="test error" sample="test" value={values?.testError} />
    </dl>
  );
}

/** A value, with a sample of its curve. */
function Value({ name, sample, value }: { name: string; sample: string; value: string | undefined }): JSX.Element {
  return (
    <div>
      <dt>
        <svg class={sample} viewBox="0 0 18 4" aria-hidden="true">
          <path d="M0 2h18" />
        </svg>
        {name}
      </dt>
      <dd class="number">{value ?? '–'}</dd>
    </div>
  );
}

function Explanation(): JSX.Element {
  return (
    <p class="explanation">
      No mistake: with first weights near 0 every image gets the same answer, and only b<sub>2</sub> can learn how often
      each digit occurs. What moves w<sub>1</sub> is multiplied by w<sub>2</sub>, and what moves w<sub>2</sub> by what w
      <sub>1</sub> lets through: each is nearly 0 because the other is. Both grow with each step, unseen, until the
      hidden units begin to tell digits apart; then the loss falls.
    </p>
  );
}

/** Where the curves do not begin at the start, why. */
function Before(): JSX.Element | null {
  const first = reports.value.list[0]?.step ?? step.value;
  const isWithoutLog = about.value?.opened !== undefined && first > 0;
  return isWithoutLog ? (
    <p class="about">
      This run came without its log: what its steps before step {first.toLocaleString('en')} gave is not known.
    </p>
  ) : null;
}

/** The curves in words, for those who do not see them; while it trains they would not hold still. */
function Summary(): JSX.Element {
  const { list } = isPlaying.value ? { list: reports.peek().list } : reports.value;
  const said = isPlaying.value || list.length === 0 ? undefined : summary(list);
  return (
    <p class="hidden-text" id="curves-summary">
      {said ?? (list.length === 0 ? 'No step is taken yet.' : 'It trains.')}
    </p>
  );
}

function summary(list: (typeof reports.value)['list']): string {
  let least = list[0]!;
  for (const report of list) if (report.testError < least.testError) least = report;
  const last = list.at(-1)!;
  return (
    `At step ${list[0]!.step} ${inWords(list[0]!)}; at step ${last.step}, the last that was taken, ${inWords(last)}. ` +
    `The least test error is ${valuesOf(least).testError}, at step ${least.step}.`
  );
}
