import { dloss, dsigma, loss, sigma } from '../../practical.ts';
import { Tensor } from '../../tensor/index.ts';
import type { FunctionFacts, FunctionName, Loop, TensorValue } from '../protocol.ts';
import { homeOf } from '../source/functions.ts';
import type { StageName } from '../verdict.ts';
import { firstWrong, identical, isRight } from './compare.ts';
import { diagnose, type Observation } from './diagnosis.ts';
import type { Draws } from './draws.ts';
import { type Examinee, onItsWay, type Returned } from './examinee.ts';
import { type Finding, failure, misbehaved, noTensor, passed, placeOf } from './finding.ts';
import { parameterNamed } from './names.ts';
import { shown } from './words.ts';

/** The functions that a stage each asks for. */
export type OneFunction = 'sigma' | 'dsigma' | 'loss' | 'dloss';

const parametersOf: Readonly<Record<OneFunction, readonly string[]>> = {
  sigma: ['x'],
  dsigma: ['x'],
  loss: ['v', 't'],
  dloss: ['v', 't'],
};

/** Judges sigma, dsigma, loss or dloss: on tensors of none to three dimensions, twice the same, and far out. */
export async function examineFunction(stage: OneFunction, examinee: Examinee, draws: Draws): Promise<Finding> {
  const absent = notThere(stage, [stage], examinee);
  if (absent !== null) return absent[0]!;
  const facts = examinee.factsOf(stage)!;
  const place = placeOf(facts);
  const fill = { function: facts.exportedAs };
  const names = parametersOf[stage];
  const [n, r, c, k] = draws.lengths(4);
  const samples = [[n!], [], [r!, c!], [k!, n!, c!]].map(shape => names.map(() => draws.normal(shape)));
  samples.push(names.map(() => draws.normal([c!]).abs())); // where a logarithm, too, is a number

  const order = anotherOrder(facts, names, () => stage);
  const answers: Returned[] = [];
  // the first sample again at once, and again at the end: neither chance nor memory may play a part
  for (const sample of [samples[0]!, ...samples, samples[0]!]) {
    const answer = await examinee.ask(stage, sample);
    if (answer.kind !== 'returned') return order ?? failure(stage, answer, facts, examinee);
    const wrongKind = noTensor(stage, answer.value, facts);
    if (wrongKind !== null) return wrongKind;
    answers.push(answer);
  }
  const values = answers.map(({ value }) => value as TensorValue);
  if (!identical(values[0]!, values[1]!)) return misbehaved(stage, place, 'random', fill);
  if (!identical(values[0]!, values.at(-1)!)) return misbehaved(stage, place, 'remembers', fill);

  const observations = samples.map((sample, i): Observation => {
    const known = Object.fromEntries(names.map((name, j) => [name, sample[j]!]));
    return { known, theirs: values[i + 1]!, right: reference(stage, sample) };
  });
  if (observations.some(({ theirs, right }) => !isRight(theirs, right))) {
    if (values[0]!.data.every(Number.isFinite) && values.every(value => identical(value, values[0]!)))
      return misbehaved(stage, place, 'ignores-its-argument', fill);
    if (order !== null) return order;
    const { mistake, says } = diagnose(stage, observations, {
      subject: `\`${facts.exportedAs}\` (line ${facts.line})`,
      verb: 'computes',
      text: '',
      nameOf: name => facts.parameters[names.indexOf(name)] ?? name,
      nameless: [],
    });
    return { ...passed(stage, place), verdict: 'failed', mistake, says };
  }
  return (
    changedArguments(stage, answers.slice(1, -1), samples, facts) ??
    (stage === 'sigma' ? await saturates(examinee, facts) : null) ??
    leftBehind(stage, answers, facts) ??
    loopIn(stage, stage, examinee) ??
    passed(stage, place)
  );
}

function reference(stage: OneFunction, [v, t]: readonly Tensor[]): Tensor {
  switch (stage) {
    case 'sigma':
      return sigma(v!);
    case 'dsigma':
      return dsigma(v!);
    case 'loss':
      return loss(v!, t!) as Tensor;
    case 'dloss':
      return dloss(v!, t!);
  }
}

/** tanh is ±1 far out, where e^x is no number any more. */
async function saturates(examinee: Examinee, facts: FunctionFacts): Promise<Finding | null> {
  const far = new Tensor(Float64Array.of(1000, -1000), [2], 'float64');
  const answer = await examinee.ask('sigma', [far]);
  if (answer.kind !== 'returned') return failure('sigma', answer, facts, examinee);
  if (answer.value.kind !== 'tensor') return noTensor('sigma', answer.value, facts);
  const i = firstWrong(answer.value, sigma(far));
  if (i === -1) return null;
  const fill = { theirs: shown(answer.value.data[i]!), x: shown(far.elements()[i]!), right: i === 0 ? '1' : '−1' };
  return misbehaved('sigma', placeOf(facts), 'sigma-overflows', { function: facts.exportedAs, ...fill });
}

