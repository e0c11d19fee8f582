import { dsigma, sigma } from '../../practical.ts';
import type { Tensor } from '../../tensor/index.ts';
import type { Answer, TensorValue, Value } from '../protocol.ts';
import { isRight, sameNumbers, sameShape } from './compare.ts';
import { diagnose } from './diagnosis.ts';
import type { Draws } from './draws.ts';
import { type Examinee, type Failure, type Returned, tensorOf } from './examinee.ts';
import { evaluate, type Known } from './expression.ts';
import {
  type Finding,
  failed,
  failure,
  type Hint,
  misbehaved,
  noTensor,
  type Place,
  passed,
  placeOf,
  waiting,
} from './finding.ts';
import { type FormulaStage, formulas } from './formulas.ts';
import { forwardParameters, forwardStageNamed, namesOf } from './names.ts';
import { anotherOrder, changed, leftBehind, loopFound, loopsOf, notThere } from './one-function.ts';
import { failureAmong, hintFor, itemsOf, type Pair, Pass, type PassStage, returnedOnly, sameValue } from './pass.ts';

export const forwardStages = ['s1', 'x1', 's2', 'x2'] as const;
type ForwardStage = (typeof forwardStages)[number];

/** The places in the tuple. */
const tuple: readonly PassStage[] = ['x' as PassStage, ...forwardStages];
/** The stage that each argument takes part in first. */
const firstUse: readonly ForwardStage[] = ['s1', 's1', 's2', 's2', 's1'];

/** Judges the forward pass, stage by stage. */
export async function examineForward(examinee: Examinee, draws: Draws): Promise<Finding[]> {
  const absent = notThere('forwardPass', forwardStages, examinee);
  if (absent !== null) return absent;
  const networks = [0, 1, 2].map(() => draws.network(draws.lengths(3)));
  const pass = new Pass(examinee, 'forwardPass', networks, ({ w1, b1, w2, b2, x }) => [w1, b1, w2, b2, x]);
  const answers = await pass.answers();
  let remembered: Finding | null = null;
  if (failureAmong(answers) === undefined) {
    const { chance, memory } = await pass.repeated(draws.sample(networks[0]!));
    const of = (pair: Pair, id: string) =>
      misbehaved(differing(pair), placeOf(pass.facts), id, { function: pass.facts.exportedAs });
    if (chance !== undefined) return onlyFirst(of(chance, 'random'), pass);
    if (memory !== undefined) remembered = of(memory, 'remembers');
    const whole = noTuple(pass, returnedOnly(answers));
    if (whole !== null) return whole;
  }
  const findings = await new ForwardPass(pass, remembered).examine();
  if (findings.some(({ verdict }) => verdict !== 'passed')) {
    const order = anotherOrder(pass.facts, forwardParameters, i => firstUse[i]!);
    return order === null ? findings : onlyFirst(order, pass);
  }
  return atFullSize(pass, draws, findings);
}

/** All stages wait for the first of them. */
function onlyFirst(first: Finding, pass: Pass): Finding[] {
  return forwardStages.map(stage =>
    stage === first.stage
      ? first
      : forwardStages.indexOf(stage) < forwardStages.indexOf(first.stage as ForwardStage)
        ? passed(stage, placeOf(pass.facts))
        : waiting(stage, placeOf(pass.facts), `It waits for \`${first.stage}\`.`),
  );
}

/** The first stage whose value is another one in the second answer. */
function differing([first, again]: Pair): ForwardStage {
  const [a, b] = [first, again].map(answer => (answer.kind === 'returned' ? itemsOf(answer.value) : []));
  return forwardStages.find((_, i) => !sameValue(a![i + 1], b![i + 1])) ?? 's1';
}

