import { compareLogs } from '../compare/compare.ts';
import { edgeOfStability, type Sizes, STEPS_BEFORE_THE_RISE, same, sameLoss } from '../compare/parting.ts';
import type { Engine, Parameters, Problem } from '../engine/engine.ts';
import { makeEngine } from '../engine/engines.ts';
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
  readonly engine: (problem: Problem, parameters: Parameters) => Promise<Engine>;
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
        problem,
        parameters,
        new Child({ onOutput: text => terminal.write(text) }, 'training'),
        shownFile,
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

/**
 * Trains Longhand's own functions beside somebody's, step by step from the same weights, and says where the two part:
 * once where it happens, and again at the end. From where steps are too wide for the valley, rounding parts any two
 * correct programs, and that is no mistake.
 */
export class Beside implements Listener {
  readonly #path: string;
  readonly #terminal: Terminal;
  readonly #threads: number | undefined;
  #reference: Engine | undefined;
  #eta = 0;
  #sizes: Sizes = { train: 1, test: 1 };
  readonly #theirs: StepReport[] = [];
  readonly #ours: StepReport[] = [];
  /** The step at which they parted before rounding could have parted them. */
  #parting: number | undefined;
  #isAmplified = false;

  constructor(path: string, terminal: Terminal, threads: number | undefined) {
    this.#path = path;
    this.#terminal = terminal;
    this.#threads = threads;
  }

  async begins({ engine, problem, settings }: Training): Promise<void> {
    this.#sizes = { train: engine.trainCount, test: engine.testCount };
    this.#eta = settings.eta / engine.trainCount;
    this.#reference = await makeEngine('wasm', problem, await engine.parameters(), { threads: this.#threads });
  }

  async step(report: StepReport): Promise<void> {
    this.#theirs.push(report);
    const { step } = report;
    await this.#trainUpTo(step);
    if (this.#parting !== undefined || this.#isAmplified || same(report, this.#ours[step]!, this.#sizes)) return;
    // whether the loss is about to rise, only the steps to come can tell
    await this.#trainUpTo(step + STEPS_BEFORE_THE_RISE);
    this.#isAmplified = step >= edgeOfStability(this.#ours);
    if (this.#isAmplified) return;
    this.#parting = step;
    this.#terminal.note(this.#where());
    this.#terminal.note(this.#whatToCheck());
  }

  ends(): void {
    if (this.#parting !== undefined) {
      this.#terminal.note(this.#where());
      this.#terminal.note(this.#whatToCheck());
      return;
    }
    if (this.#theirs.length === 0) return;
    const ours = this.#ours.slice(0, this.#theirs.length);
    const { verdict, parting, says } = compareLogs(this.#theirs, ours, this.#sizes, ['yours', "Longhand's"]);
    const upTo = parting === undefined ? says[0] : `equal to rounding up to step ${parting - 1}`;
    const then = parting === undefined ? '' : '; from there rounding is amplified, as between any two correct programs';
    this.#terminal.note(`beside Longhand's own functions, yours are ${upTo}${then}`);
    for (const sentence of says.slice(1)) this.#terminal.note(sentence);
    if (verdict === 'different') this.#terminal.note(`that is far apart even so. ${this.#check()}`);
  }

  async dispose(): Promise<void> {
    await this.#reference?.dispose();
  }

  /** What there is to add to an error that ended the training. */
  async explained(error: unknown): Promise<unknown> {
    if (error instanceof TrainingError && this.#reference !== undefined) {
      await this.#trainUpTo(this.#theirs.length);
      const { step, trainLoss } = this.#ours[this.#theirs.length]!;
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

  async #trainUpTo(step: number): Promise<void> {
    const engine = this.#reference!;
    while (this.#ours.length <= step) {
      const { loss, errors } = await engine.step(this.#eta);
      const testErrors = await engine.testErrors();
      this.#ours.push({
        step: this.#ours.length,
        trainLoss: loss,
        trainError: (100 * errors) / engine.trainCount,
        testError: (100 * testErrors) / engine.testCount,
      });
    }
  }

  #where(): string {
    const shown = ({ trainLoss, trainError, testError }: StepReport) =>
      `loss ${trainLoss.toFixed(2)}, errors ${trainError.toFixed(2)}% and ${testError.toFixed(2)}%`;
    const step = this.#parting!;
    return (
      `step ${step}: here yours and Longhand's own functions part, too early for rounding: ` +
      `yours ${shown(this.#theirs[step]!)}, Longhand's ${shown(this.#ours[step]!)}`
    );
  }

  #whatToCheck(): string {
    const step = this.#parting!;
    const [theirs, ours] = [this.#theirs[step]!, this.#ours[step]!];
    const isFirst = step === 0;
    const where =
      isFirst && !sameLoss(theirs.trainLoss, ours.trainLoss)
        ? 'no gradient was used yet: look at `loss` first, then at the forward pass'
        : isFirst && theirs.trainError !== ours.trainError
          ? 'no gradient was used yet: look at the forward pass'
          : 'the loss itself is the same before: look at the backward pass, and at `dsigma` and `dloss`';
    return `${where}. ${this.#check()}`;
  }

  #check(): string {
    return `\`longhand check ${this.#path}\` says what is wrong, \`longhand explain ${this.#path}\` shows every number`;
  }
}
