import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { StepReport } from '../../src/train.ts';
import { colourOf } from '../page/colours.ts';
import { apart, errorRange, errorTicks, lossRange, lossTicks, tickInWords } from './curve-axes.ts';
import { valuesOf } from './step-values.ts';
import type { Thinned } from './thinned.ts';

/** What the plot shows beside its curves. */
export interface Shown {
  readonly steps: readonly [first: number, last: number];
  readonly plateau: readonly [from: number, to: number] | undefined;
  /** The step at which the curves part from the thin ones. */
  readonly parting: number | undefined;
  /** The last step before the moment that is shown. */
  readonly now: number;
  /** What it gave; undefined at the start. */
  readonly report: StepReport | undefined;
  /** The last step that was taken. */
  readonly last: StepReport | undefined;
}

/** The curves on their canvas. It is loaded once the page stands. */
export class CurvePlot {
  readonly #host: HTMLElement;
  readonly #points: Thinned['points'];
  /** Of another training, drawn thin beside it. */
  readonly #besides: Thinned['points'];
  #plot: uPlot | undefined;
  #shown: Shown | undefined;
  #look: Look | undefined;
  readonly #cursor: HTMLElement;
  readonly #dots: readonly HTMLElement[];

  constructor(host: HTMLElement, points: Thinned['points'], besides: Thinned['points']) {
    this.#host = host;
    this.#points = points;
    this.#besides = besides;
    this.#cursor = newElement('cursor');
    this.#dots = ['loss', 'train', 'test'].map(name => newElement(`dot ${name}`));
    this.#cursor.hidden = true;
  }