/** Where the answer is not the practical's tuple. */
function noTuple(pass: Pass, answers: readonly Returned[]): Finding[] | null {
  const { facts } = pass;
  const place = placeOf(facts);
  const fill = { function: facts.exportedAs };
  const { value } = answers[0]!;
  if (value.kind !== 'list') {
    if (value.kind === 'nothing' || (value.kind === 'other' && /promise/i.test(value.what)))
      return onlyFirst(noTensor('s1', value, facts)!, pass);
    const what = value.kind === 'tensor' ? 'one tensor' : value.kind === 'other' ? value.what : `a ${value.kind}`;
    return onlyFirst(misbehaved('s1', place, 'no-tuple', { ...fill, what }), pass);
  }
  /** For each of the five, the place where it is found in all draws. */
  const places = tuple.map(stage =>
    value.items.findIndex((_, i) =>
      answers.every((answer, d) => {
        const item = itemsOf(answer.value)[i];
        return item?.kind === 'tensor' && isRight(item, pass.draws[d]![stage]);
      }),
    ),
  );
  const passedBut = (first: Finding) =>
    forwardStages.map(stage => (stage === first.stage ? first : passed(stage, placeOf(facts))));
  if (value.items.length !== 5) {
    const finding = misbehaved('s1', place, 'results-missing', { ...fill, count: value.items.length });
    return places.slice(1).every(i => i !== -1) ? passedBut(finding) : onlyFirst(finding, pass);
  }
  const inOrder = places.every((i, k) => i === k);
  if (inOrder || new Set(places).size !== 5 || places.includes(-1)) return null;
  const wrong = forwardStages.find((_, i) => places[i + 1] !== i + 1) ?? 's1';
  const order = places.map((_, i) => (i === places[0] ? 'x0' : tuple[places.indexOf(i)]!)).join(', ');
  return passedBut(misbehaved(wrong, place, 'results-in-another-order', { ...fill, order }));
}

class ForwardPass {
  readonly #pass: Pass;
  readonly #names = new Map<FormulaStage, string>();
  readonly #places = new Map<ForwardStage, Place>();
  readonly #sites = new Set<number>();
  readonly #remembered: Finding | null;
  /** Parameters whose change was told already. */
  readonly #told = new Set<number>();

  constructor(pass: Pass, remembered: Finding | null) {
    this.#pass = pass;
    this.#remembered = remembered;
  }

