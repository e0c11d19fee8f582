import type { Engine, Parameters } from '../engine/engine.ts';
import type { Tensor } from '../tensor/index.ts';
import type { StepReport } from '../train.ts';
import { type Sizes, same, sameErrors, sameLoss } from './parting.ts';

/** A log that is not that of the reference, beside the reference of the same settings. */
export interface Case {
  readonly log: readonly StepReport[];
  readonly reference: readonly StepReport[];
  readonly sizes: Sizes;
  readonly classes: number;
  readonly zeta: number;
}

/** How many steps are looked at: before rounding is amplified, and past the plateau, where programs show what they are. */
export const STEPS = 55;

/**
 * What a log tells by itself of the usual mistakes in what is *printed*: the training may be right. A sentence for each
 * mistake that explains all of the first steps.
 */
export function misprints({ log, reference, sizes, classes }: Case): string[] {
  const steps = Math.min(STEPS, log.length, reference.length);
  const all = (fits: (step: number) => boolean, from = 0): boolean => {
    for (let step = from; step < steps; step++) if (!fits(step)) return false;
    return steps > from;
  };
  const lossTimes = (factor: number): boolean =>
    // a small number is printed with few digits
    all(k => Math.abs(log[k]!.trainLoss - factor * reference[k]!.trainLoss) <= 2e-4 * log[k]!.trainLoss + 0.011);
  const lossIs = all(k => sameLoss(log[k]!.trainLoss, reference[k]!.trainLoss));
  const trainErrorIs = all(k => sameErrors(log[k]!.trainError, reference[k]!.trainError, sizes.train));
  const testErrorIs = all(k => sameErrors(log[k]!.testError, reference[k]!.testError, sizes.test));
  const N = sizes.train;

  const found: string[] = [];
  if (trainErrorIs && !lossIs) {
    const [, how] = [
      [1 / 2, 'half of the loss: a factor ½ that the practical does not have'],
      [1 / N, `the loss divided by the ${N} samples: the mean, where the sum is asked for`],
      [
        1 / classes,
        `the loss divided by the ${classes} classes: a mean over the components, where ‖t − v‖² is their sum`,
      ],
      [1 / (N * classes), 'the mean over samples and classes, where the sum is asked for'],
      [2, 'twice the loss'],
    ].find(([factor]) => lossTimes(factor as number)) ?? [undefined, undefined];
    if (how !== undefined) found.push(`what is printed is ${how}`);
    else if (all(k => k + 1 < reference.length && sameLoss(log[k]!.trainLoss, reference[k + 1]!.trainLoss)))
      found.push('the training loss is taken after the update; the practical prints that of the weights before it');
  }
  if (lossIs && !testErrorIs) {
    if (all(k => sameErrors(log[k]!.testError, reference[k - 1]!.testError, sizes.test), 1))
      found.push('the test error is taken before the update; the practical takes it after it');
    else if (log.slice(0, steps).every(({ testError }) => testError <= 1))
      found.push('the test error is printed as a fraction, where percent are asked for');
    else if (all(k => log[k]!.testError > 80) && reference[steps - 1]!.testError < 70)
      found.push('the test error stays that of guessing: are the answers compared with the training targets?');
  }
  if (lossIs && !trainErrorIs) {
    if (all(k => k + 1 < reference.length && sameErrors(log[k]!.trainError, reference[k + 1]!.trainError, sizes.train)))
      found.push('the training error is taken after the update; the practical takes it before it');
    else if (all(k => Math.abs(log[k]!.trainError - reference[k]!.trainError / 100) < 0.011))
      found.push('the errors are printed as fractions, where percent are asked for');
    else if (all(k => Math.abs(log[k]!.trainError - (reference[k]!.trainError * N) / 100) < 0.011))
      found.push('the errors are printed as counts, where percent are asked for');
  }
  return found;
}

/**
 * What the very first loss tells: with weights around 10⁻⁶ the network answers 0, so it is the sum of the squared
 * targets, N ζ².
 */
