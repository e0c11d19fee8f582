import { PartingWatch, Reference, whatToLookAt, whereTheyPart } from '../compare/beside.ts';
import { compareLogs } from '../compare/compare.ts';
import type { Sizes } from '../compare/parting.ts';
import type { Engine, LargeProblem, Parameters, Problem } from '../engine/engine.ts';
import { inTensors, makeEngine } from '../engine/engines.ts';
import { Child } from '../practice/node/channel.ts';
import { PracticeError, practiceEngine } from '../practice/practice-engine.ts';
import type { FunctionName, Transformed } from '../practice/protocol.ts';
import type { Listener, Training } from '../story.ts';
import { LonghandError } from '../tensor/index.ts';
import { type StepReport, TrainingError } from '../train.ts';
import { submitted } from './submitted.ts';
import type { Terminal } from './terminal.ts';

const sixNames: readonly FunctionName[] = ['sigma', 'dsigma', 'loss', 'dloss', 'forwardPass', 'backwardPass'];

/** Somebody's six functions, ready to train. */
export interface Practising {
  readonly engine: (problem: Problem | LargeProblem, parameters: Parameters) => Promise<Engine>;
  readonly beside: Beside;
}

/**
 * Reads the six functions of a folder or a file.
 *
 * @throws LonghandError where one of them is not there, or a file does not compile.
 */
export function practising(path: string, terminal: Terminal, threads: number | undefined): Practising {
  const found = submitted(path, 'train --practice');
  if (typeof found === 'string') throw new LonghandError(`train --practice: ${found}`);
  const { transformed, shownFile } = found;
  mustBeThere(transformed, path);
  return {
    engine: (problem, parameters) =>
      practiceEngine(
        transformed,
        inTensors(problem),
        parameters,
        new Child({ onOutput: text => terminal.write(text) }, 'training'),
        { shownFile, onSampleBySample: says => terminal.note(says) },
      ),
    beside: new Beside(path, terminal, threads),
  };
}

function mustBeThere({ functions, misspelt }: Transformed, path: string): void {
  const missing = sixNames.filter(name => functions[name] === undefined);
  if (missing.length === 0) return;
  const near = misspelt.find(({ meant }) => meant === missing[0]);
  const advice = near === undefined ? '' : `; is \`${near.name}\`, ${near.file}:${near.line}, meant for it?`;
  throw new LonghandError(
    `train --practice: ${path} exports no ${missing.join(', ')}${advice || '; all six functions are needed'}`,
  );
}

/** So many lines of the log, and what was said before them is out of sight. */
const A_SCREENFUL = 20;

const SAYS_LITTLE =
  'that says little yet: on the plateau, where every image gets the same answer, and shortly after it, wrong functions ' +
  'look like right ones';

/** Whether a right training is not far from the plateau yet, or on it. */
function isEarly(ours: readonly StepReport[]): boolean {
  return ours.at(-1)!.trainError > (2 / 3) * ours[0]!.trainError;
}

/**
 * Trains Longhand's own functions beside somebody's, step by step from the same weights, and says where the two part,
 * when it happens; at the end only at which step that was, where the log has long carried it away. From where steps are
 * too wide for the valley, rounding parts any two correct programs, and that is no mistake.
 */
export class Beside implements Listener {
  readonly #path: string;
  readonly #terminal: Terminal;
  readonly #threads: number | undefined;
  #reference: Reference | undefined;
  #sizes: Sizes = { train: 1, test: 1 };
  #watch = new PartingWatch(this.#sizes);
  readonly #theirs: StepReport[] = [];

  constructor(path: string, terminal: Terminal, threads: number | undefined) {
    this.#path = path;
    this.#terminal = terminal;
    this.#threads = threads;
  }

  async begins({ engine, problem, settings }: Training): Promise<void> {
    this.#sizes = { train: engine.trainCount, test: engine.testCount };
    this.#watch = new PartingWatch(this.#sizes);
    const reference = await makeEngine('wasm', problem, await engine.parameters(), { threads: this.#threads });
    this.#reference = new Reference(reference, settings.eta);
  }

  async step(report: StepReport): Promise<void> {
    this.#theirs.push(report);
    if (this.#watch.found !== undefined) return;
    const reference = this.#reference!;
    await reference.upTo(report.step);
    for (;;) {
      const wanted = this.#watch.look(this.#theirs, reference.reports);
      if (wanted === undefined) break;
      await reference.upTo(wanted);
    }
    this.#sayWhere();
  }

  ends(): void {
    if (this.#theirs.length === 0) return;
    const { step, isAmplified } = this.#watch.found ?? {};
    if (step !== undefined && !isAmplified) {
      if (this.#theirs.length - step > A_SCREENFUL)
        this.#terminal.note(
          `yours went another way than Longhand's own functions at step ${step}: see what is said there`,
        );
      return;
    }
    const right = this.#reference!.reports;
    const ours = right.slice(0, this.#theirs.length);
    const { verdict, parting, says } = compareLogs(this.#theirs, ours, this.#sizes, ['yours', "Longhand's"], right);
    const upTo = parting === undefined ? says[0] : `equal to rounding up to step ${parting - 1}`;
    const then = parting === undefined ? '' : '; from there rounding is amplified, as between any two correct programs';
    this.#terminal.note(`beside Longhand's own functions, yours are ${upTo}${then}`);
    for (const sentence of says.slice(1)) this.#terminal.note(sentence);
    if (parting === undefined && isEarly(ours))
      this.#terminal.note(`${SAYS_LITTLE}: \`longhand check ${this.#path}\` tells them from each other`);
    if (verdict === 'different' || verdict === 'draw')
      this.#terminal.note(`that is far apart even so. ${this.#check()}`);
  }

  async dispose(): Promise<void> {
    await this.#reference?.dispose();
  }

  /** What there is to add to an error that ended the training. */
  async explained(error: unknown): Promise<unknown> {
    if (error instanceof TrainingError && this.#reference !== undefined) {
      await this.#reference.upTo(this.#theirs.length);
      const { step, trainLoss } = this.#reference.reports[this.#theirs.length]!;
      const what = error.message.replace(/\. The likely cause.*/, '');
      return new LonghandError(
        `${what}, where Longhand's own functions have a loss of ${trainLoss.toFixed(2)} at step ${step}. ${this.#check()}`,
        { cause: error },
      );
    }
    if (error instanceof PracticeError) {
      const end = error.message.endsWith('?') ? '' : '.';
      return new LonghandError(`${error.message}${end} ${this.#check()}`, { cause: error });
    }
    return error;
  }

  /** Where they part as two correct programs do not. */
  #sayWhere(): void {
    const { step, isAmplified } = this.#watch.found ?? {};
    if (step === undefined || isAmplified) return;
    const [theirs, ours] = [this.#theirs[step]!, this.#reference!.reports[step]!];
    this.#terminal.note(whereTheyPart(theirs, ours));
    this.#terminal.note(`${whatToLookAt(theirs, ours)}. ${this.#check()}`);
  }

  #check(): string {
    return `\`longhand check ${this.#path}\` says what is wrong, \`longhand explain ${this.#path}\` shows every number`;
  }
}