  async examine(): Promise<Finding[]> {
    const findings: Finding[] = [];
    let blockedBy: ForwardStage | null = null;
    for (const stage of forwardStages) {
      if (blockedBy !== null) {
        findings.push(waiting(stage, placeOf(this.#pass.facts), `It waits for \`${blockedBy}\`.`));
        continue;
      }
      const { finding, goesOn }: Judged = await this.#judge(stage);
      findings.push(finding);
      if (!goesOn) blockedBy = stage;
    }
    return this.#withConduct(findings);
  }

  async #judge(stage: ForwardStage): Promise<Judged> {
    const pass = this.#pass;
    const answers = await pass.answers();
    const stopped = failureAmong(answers);
    const once = await pass.passedOnce();
    const allNamed = [...once.keys()].filter(site => forwardStageNamed(pass.siteOf(site).name) === stage);
    const named = allNamed.at(-1);
    let values: TensorValue[];
    let site = named;
    if (stopped === undefined) {
      const index = forwardStages.indexOf(stage) + 1;
      const items = returnedOnly(answers).map(({ value }) => itemsOf(value)[index]!);
      const notATensor = items.map(item => noTensor(stage, item, pass.facts)).find(found => found !== null);
      if (notATensor !== undefined) return { finding: notATensor!, goesOn: site !== undefined };
      values = items as TensorValue[];
      const isReturned = (own: number) =>
        once
          .get(own)!
          .every((value, i) => value.data.length === values[i]!.data.length && sameNumbers(value, values[i]!));
      const identity = returnedOnly(answers)[0]!.sitesOfReturned[index] ?? -1;
      const isNamed = named !== undefined && isReturned(named);
      // where two stages are one value, the second one has another name for it
      const another = this.#sites.has(identity)
        ? [...once.keys()].filter(own => !this.#sites.has(own) && isReturned(own)).at(-1)
        : identity;
      if (identity !== -1 && !isNamed) site = another;
    } else if (named !== undefined) {
      values = once.get(named)!;
    } else {
      return this.#stopped(stage, stopped);
    }
    if (site !== undefined) this.#sites.add(site);
    const place = site === undefined ? placeOf(pass.facts) : pass.siteOf(site);
    this.#places.set(stage, { file: place.file, line: place.line });
    if (site !== undefined) this.#names.set(stage, pass.siteOf(site).name);
    if (pass.areRight(values, stage)) {
      const unchanged = stage === 's1' && stopped === undefined ? this.#firstOfTuple(returnedOnly(answers)) : null;
      return { finding: unchanged ?? passed(stage, place), goesOn: true };
    }

    const computed = site === undefined ? undefined : once.get(site);
    const rightAtFirst = allNamed.find(own => pass.areRight(once.get(own)!, stage));
    if (rightAtFirst !== undefined && stopped === undefined) {
      const { name, line, file, text } = pass.siteOf(rightAtFirst);
      const since = site === undefined || site === rightAtFirst ? '' : pass.siteOf(site).text;
      const inPlace =
        site === rightAtFirst || (site !== undefined && pass.siteOf(site).inPlace) || /\w_\s*\(/.test(since);
      if (inPlace)
        return { finding: misbehaved(stage, { file, line }, 'changed-afterwards', { name, text }), goesOn: true };
      const instead = site === undefined ? 'something else' : `\`${pass.siteOf(site).name}\``;
      const fill = { function: pass.facts.exportedAs, line: pass.facts.line, name, instead };
      return { finding: misbehaved(stage, { file, line }, 'returns-another', fill), goesOn: true };
    }
    if (site !== undefined && computed !== undefined) {
      const form = pass.formOf(computed, stage);
      const isReturnedAs = computed.every((value, i) => sameValue(value, values[i]));
      // where a column is given back as a vector, it goes on as a column
      pass.putIn(site, stage, isReturnedAs ? 'vector' : (form ?? 'vector'));
    }
    const same = computed?.every((value, i) => sameNumbers(value, values[i]!)) ?? false;
    const damage = this.#damage(stage, values, answers);
    if (damage !== null) return { finding: damage, goesOn: same };
    const nameOf = namesOf(forwardParameters, pass.facts, this.#names);
    const known = forwardStages.slice(0, forwardStages.indexOf(stage));
    const { mistake, says } = diagnose(
      stage,
      values.map((theirs, i) => ({ theirs, right: pass.draws[i]![stage], known: knownOf(pass.draws[i]!, known) })),
      {
        subject: site === undefined ? `\`${stage}\`` : `\`${pass.siteOf(site).name}\` (line ${place.line})`,
        verb: 'is',
        text: site === undefined ? '' : pass.siteOf(site).text,
        nameOf,
        nameless: [],
      },
    );
    return { finding: failed(stage, place, mistake, says), goesOn: same };
  }

  /** Whether it is right but for an argument that was changed first, or that another value was put in place of. */
  #damage(stage: ForwardStage, values: readonly TensorValue[], answers: readonly Answer[]): Finding | null {
    const { draws, facts } = this.#pass;
    const isRightWith = (name: string, changed: (answer: Returned) => Value | undefined) =>
      answers.every((answer, i) => {
        const after = answer.kind === 'returned' ? changed(answer) : undefined;
        const right = draws[i]! as Known;
        if (after?.kind !== 'tensor' || !sameShape(after.shape, right[name]!.shape)) return false;
        return isRight(values[i]!, evaluate(formulas[stage], { ...right, [name]: tensorOf(after) }));
      });
    for (const [j, name] of forwardParameters.entries()) {
      if (!isRightWith(name, answer => answer.arguments[j])) continue;
      this.#told.add(j);
      return changed(stage, facts, j);
    }
    if (stage === 's1' && isRightWith('x', ({ value }) => itemsOf(value)[0]))
      return misbehaved(stage, placeOf(facts), 'x0-wrong', { function: facts.exportedAs });
    return null;
  }

  /** Where the pass stopped before this stage had a value. */
  async #stopped(stage: ForwardStage, stopped: Failure): Promise<Judged> {
    const pass = this.#pass;
    const finding = failure(stage, stopped, pass.facts, pass.examinee, this.#hint(stage));
    const sites = pass.examinee.transformed.sites;
    const at = sites.findIndex(
      ({ file, line, name }) => file === finding.file && line === finding.line && forwardStageNamed(name) === stage,
    );
    if (stopped.kind !== 'threw' || at === -1) return { finding, goesOn: false };
    pass.putIn(at, stage);
    this.#names.set(stage, sites[at]!.name);
    const again = failureAmong(await pass.answers());
    return { finding, goesOn: again === undefined || (again.kind === 'threw' && again.line !== stopped.line) };
  }

  #hint(stage: ForwardStage): Hint {
    const { facts, draws } = this.#pass;
    const nameOf = namesOf(forwardParameters, facts, this.#names);
    return hintFor({ stage, draw: draws[0]!, nameOf, parameters: facts.parameters });
  }

  /** x0 has no stage of its own. */
  #firstOfTuple(answers: readonly Returned[]): Finding | null {
    const { draws, facts } = this.#pass;
    const first = answers.map(({ value }) => itemsOf(value)[0]!);
    const isOf = (f: (i: number) => Tensor) => first.every((item, i) => item.kind === 'tensor' && isRight(item, f(i)));
    if (isOf(i => draws[i]!.x)) return null;
    const activated = isOf(i => sigma(draws[i]!.x)) || isOf(i => dsigma(draws[i]!.x));
    return misbehaved('s1', placeOf(facts), activated ? 'x0-activated' : 'x0-wrong', { function: facts.exportedAs });
  }

  /** What is wrong besides the numbers falls to the stage that it has to do with. */
  async #withConduct(findings: Finding[]): Promise<Finding[]> {
    const pass = this.#pass;
    const answers = returnedOnly(await pass.answers());
    const blame = (found: Finding | null) => {
      const i = findings.findIndex(({ stage }) => stage === found?.stage);
      if (found !== null && findings[i]?.verdict === 'passed') findings[i] = found;
    };
    for (const [d, answer] of answers.entries()) {
      const given = pass.draws[d]!;
      for (const [j, name] of forwardParameters.entries()) {
        const after = answer.arguments[j];
        if (this.#told.has(j) || (after?.kind === 'tensor' && isRight(after, given[name]))) continue;
        blame(changed(firstUse[j]!, pass.facts, j));
      }
    }
    blame(leftBehind('s1', answers, pass.facts));
    blame(this.#remembered);
    for (const loop of loopsOf('forwardPass', pass.examinee)) {
      const own = forwardStages.find(stage => {
        const name = this.#names.get(stage);
        return loop.changes.some(other => (name === undefined ? forwardStageNamed(other) === stage : other === name));
      });
      const after = forwardStages.find(s => (this.#places.get(s)?.line ?? 0) >= loop.line) ?? 'x2';
      blame(loopFound(own ?? after, loop));
    }
    return findings;
  }
}

interface Judged {
  readonly finding: Finding;
  /** Whether the stages after this one can be judged. */
  readonly goesOn: boolean;
}

function knownOf(draw: Readonly<Record<string, Tensor>>, stages: readonly string[]) {
  return Object.fromEntries([...forwardParameters, ...stages].map(name => [name, draw[name]!]));
}

/** The practical's own size, once everything is right on small networks. */
async function atFullSize(pass: Pass, draws: Draws, findings: Finding[]): Promise<Finding[]> {
  const draw = draws.network([784, 50, 10]);
  const answer = await pass.ask(draw);
  if (answer.kind !== 'returned') {
    const stopped = failure(
      's1',
      answer,
      pass.facts,
      pass.examinee,
      hintFor({ stage: 's1', draw, nameOf: name => name, parameters: pass.facts.parameters }),
    );
    return onlyFirst(stopped, pass);
  }
  const items = itemsOf(answer.value);
  const wrong = forwardStages.find((stage, i) => {
    const item = items[i + 1];
    return item?.kind !== 'tensor' || !isRight(item, draw[stage]);
  });
  if (wrong === undefined) return findings;
  const found = findings.find(({ stage }) => stage === wrong)!;
  return onlyFirst(misbehaved(wrong, found, 'only-at-full-size', { subject: `\`${wrong}\`` }), pass);
}