export function targetsOf({ log, sizes, classes, zeta, reference }: Case): string | undefined {
  const first = log[0]!.trainLoss;
  const each = first / sizes.train;
  const is = (value: number): boolean => Math.abs(each - value) <= 1e-3 * value;
  if (sameLoss(first, reference[0]!.trainLoss)) return undefined;
  const begins = `it begins with a loss of ${first.toFixed(2)}, ${each.toFixed(3)} a sample`;
  if (is(classes * zeta ** 2)) return `${begins}: targets of −${zeta} and ${zeta}, as in 2018 (--targets pm1)`;
  if (is(classes)) return `${begins}: targets of −1 and 1, and no ζ`;
  if (is(1)) return `${begins}: targets of 0 and 1, not multiplied by ζ = ${zeta}`;
  if (is(zeta)) return `${begins}: the length ‖t − v‖, where its square is asked for`;
  if (is(zeta ** 2 / 2)) return `${begins}: half of ζ², a factor ½ that the practical does not have`;
  if (is(zeta ** 2 / classes))
    return `${begins}: ζ² divided by the ${classes} classes, a mean where the sum is asked for`;
  if (is(zeta ** 2 / sizes.train))
    return `${begins}: ζ² for one sample in place of ${sizes.train}: the mean, or the last sample alone`;
  const samples = first / zeta ** 2;
  if (Math.abs(samples - Math.round(samples)) < 0.02)
    return `${begins}: that of ${Math.round(samples)} samples, where there are ${sizes.train} (--tiny, --full?)`;
  return undefined;
}

/** Another way to train, and what it would be called if the log follows it. */
export interface Variant {
  readonly says: string;
  /** A gradient step that is taken another way than `engine.step` takes it. */
  readonly update?: Update;
}

/** How far a step goes: from the sums of the gradients, what is subtracted from each of the parameters. */
export type Update = (sums: Parameters, step: number) => Parameters;

type Name = keyof Parameters;
const names: readonly Name[] = ['w1', 'b1', 'w2', 'b2'];

function each(change: (name: Name) => Tensor): Parameters {
  return Object.fromEntries(names.map(name => [name, change(name)])) as unknown as Parameters;
}

const times = (sums: Parameters, factor: (name: Name) => number): Parameters =>
  each(name => (sums[name] as Tensor).mul(factor(name)));

/** The usual mistakes in a step: each is tried from the same initial weights. */
export function wrongSteps(eta: number, N: number): Variant[] {
  const rate = eta / N;
  const factor = (says: string, of: (name: Name) => number): Variant => ({ says, update: sums => times(sums, of) });
  let total: Parameters | undefined;
  return [
    {
      says: 'the gradient sums are never set to zero again: each step takes those of all steps before it along',
      update(sums, step) {
        const before = step === 0 ? undefined : total;
        total = before === undefined ? sums : each(name => (before[name] as Tensor).add(sums[name] as Tensor));
        return times(total, () => rate);
      },
    },
    factor('the step size is not divided by the number of samples', () => eta),
    factor('the step size is divided by the number of samples twice', () => rate / N),
    factor('the gradients are half as large: is the factor 2 of dloss missing?', () => rate / 2),
    factor('the gradients are twice as large as they should be', () => 2 * rate),
    factor('the steps go uphill: the gradients are added where they are to be subtracted', () => -rate),
    factor('b2 is never updated', name => (name === 'b2' ? 0 : rate)),
    factor('b1 is never updated', name => (name === 'b1' ? 0 : rate)),
    factor('neither b1 nor b2 is ever updated', name => (name.startsWith('b') ? 0 : rate)),
    factor('w1 and b1 are never updated: only the last layer learns', name => (name.endsWith('1') ? 0 : rate)),
  ];
}

/** Whether a variant prints what the log has, in all of the first steps. */
export async function follows(
  { update }: Variant,
  engine: Engine,
  { log, sizes }: Case,
  eta: number,
  steps: number,
): Promise<boolean> {
  const rate = eta / engine.trainCount;
  for (let step = 0; step < steps; step++) {
    const before = update && (await engine.parameters());
    const { loss, errors } = await engine.step(update ? 0 : rate);
    if (before !== undefined && update !== undefined) {
      const changes = update(await engine.gradients(), step);
      await engine.setParameters(each(name => (before[name] as Tensor).sub(changes[name] as Tensor)));
    }
    const report = {
      step,
      trainLoss: loss,
      trainError: (100 * errors) / engine.trainCount,
      testError: (100 * (await engine.testErrors())) / engine.testCount,
    };
    if (!same(report, log[step]!, sizes)) return false;
  }
  return true;
}