  /** Draws what there is now. */
  draw(shown: Shown): void {
    this.#shown = shown;
    if (this.#plot === undefined) this.fit();
    this.#plot?.setData(this.#points as unknown as uPlot.AlignedData);
  }

  /** The place has another size, or day became night. */
  fit(): void {
    const { clientWidth: width, clientHeight: height } = this.#host;
    if (width === 0 || height === 0 || this.#shown === undefined) return;
    const look = lookOf(this.#host);
    if (this.#plot !== undefined && look.key === this.#look?.key) {
      this.#plot.setSize({ width, height });
      return;
    }
    this.#look = look;
    this.#plot?.destroy();
    this.#plot = this.#make(width, height, look);
  }

  /** The step at so many pixels from the plot's left edge. */
  stepAt(clientX: number): number {
    const plot = this.#plot;
    if (plot === undefined) return 0;
    const [first, last] = this.#shown!.steps;
    const step = Math.round(plot.posToVal(clientX - plot.over.getBoundingClientRect().left, 'x'));
    return Math.max(first, Math.min(last, step));
  }

  /** Where a step lies, and how wide the plot is, in pixels of the host. */
  placeOf(step: number): readonly [x: number, from: number, to: number] {
    const plot = this.#plot;
    if (plot === undefined) return [0, 0, 0];
    const from = plot.bbox.left / devicePixelRatio;
    return [from + plot.valToPos(step, 'x'), from, from + plot.bbox.width / devicePixelRatio];
  }

  /** Marks a step, and where its values lie on the curves. */
  point(step: number | undefined, report: StepReport | undefined): void {
    const plot = this.#plot;
    this.#cursor.hidden = plot === undefined || step === undefined;
    if (plot === undefined || step === undefined) return;
    this.#cursor.style.transform = `translateX(${plot.valToPos(step, 'x')}px)`;
    for (const [i, dot] of this.#dots.entries()) {
      const value = report && [Math.log10(report.trainLoss), report.trainError, report.testError][i]!;
      dot.hidden = value === undefined || !Number.isFinite(value);
      if (!dot.hidden) dot.style.transform = `translateY(${plot.valToPos(value!, i === 0 ? 'loss' : 'errors')}px)`;
    }
  }

  destroy(): void {
    this.#plot?.destroy();
  }

  #make(width: number, height: number, look: Look): uPlot {
    const { rem, colours } = look;
    const line = { points: { show: false }, width: rem / 10 };
    const plot = new uPlot(
      {
        width,
        height,
        padding: [1.5 * rem, 0.6 * rem, 2.5 * rem, 3.6 * rem],
        legend: { show: false },
        cursor: { show: false },
        axes: [{ show: false }, { show: false }],
        scales: {
          x: { time: false, range: () => [this.#shown!.steps[0], this.#shown!.steps[1]] },
          loss: { range: (_, least, greatest) => lossRange(...this.#withBesides(least ?? 0, greatest ?? 3)) },
          errors: { range: () => [...errorRange] },
        },
        series: [
          {},
          { ...line, scale: 'loss', stroke: colours.ink },
          { ...line, scale: 'errors', stroke: colours.blue, dash: [rem / 2.5, rem / 5] },
          { ...line, scale: 'errors', stroke: colours.orange },
        ],
        hooks: {
          drawClear: [plot => this.#drawGround(plot, look), plot => this.#drawBesides(plot, look)],
          draw: [plot => this.#drawMoment(plot, look), plot => this.#drawParting(plot, look)],
        },
      },
      this.#points as unknown as uPlot.AlignedData,
      this.#host,
    );
    this.#cursor.append(...this.#dots);
    plot.over.append(this.#cursor);
    return plot;
  }

  /** What lies under the curves: the plateau, the lines of the axes and what they say. */
  #drawGround(plot: uPlot, { rem, font, colours }: Look): void {
    const { ctx: pen, bbox } = plot;
    const { plateau, steps } = this.#shown!;
    const px = devicePixelRatio;
    pen.save();
    if (plateau !== undefined) {
      const [from, to] = plateau.map(step => plot.valToPos(step, 'x', true)) as [number, number];
      pen.fillStyle = colours.yellow;
      pen.fillRect(from, bbox.top - 1.2 * rem * px, Math.max(2 * px, to - from), bbox.height + 1.2 * rem * px);
    }
    pen.strokeStyle = colours.line;
    pen.fillStyle = colours.soft;
    pen.lineWidth = px;
    pen.font = `${0.8 * rem * px}px ${font}`;
    pen.textAlign = 'right';
    pen.textBaseline = 'middle';
    const tick = (y: number, text: string) => {
      pen.beginPath();
      pen.moveTo(bbox.left, Math.round(y) + 0.5);
      pen.lineTo(bbox.left + bbox.width, Math.round(y) + 0.5);
      pen.stroke();
      pen.fillText(text, bbox.left - 0.45 * rem * px, y);
    };
    const { min, max } = plot.scales.loss!;
    if (min !== undefined && max !== undefined && min !== null)
      for (const loss of lossTicks(10 ** ((min + max) / 2), 10 ** max))
        tick(plot.valToPos(Math.log10(loss), 'loss', true), tickInWords(loss));
    for (const error of errorTicks) tick(plot.valToPos(error, 'errors', true), `${error}%`);
    pen.textBaseline = 'bottom';
    const foot = bbox.top + bbox.height + 2.4 * rem * px;
    pen.textAlign = 'left';
    pen.fillText(`step ${steps[0].toLocaleString('en')}`, bbox.left, foot);
    pen.textAlign = 'right';
    pen.fillText(steps[1].toLocaleString('en'), bbox.left + bbox.width, foot);
    pen.restore();
  }

  /** The losses between which both trainings lie, as far as they are in sight. */
  #withBesides(least: number, greatest: number): [least: number, greatest: number] {
    const [xs, losses] = this.#besides;
    const [from, to] = this.#shown!.steps;
    for (const [i, loss] of losses!.entries()) {
      if (loss === null || xs[i]! < from || xs[i]! > to) continue;
      least = Math.min(least, loss);
      greatest = Math.max(greatest, loss);
    }
    return [least, greatest];
  }

  /** The other training's curves, thin. */
  #drawBesides(plot: uPlot, { rem, colours }: Look): void {
    const [xs, ...curves] = this.#besides;
    if (xs.length === 0) return;
    const { ctx: pen, bbox } = plot;
    const px = devicePixelRatio;
    pen.save();
    pen.beginPath();
    pen.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    pen.clip();
    pen.lineWidth = px;
    for (const [i, curve] of curves.entries()) {
      pen.strokeStyle = [colours.ink, colours.blue, colours.orange][i]!;
      pen.setLineDash(i === 1 ? [(px * rem) / 2.5, (px * rem) / 5] : []);
      pen.beginPath();
      let isDown = false;
      for (const [k, value] of curve.entries()) {
        if (value === null) isDown = false;
        else {
          const [x, y] = [plot.valToPos(xs[k]!, 'x', true), plot.valToPos(value, i === 0 ? 'loss' : 'errors', true)];
          if (isDown) pen.lineTo(x, y);
          else pen.moveTo(x, y);
          isDown = true;
        }
      }
      pen.stroke();
    }
    pen.restore();
  }

  /** Where the two part. */
  #drawParting(plot: uPlot, { rem, font, colours }: Look): void {
    const { parting } = this.#shown!;
    if (parting === undefined) return;
    const { ctx: pen, bbox } = plot;
    const px = devicePixelRatio;
    const x = plot.valToPos(parting, 'x', true);
    const y = bbox.top + 0.5 * bbox.height;
    pen.save();
    pen.strokeStyle = colours.ink;
    pen.lineWidth = px;
    pen.setLineDash([3 * px, 3 * px]);
    pen.beginPath();
    pen.moveTo(x, bbox.top);
    pen.lineTo(x, bbox.top + bbox.height);
    pen.stroke();
    pen.setLineDash([]);
    pen.font = `${0.8 * rem * px}px ${font}`;
    const text = `part at step ${parting.toLocaleString('en')}`;
    const width = pen.measureText(text).width;
    const left = Math.max(bbox.left + 2 * px, Math.min(x + 4 * px, bbox.left + bbox.width - width));
    pen.textAlign = 'left';
    pen.textBaseline = 'middle';
    pen.lineJoin = 'round';
    pen.lineWidth = 4 * px;
    pen.strokeStyle = colours.card;
    pen.strokeText(text, left, y);
    pen.fillStyle = colours.ink;
    pen.fillText(text, left, y);
    pen.restore();
  }

  /** What lies over the curves: what came after the moment that is shown is paler; the values of that moment. */
  #drawMoment(plot: uPlot, look: Look): void {
    const { ctx: pen, bbox } = plot;
    const { now, report, last } = this.#shown!;
    const { rem, colours } = look;
    const px = devicePixelRatio;
    const x = Math.max(bbox.left, plot.valToPos(now, 'x', true));
    pen.save();
    if (last !== undefined && now < last.step) {
      pen.globalAlpha = 0.6;
      pen.fillStyle = colours.card;
      pen.fillRect(x, bbox.top - rem * px, bbox.left + bbox.width - x + px, bbox.height + 1.4 * rem * px);
      pen.globalAlpha = 1;
    }
    pen.fillStyle = colours.ink;
    pen.fillRect(x - px / 2, bbox.top - 0.6 * rem * px, px, bbox.height + 0.9 * rem * px);
    if (report !== undefined) this.#drawValues(plot, look, report);
    pen.restore();
  }

  #drawValues(plot: uPlot, { rem, font, colours }: Look, report: StepReport): void {
    const { ctx: pen, bbox } = plot;
    const px = devicePixelRatio;
    const { loss, trainError, testError } = valuesOf(report);
    pen.font = `${0.85 * rem * px}px ${font}`;
    pen.textBaseline = 'middle';
    pen.lineJoin = 'round';
    pen.lineWidth = 7 * px;
    pen.strokeStyle = colours.card;
    const end = plot.valToPos(report.step, 'x', true);
    const longest = `training error ${trainError}`;
    const error = pen.measureText(longest).width < 0.6 * bbox.width ? ' error' : '';
    const texts = [`loss ${loss}`, `test${error} ${testError}`, `training${error} ${trainError}`];
    const widest = Math.max(...texts.map(text => pen.measureText(text).width));
    const right = bbox.left + bbox.width;
    // beside the line while there is room, left of it when there is none
    const isBeside = end + widest + rem * px < right;
    pen.textAlign = isBeside ? 'left' : 'right';
    const x = isBeside ? end + 0.5 * rem * px : right - 0.3 * rem * px;
    const away = isBeside ? 0 : 0.85 * rem * px;
    const yOf = (value: number, scale: string) => plot.valToPos(value, scale, true);
    const [testY, trainY] = [yOf(report.testError, 'errors'), yOf(report.trainError, 'errors')];
    const isTestAbove = report.testError >= report.trainError;
    const [upper, lower] = isTestAbove ? [testY, trainY] : [trainY, testY];
    const errors = apart(upper - away, lower + away, 1.1 * rem * px);
    const write = (text: string, y: number, colour: string) => {
      if (!Number.isFinite(y)) return;
      pen.strokeText(text, x, y);
      pen.fillStyle = colour;
      pen.fillText(text, x, y);
    };
    const lossY = yOf(Math.log10(report.trainLoss), 'loss');
    const isAtTop = lossY - away < bbox.top + 0.5 * rem * px; // where the plateau's name stands
    write(texts[0]!, lossY + (isAtTop ? away : -away), colours.ink);
    write(texts[1]!, errors[isTestAbove ? 0 : 1], colours.orange);
    write(texts[2]!, errors[isTestAbove ? 1 : 0], colours.blue);
  }
}

function newElement(className: string): HTMLElement {
  const element = document.createElement('div');
  element.className = className;
  return element;
}

const colourNames = ['card', 'ink', 'soft', 'line', 'yellow', 'blue', 'orange'] as const;

/** Everything of the style sheet that is drawn with. */
interface Look {
  readonly rem: number;
  readonly font: string;
  readonly colours: Readonly<Record<(typeof colourNames)[number], string>>;
  /** Another, where the plot is to be made anew. */
  readonly key: string;
}

function lookOf(element: HTMLElement): Look {
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const font = getComputedStyle(element).fontFamily;
  const colours = Object.fromEntries(
    colourNames.map(name => [name, `rgb(${colourOf(`--${name}`).join(' ')})`]),
  ) as Look['colours'];
  return { rem, font, colours, key: JSON.stringify([rem, font, colours, devicePixelRatio]) };
}
