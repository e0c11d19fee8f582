import * as ours from '../../src/practical.ts';
import type { Line } from '../../src/practice/follow.ts';
import { onItsWay } from '../../src/practice/judge/examinee.ts';
import { backwardStageNamed } from '../../src/practice/judge/names.ts';
import type {
  Answer,
  Answerer,
  FunctionName,
  Site,
  Sources,
  TensorValue,
  Transformed,
  Value,
} from '../../src/practice/protocol.ts';
import { sayFailure } from '../../src/practice/say-failure.ts';
import { type Tensor, tensor, zerosLike } from '../../src/tensor/index.ts';
import type { ValueName } from '../sample/values.ts';
import { type Given, type NumbersOf, tensorsOf, vectorOf } from '../sample/way.ts';

/** A value on the way of a sample, as a learner's code has it. */
export interface OwnValue {
  /** As the code calls it. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Row by row; undefined where the code does not come to it, or has no name for it. */
  readonly numbers: Float64Array | undefined;
  readonly lines: readonly Line[];
}

export interface OwnWay {
  readonly values: Readonly<Partial<Record<ValueName, OwnValue>>>;
  /** What stopped one of the functions. */
  readonly failures: readonly string[];
}

/** A learner's code, and somebody who runs it. */
export interface OwnCode {
  readonly sources: Sources;
  readonly transformed: Transformed;
  readonly answerer: Answerer;
}

/** Follows a sample through a network and back as a learner's six functions compute it, a call for each. */
export async function ownWayOf(
  { sources, transformed, answerer }: OwnCode,
  network: NumbersOf,
  { x, target }: Given,
): Promise<OwnWay> {
  const { functions, sites } = transformed;
  const { w1, b1, w2, b2 } = tensorsOf(network);
  const [input, t] = [vectorOf(x), vectorOf(target)];
  const failures = new Set<string>();
  const values: Partial<Record<ValueName, OwnValue>> = {};

  const ask = async (name: FunctionName, ...args: readonly unknown[]): Promise<Answer | undefined> => {
    if (functions[name] === undefined) return undefined;
    const answer = await answerer.call({
      ...{ function: name, inPlaceOf: {}, substitutes: {} },
      arguments: args.map(arg => onItsWay(arg as Tensor)),
    });
    if (answer.kind !== 'returned') failures.add(sayFailure(`\`${name}\``, answer));
    return answer;
  };
  const lineAt = (file: string, line: number): Line => ({
    ...{ file, line },
    text: sources[file]?.split('\n')[line - 1]?.trim() ?? '',
  });
  /** The lines on which a function gives a name its value, and those where other functions that it takes begin. */
  const lines = (within: FunctionName, name: string | undefined, ...others: FunctionName[]): Line[] => {
    const made = sites.filter(site => site.within === within && site.name === name);
    const begin = [...(made.length === 0 ? [within] : []), ...others].map(other => functions[other]);
    const places = [...made, ...begin.filter(place => place !== undefined)];
    return [...new Map(places.map(({ file, line }) => [`${file}:${line}`, lineAt(file, line)])).values()];
  };
  const keep = (stage: ValueName, name: string, value: Value | undefined, made: readonly Line[]): void => {
    const found = tensorIn(value);
    values[stage] = { name, shape: found?.shape ?? [], numbers: found?.data, lines: made };
  };

  const forward = await ask('forwardPass', w1, b1, w2, b2, input);
  const isList = forward?.kind === 'returned' && forward.value.kind === 'list' && forward.value.items.length === 5;
  const five = isList ? (forward.value as Extract<Value, { kind: 'list' }>).items : [];
  if (forward?.kind === 'returned' && !isList)
    failures.add('`forwardPass` does not return the list [x0, s1, x1, s2, x2]');
  const right = ours.forwardPass(w1, b1, w2, b2, input);
  const going: Tensor[] = [];
  for (const [i, stage] of (['x0', 's1', 'x1', 's2', 'x2'] as const).entries()) {
    const site: Site | undefined = isList ? sites[forward.sitesOfReturned[i] ?? -1] : undefined;
    keep(stage, site?.name ?? stage, five[i], lines('forwardPass', site?.name, ...sigmaOf(stage)));
    const theirs = tensorIn(five[i]);
    const fits = theirs !== undefined && theirs.shape.join() === right[i]!.shape.join();
    going.push(fits ? (tensor([...theirs.data]) as Tensor) : (right[i] as Tensor));
  }
  const [, s1, x1, s2, x2] = going as [Tensor, Tensor, Tensor, Tensor, Tensor];

  const returned = (answer: Answer | undefined): Value | undefined =>
    answer?.kind === 'returned' ? answer.value : undefined;
  keep('loss', 'loss', returned(await ask('loss', x2, t)), lines('loss', undefined));
  keep('dsigma2', 'dsigma', returned(await ask('dsigma', s2)), lines('dsigma', undefined));
  keep('dsigma1', 'dsigma', returned(await ask('dsigma', s1)), lines('dsigma', undefined));

  const sums = [w1, b1, w2, b2].map(parameter => zerosLike(parameter as Tensor));
  const back = await ask('backwardPass', w1, b1, w2, b2, t, input, s1, x1, s2, x2, ...sums);
  const probes = back?.kind === 'returned' || back?.kind === 'threw' ? back.probes : [];
  for (const [stage, ...others] of [
    ['dl_dx2', 'dloss'],
    ['dl_ds2', 'dsigma'],
    ['dl_dx1'],
    ['dl_ds1', 'dsigma'],
  ] as const) {
    const probe = probes.findLast(({ site }) => {
      const { within, name } = sites[site]!;
      return within === 'backwardPass' && backwardStageNamed(name) === stage;
    });
    const name = probe && sites[probe.site]!.name;
    keep(stage, name ?? stage, probe?.value, lines('backwardPass', name, ...others));
  }
  for (const [stage, argument] of [
    ['dl_dw1', 10],
    ['dl_db1', 11],
    ['dl_dw2', 12],
    ['dl_db2', 13],
  ] as const) {
    const name = functions.backwardPass?.parameters[argument];
    const value = back?.kind === 'returned' ? back.arguments[argument] : undefined;
    keep(stage, name ?? stage, value, lines('backwardPass', name));
  }
  return { values, failures: [...failures] };
}

const sigmaOf = (stage: string): FunctionName[] => (stage === 'x1' || stage === 'x2' ? ['sigma'] : []);

/** One number is a tensor of shape [], too. */
function tensorIn(value: Value | undefined): TensorValue | undefined {
  if (value?.kind === 'number')
    return { kind: 'tensor', dtype: 'float64', shape: [], data: Float64Array.of(value.value) };
  return value?.kind === 'tensor' ? value : undefined;
}