/** Whether an argument is another after the call. */
function changedArguments(
  stage: StageName,
  answers: readonly Returned[],
  samples: readonly (readonly Tensor[])[],
  facts: FunctionFacts,
): Finding | null {
  for (const [i, answer] of answers.entries()) {
    for (const [j, argument] of samples[i]!.entries()) {
      const after = answer.arguments[j];
      if (after?.kind === 'tensor' && identical(after, onItsWay(argument))) continue;
      return changed(stage, facts, j);
    }
  }
  return null;
}

/** A parameter that is changed, with the line of theirs that does it where there is one. */
export function changed(stage: StageName, facts: FunctionFacts, parameter: number): Finding {
  const name = facts.parameters[parameter] ?? `argument ${parameter + 1}`;
  const by = facts.changes[name]?.[0];
  const place = { file: facts.file, line: by?.line ?? facts.line };
  if (by === undefined) return misbehaved(stage, place, 'changes-its-argument', { function: facts.exportedAs, name });
  return misbehaved(stage, place, 'changes-its-argument-in-place', { name, method: by.method });
}

/** Names on the global object that were not there before. */
export function leftBehind(stage: StageName, answers: readonly Returned[], facts: FunctionFacts): Finding | null {
  const name = answers.flatMap(({ newGlobals }) => newGlobals)[0];
  return name === undefined
    ? null
    : misbehaved(stage, placeOf(facts), 'leaves-a-global', { function: facts.exportedAs, name });
}

/** The first loop in a function, or in what it uses of their own. */
export function loopIn(stage: StageName, name: FunctionName, examinee: Examinee): Finding | null {
  const loop = loopsOf(name, examinee)[0];
  return loop === undefined ? null : loopFound(stage, loop);
}

export function loopFound(stage: StageName, { kind, within, file, line }: Loop): Finding {
  return misbehaved(stage, { file, line }, kind === 'recursion' ? 'recursion' : 'loop', { kind, within });
}

export function loopsOf(name: FunctionName, { transformed }: Examinee): readonly Loop[] {
  return transformed.loops.filter(({ within }) => within === name);
}

/** Where a function has the practical's parameters in another order, this is what is wrong, at the first one's stage. */
export function anotherOrder(
  facts: FunctionFacts,
  names: readonly string[],
  stageOf: (parameter: number) => StageName,
): Finding | null {
  const theirs = facts.parameters.map(name => parameterNamed(name, names) ?? name);
  const isMoved = theirs.filter((name, i) => names.includes(name) && name !== names[i]).length > 1;
  if (!isMoved || theirs.length !== names.length || new Set(theirs).size < theirs.length) return null;
  const fill = { function: facts.exportedAs, theirs: facts.parameters.join(', '), right: names.join(', ') };
  const first = theirs.findIndex((name, i) => names.includes(name) && name !== names[i]);
  return misbehaved(stageOf(first), placeOf(facts), 'parameters-in-another-order', fill);
}

/** The findings for all stages of a function that is not written, not exported, or exported under a wrong name. */
export function notThere(name: FunctionName, stages: readonly StageName[], examinee: Examinee): Finding[] | null {
  const facts = examinee.factsOf(name);
  if (facts !== undefined && !facts.untouched) return null;
  const missing = (id: string, fill: string, file = '') =>
    stages.map(
      (stage): Finding => ({ ...misbehaved(stage, placeOf(facts), id, { function: fill, file }), verdict: 'missing' }),
    );
  if (facts !== undefined) return missing('nothing-written', facts.exportedAs);
  const near = examinee.transformed.misspelt.find(({ meant }) => meant === name);
  if (near === undefined) {
    const file = emptyHomeOf(name, examinee);
    if (file === undefined) return missing('not-exported', name);
    return missing(examinee.gone.includes(file) ? 'file-gone' : 'file-empty', name, file);
  }
  const fill = { found: near.name, function: near.name.includes('_') ? snake(name) : name };
  const [first, ...rest] = stages;
  const id = near.name === fill.function ? 'export-missing' : 'misspelt-export';
  return [
    misbehaved(first!, near, id, fill),
    ...rest.map((stage): Finding => ({ ...misbehaved(stage, near, id, fill), verdict: 'waiting', mistake: null })),
  ];
}

/** The file that a function belongs to, or the only one, where nothing is in it. */
function emptyHomeOf(name: FunctionName, { sources }: Examinee): string | undefined {
  const files = Object.keys(sources);
  const home =
    files.find(file => file.split('/').at(-1) === homeOf[name]) ?? (files.length === 1 ? files[0] : undefined);
  return home !== undefined && sources[home]!.trim() === '' ? home : undefined;
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, capital => `_${capital.toLowerCase()}`);
}
