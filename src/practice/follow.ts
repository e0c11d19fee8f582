import * as ours from '../practical.ts';
import { type Tensor, zeros } from '../tensor/index.ts';
import { onItsWay, tensorOf } from './judge/examinee.ts';
import { backwardStageNamed, camel, forwardStageNamed } from './judge/names.ts';
import type { Answer, Answerer, FunctionName, Probe, Site, Sources, TensorValue, Transformed } from './protocol.ts';
import { sayFailure } from './say-failure.ts';
import type { SmallNetwork } from './small-network.ts';

/** A line of somebody's code. */
export interface Line {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

export type ForwardStage = 's1' | 'x1' | 's2' | 'x2';
export type BackwardStage = 'dl_dx2' | 'dl_ds2' | 'dl_dx1' | 'dl_ds1';
export type SumStage = 'dl_dw2' | 'dl_db2' | 'dl_dw1' | 'dl_db1';
/** A value on the way, forward and back. `dsigma2` is σ′(s₂), `dsigma1` σ′(s₁). */
export type FollowedStage = ForwardStage | 'loss' | BackwardStage | 'dsigma2' | 'dsigma1' | SumStage;

/** One value on the way of a sample: its numbers, the lines that made it, and what it is held against. */
export interface Followed {
  readonly stage: FollowedStage;
  /** As their code calls it: `dlDs1`. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Row by row. Undefined where the code did not come to it. */
  readonly numbers: readonly number[] | undefined;
  readonly lines: readonly Line[];
  /** Of a derivative the slopes by two nearby points, of any other value what the formula gives. */
  readonly expected: readonly number[] | undefined;
  /** The entries that are not as expected. */
  readonly differs: readonly number[];
  /** What there is to say of it: why it is missing, why it cannot be held against anything. */
  readonly says: string | undefined;
}

/** The two points at which the first slope was taken, to be shown. */
export interface TwoPoints {
  readonly step: number;
  readonly above: number;
  readonly below: number;
}

export interface Way {
  /** In their order: forward, the loss, and back. */
  readonly values: readonly Followed[];
  /** What stopped one of the functions. */
  readonly failures: readonly string[];
  /** How the first entry of ∂ℓ/∂x₂ was found by two points. */
  readonly twoPoints: TwoPoints | undefined;
  /** Whether the slopes come from the practical's own forward pass and loss, where theirs give no answer. */
  readonly slopesAreOurs: boolean;
  /** Their numbers are float32, and two points agree to two digits only. */
  readonly isCoarse: boolean;
}

const forwardStages: readonly ForwardStage[] = ['s1', 'x1', 's2', 'x2'];
/** Where the sums stand among the arguments of the backward pass. */
const sumArguments: readonly [SumStage, number][] = [
  ['dl_dw2', 12],
  ['dl_db2', 13],
  ['dl_dw1', 10],
  ['dl_db1', 11],
];

type Values = Record<ForwardStage, Tensor>;
type Moved = Partial<Record<'w1' | 'b1' | 'w2' | 'b2' | ForwardStage, Tensor>>;

/**
 * Follows one sample through a network, forward and back, as somebody's six functions compute it: each value with the
 * lines that made it, and beside each derivative the slope by two points, (ℓ(v + h) − ℓ(v − h)) / 2h, for which their
 * own forward pass goes on from the value that is moved.
 */
export async function followSample(
  { sources, transformed, answerer }: { sources: Sources; transformed: Transformed; answerer: Answerer },
  network: SmallNetwork,
): Promise<Way> {
  const { w1, b1, w2, b2, x, t } = network;
  const { functions, sites } = transformed;
  const failures = new Set<string>();
  /** What does not come to an end is not asked again. */
  const over = new Set<FunctionName>();

  const ask = async (name: FunctionName, args: readonly Tensor[], substitutes: Record<number, TensorValue> = {}) => {
    if (functions[name] === undefined) {
      failures.add(`there is no \`${name}\` in it`);
      return undefined;
    }
    if (over.has(name)) return undefined;
    const answer = await answerer.call({ function: name, arguments: args.map(onItsWay), inPlaceOf: {}, substitutes });
    if (answer.kind !== 'returned') failures.add(sayFailure(`\`${name}\``, answer));
    if (answer.kind === 'runaway' || answer.kind === 'died') over.add(name);
    return answer;
  };
  const lineAt = (file: string, line: number): Line => ({
    file,
    line,
    text: sources[file]?.split('\n')[line - 1]?.trim() ?? '',
  });
  const linesOf = (found: readonly Site[]): Line[] => {
    const places = new Map(found.map(({ file, line }) => [`${file}:${line}`, lineAt(file, line)]));
    return [...places.values()];
  };
  const definitionOf = (name: FunctionName): Line[] => {
    const facts = functions[name];
    return facts === undefined ? [] : [lineAt(facts.file, facts.line)];
  };
  /** The lines on which a function gives a name its value. */
  const linesNaming = (within: FunctionName, name: string): Line[] =>
    linesOf(sites.filter(site => site.within === within && site.name === name));

  // forward
  const passed = await ask('forwardPass', [w1, b1, w2, b2, x]);
  const returned = passed?.kind === 'returned' && passed.value.kind === 'list' ? passed.value.items : [];
  if (passed?.kind === 'returned' && returned.length !== 5) failures.add(fiveAreWanted(passed, functions));
  const siteOf = {} as Record<ForwardStage, number>;
  const theirs = {} as Record<ForwardStage, TensorValue | undefined>;
  for (const [i, stage] of forwardStages.entries()) {
    const probe = probesOf(passed).findLast(
      ({ site }) => sites[site]!.within === 'forwardPass' && forwardStageNamed(sites[site]!.name) === stage,
    );
    const own = returned[i + 1] ?? probe?.value;
    theirs[stage] = own?.kind === 'tensor' ? own : undefined;
    siteOf[stage] = (passed?.kind === 'returned' ? passed.sitesOfReturned[i + 1] : probe?.site) ?? -1;
  }
  const right = {} as Values;
  const own = {} as Values;
  const lengths: Record<ForwardStage, number> = {
    ...{ s1: b1.numel(), x1: b1.numel(), s2: b2.numel(), x2: b2.numel() },
  };
  const values: Followed[] = [];
  const isFloat32 = (value: TensorValue | undefined) => value?.dtype === 'float32';
  const hasShape = (value: TensorValue | undefined, shape: readonly number[]) =>
    value !== undefined && value.shape.join() === shape.join();
  for (const stage of forwardStages) {
    right[stage] = {
      s1: () => w1.mv(x).add(b1),
      x1: () => own.s1.tanh(),
      s2: () => w2.mv(own.x1).add(b2),
      x2: () => own.s2.tanh(),
    }[stage]() as Tensor;
    const value = theirs[stage];
    const isThere = hasShape(value, [lengths[stage]]);
    own[stage] = isThere ? tensorOf(value!) : right[stage];
    const site = sites[siteOf[stage]];
    const made = site === undefined ? definitionOf('forwardPass') : linesNaming('forwardPass', site.name);
    values.push({
      stage,
      name: site?.name ?? stage,
      lines: [...made, ...(stage.startsWith('x') ? definitionOf('sigma') : [])],
      ...heldAgainst(value, [lengths[stage]], right[stage].elements(), isFloat32(value) ? 1e-6 : 1e-9),
    });
  }

  // the loss, and how it changes
  const lossBy = async (x2: Tensor): Promise<{ number: number; isCoarse: boolean } | undefined> => {
    const answer = await ask('loss', [x2, t]);
    if (answer?.kind !== 'returned') return undefined;
    const { value } = answer;
    if (value.kind === 'number') return { number: value.value, isCoarse: false };
    if (value.kind !== 'tensor' || value.data.length !== 1) return undefined;
    return { number: value.data[0]!, isCoarse: isFloat32(value) };
  };
  const loss = await lossBy(own.x2);
  const rightLoss = [...(ours.loss(own.x2 as Tensor<[number]>, t).elements() as Float64Array)];
  values.push({
    stage: 'loss',
    name: 'loss',
    lines: definitionOf('loss'),
    ...heldAgainst(
      loss && { kind: 'tensor', dtype: 'float64', shape: [], data: Float64Array.of(loss.number) },
      [],
      rightLoss,
      loss?.isCoarse ? 1e-6 : 1e-9,
    ),
  });
  const slopesAreOurs = loss === undefined || !hasShape(theirs.x2, [b2.numel()]);
  const isCoarse = loss?.isCoarse === true || forwardStages.some(stage => isFloat32(theirs[stage]));
  const [step, tolerance] = isCoarse ? [1e-2, 2e-2] : [1e-5, 1e-6];

  /** The loss with one of the values moved: their functions go on from there. */
  const lossWith = async (moved: Moved): Promise<number | undefined> => {
    if (slopesAreOurs) return ourLoss(network, moved);
    if (moved.x2 !== undefined) return (await lossBy(moved.x2))?.number;
    const substitutes: Record<number, TensorValue> = {};
    for (const stage of forwardStages) {
      if (moved[stage] === undefined) continue;
      if (siteOf[stage] === -1) return undefined;
      substitutes[siteOf[stage]] = onItsWay(moved[stage]);
    }
    const { w1: u1 = w1, b1: c1 = b1, w2: u2 = w2, b2: c2 = b2 } = moved;
    const answer = await ask('forwardPass', [u1, c1, u2, c2, x], substitutes);
    const x2 = answer?.kind === 'returned' && answer.value.kind === 'list' ? answer.value.items[4] : undefined;
    return x2?.kind === 'tensor' && hasShape(x2, [b2.numel()]) ? (await lossBy(tensorOf(x2)))?.number : undefined;
  };
  const slopesBy = async (what: keyof Moved, value: Tensor): Promise<number[] | undefined> => {
    const slopes: number[] = [];
    for (let i = 0; i < value.numel(); i++) {
      const above = await lossWith({ [what]: moved(value, i, step) });
      const below = await lossWith({ [what]: moved(value, i, -step) });
      if (above === undefined || below === undefined) return undefined;
      slopes.push((above - below) / (2 * step));
    }
    return slopes;
  };
  const twoPoints = async (): Promise<TwoPoints | undefined> => {
    const above = await lossWith({ x2: moved(own.x2, 0, step) });
    const below = await lossWith({ x2: moved(own.x2, 0, -step) });
    return above === undefined || below === undefined ? undefined : { step, above, below };
  };

  // back
  const noSums = () => [w1, b1, w2, b2].map(({ shape }) => zeros([...shape], { dtype: 'float64' }) as Tensor);
  const { s1, x1, s2, x2 } = own;
  const back = await ask('backwardPass', [w1, b1, w2, b2, t, x, s1, x1, s2, x2, ...noSums()]);
  const probes = probesOf(back).filter(({ site }) => sites[site]!.within === 'backwardPass');

  const derivative = async (stage: BackwardStage, what: ForwardStage): Promise<Followed> => {
    const slopes = await slopesBy(what, own[what]);
    const shape = [lengths[what]];
    const probe =
      probes.findLast(({ site }) => backwardStageNamed(sites[site]!.name) === stage) ??
      probes.find(({ value }) => heldAgainst(tensorIn(value), shape, slopes, tolerance).differs.length === 0);
    const name = probe === undefined ? camel(stage) : sites[probe.site]!.name;
    const missing =
      probe === undefined && back?.kind === 'returned' ? 'it has no name of its own in `backwardPass`' : undefined;
    const lines = linesNaming('backwardPass', name);
    return {
      stage,
      name,
      lines: [...lines, ...(stage === 'dl_dx2' ? definitionOf('dloss') : [])],
      ...heldAgainst(tensorIn(probe?.value), shape, slopes, tolerance, missing),
    };
  };
  const slopeOfSigma = async (stage: 'dsigma1' | 'dsigma2', of: 's1' | 's2'): Promise<Followed> => {
    const answer = await ask('dsigma', [own[of]]);
    const sigmaAt = async (h: number): Promise<TensorValue | undefined> => {
      const point = await ask('sigma', [own[of].add(h)]);
      return point?.kind === 'returned' ? tensorIn(point.value) : undefined;
    };
    const above = await sigmaAt(step);
    const below = await sigmaAt(-step);
    const slopes =
      above?.data.length === lengths[of] && below?.data.length === lengths[of]
        ? Array.from(above.data, (value, i) => (value - below.data[i]!) / (2 * step))
        : undefined;
    const value = answer?.kind === 'returned' ? tensorIn(answer.value) : undefined;
    const name = `dsigma(${values.find(({ stage }) => stage === of)!.name})`;
    const unheld = '`sigma` gives no numbers at two points';
    const held = heldAgainst(value, [lengths[of]], slopes, tolerance, undefined, unheld);
    return { stage, name, lines: definitionOf('dsigma'), ...held };
  };
  const sum = async (stage: SumStage, argument: number): Promise<Followed> => {
    const name = functions.backwardPass?.parameters[argument] ?? camel(stage);
    const what = stage.slice(-2) as 'w1' | 'b1' | 'w2' | 'b2';
    const probe = probes.findLast(({ site }) => sites[site]!.name === name);
    const value = back?.kind === 'returned' ? back.arguments[argument] : probe?.value;
    const held = heldAgainst(
      tensorIn(value),
      network[what].shape,
      await slopesBy(what, network[what] as Tensor),
      tolerance,
    );
    return { stage, name, lines: linesNaming('backwardPass', name), ...held };
  };

  values.push(await derivative('dl_dx2', 'x2'));
  values.push(await slopeOfSigma('dsigma2', 's2'));
  values.push(await derivative('dl_ds2', 's2'));
  values.push(await derivative('dl_dx1', 'x1'));
  values.push(await slopeOfSigma('dsigma1', 's1'));
  values.push(await derivative('dl_ds1', 's1'));
  for (const [stage, argument] of sumArguments) values.push(await sum(stage, argument));
  return { values, twoPoints: await twoPoints(), slopesAreOurs, isCoarse, failures: [...failures] };
}

function probesOf(answer: Answer | undefined): readonly Probe[] {
  return answer?.kind === 'returned' || answer?.kind === 'threw' ? answer.probes : [];
}

const tensorIn = (value: Probe['value'] | undefined): TensorValue | undefined =>
  value?.kind === 'tensor' ? value : undefined;

function fiveAreWanted(answer: Extract<Answer, { kind: 'returned' }>, functions: Transformed['functions']): string {
  const name = functions.forwardPass!.exportedAs;
  const { value } = answer;
  const came =
    value.kind === 'list' ? `a list of ${value.items.length}` : value.kind === 'other' ? value.what : value.kind;
  return `\`${name}\` gives ${came}, where [x0, s1, x1, s2, x2] is wanted`;
}

/** What is known of a value once it is held against what is expected of it. */
function heldAgainst(
  value: TensorValue | undefined,
  shape: readonly number[],
  expected: ArrayLike<number> | undefined,
  tolerance: number,
  missing = 'the code does not come to it',
  unheld = 'it has no name of its own in the forward pass, so it cannot be moved to two points',
): Pick<Followed, 'shape' | 'numbers' | 'expected' | 'differs' | 'says'> {
  const wanted = expected === undefined ? undefined : Array.from(expected);
  if (value === undefined) return { shape, numbers: undefined, expected: wanted, differs: [], says: missing };
  const numbers = [...value.data];
  if (value.shape.join() !== shape.join()) {
    const says = `its shape is [${value.shape.join(', ')}], where [${shape.join(', ')}] is wanted`;
    return { shape: value.shape, numbers, expected: wanted, differs: [...numbers.keys()], says };
  }
  if (wanted === undefined) {
    return { shape, numbers, expected: wanted, differs: [], says: unheld };
  }
  const largest = Math.max(...wanted.map(Math.abs));
  const isAsExpected = (number: number, i: number) => Math.abs(number - wanted[i]!) <= tolerance * largest + 1e-9;
  const differs = [...numbers.keys()].filter(i => !isAsExpected(numbers[i]!, i));
  return { shape, numbers, expected: wanted, differs, says: undefined };
}

/** A copy in which one entry is moved. */
function moved(value: Tensor, entry: number, by: number): Tensor {
  const { shape, data } = onItsWay(value);
  data[entry]! += by;
  return tensorOf({ kind: 'tensor', dtype: 'float64', shape, data });
}

/** The loss by the practical's own functions, with some of the values in place of what they would be. */
function ourLoss(network: SmallNetwork, moved: Moved): number {
  const { w1, b1, w2, b2, x, t } = { ...network, ...(moved as Partial<SmallNetwork>) };
  const s1 = (moved.s1 as Tensor<[number]>) ?? w1.mv(x).add(b1);
  const x1 = (moved.x1 as Tensor<[number]>) ?? ours.sigma(s1);
  const s2 = (moved.s2 as Tensor<[number]>) ?? w2.mv(x1).add(b2);
  const x2 = (moved.x2 as Tensor<[number]>) ?? ours.sigma(s2);
  return ours.loss(x2, t).item();
}
