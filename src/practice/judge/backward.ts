import { type Tensor, zeros } from '../../tensor/index.ts';
import type { Answer, Site, TensorValue } from '../protocol.ts';
import { isRight } from './compare.ts';
import { diagnose } from './diagnosis.ts';
import type { Draws, NetworkDraw } from './draws.ts';
import { type Examinee, type Failure, onItsWay, type Returned, tensorOf } from './examinee.ts';
import { type Finding, failed, failure, misbehaved, type Place, passed, placeOf, waiting } from './finding.ts';
import type { FormulaStage } from './formulas.ts';
import { backwardParameters, backwardStageNamed, camel, namesOf } from './names.ts';
import { anotherOrder, changed, leftBehind, loopFound, loopsOf, notThere } from './one-function.ts';
import { failureAmong, hintFor, Pass, probesOf, returnedOnly, sameValue } from './pass.ts';

const valueStages = ['dl_dx2', 'dl_ds2', 'dl_dx1', 'dl_ds1'] as const;
const sumStages = ['dl_dw2', 'dl_db2', 'dl_dw1', 'dl_db1'] as const;
type ValueStage = (typeof valueStages)[number];
type SumStage = (typeof sumStages)[number];
type Stage = ValueStage | SumStage;

export const backwardStages: readonly (Stage | 'accumulation')[] = [...valueStages, ...sumStages, 'accumulation'];

/** The sums among the arguments. */
const sumArguments: Readonly<Record<SumStage, number>> = { dl_dw1: 10, dl_db1: 11, dl_dw2: 12, dl_db2: 13 };

/** The stage that each other argument has to do with first. */
const firstUse: readonly Stage[] = [
  'dl_dw1',
  'dl_db1',
  'dl_dx1',
  'dl_db2',
  'dl_dx2',
  'dl_dw1',
  'dl_ds1',
  'dl_dw2',
  'dl_ds2',
  'dl_dx2',
];

/** What is known where a stage begins, besides the arguments. */
const before: Readonly<Record<Stage, readonly ValueStage[]>> = {
  dl_dx2: [],
  dl_ds2: ['dl_dx2'],
  dl_dx1: ['dl_dx2', 'dl_ds2'],
  dl_ds1: ['dl_dx2', 'dl_ds2', 'dl_dx1'],
  dl_dw2: valueStages,
  dl_db2: valueStages,
  dl_dw1: valueStages,
  dl_db1: valueStages,
};

/** The value that each stage is made of. */
const madeOf: Readonly<Record<Stage, ValueStage | null>> = {
  dl_dx2: null,
  dl_ds2: 'dl_dx2',
  dl_dx1: 'dl_ds2',
  dl_ds1: 'dl_dx1',
  dl_dw2: 'dl_ds2',
  dl_db2: 'dl_ds2',
  dl_dw1: 'dl_ds1',
  dl_db1: 'dl_ds1',
};

type Sums = Readonly<Record<SumStage, Tensor>>;

function argumentsFor(draw: NetworkDraw, sums: Sums): Tensor[] {
  const { w1, b1, w2, b2, t, x, s1, x1, s2, x2 } = draw;
  return [w1, b1, w2, b2, t, x, s1, x1, s2, x2, sums.dl_dw1, sums.dl_db1, sums.dl_dw2, sums.dl_db2];
}

function sumsFor(draw: NetworkDraw, make: (shape: readonly number[]) => Tensor): Sums {
  return {
    dl_dw2: make(draw.w2.shape),
    dl_db2: make(draw.b2.shape),
    dl_dw1: make(draw.w1.shape),
    dl_db1: make(draw.b1.shape),
  };
}

const atZero = (draw: NetworkDraw): Sums => sumsFor(draw, shape => zeros([...shape], { dtype: 'float64' }) as Tensor);

/** Judges the backward pass: the values on the way, what is added to the four sums, and how the sums grow. */
export async function examineBackward(examinee: Examinee, draws: Draws): Promise<Finding[]> {
  const absent = notThere('backwardPass', backwardStages, examinee);
  if (absent !== null) return absent;
  const networks = [0, 1, 2].map(() => draws.network(draws.lengths(3)));
  const pass = new Pass(examinee, 'backwardPass', networks, draw => argumentsFor(draw, atZero(draw)));
  return new BackwardPass(pass, draws).examine();
}

/** All stages wait for the first. */
function onlyFirst(first: Finding, pass: Pass): Finding[] {
  const wait = `It waits for \`${first.stage}\`.`;
  return backwardStages.map(stage => (stage === first.stage ? first : waiting(stage, placeOf(pass.facts), wait)));
}

class BackwardPass {
  readonly #pass: Pass;
  readonly #draws: Draws;
  readonly #findings = new Map<Stage | 'accumulation', Finding>();
  /** The sites that were found, by the stage that they compute. */
  readonly #sites = new Map<Stage, number>();
  readonly #names = new Map<FormulaStage, string>();
  #blockedBy: Stage | null = null;
  #allRight = false;

  constructor(pass: Pass, draws: Draws) {
    this.#pass = pass;
    this.#draws = draws;
  }

  async examine(): Promise<Finding[]> {
    const pass = this.#pass;
    const plain = await pass.answers();
    const stopped = failureAmong(plain);
    if (stopped !== undefined && stopped.kind !== 'threw')
      return onlyFirst(failure('dl_dx2', stopped, pass.facts, pass.examinee), pass);
    if (stopped === undefined) {
      const unsteady = await this.#unsteady(returnedOnly(plain));
      if (unsteady !== null) return unsteady;
      this.#allRight = sumStages.every(stage => this.#sumIsRight(stage, returnedOnly(plain)));
    }
    for (const stage of valueStages) await this.#judgeValue(stage);
    for (const stage of sumStages) await this.#judgeSum(stage);
    this.#findings.set('accumulation', await this.#judgeAccumulation());
    await this.#conduct();
    await this.#atFullSize();
    const wrong = [...this.#findings.values()].some(({ verdict }) => verdict !== 'passed');
    const order = wrong ? anotherOrder('dl_dx2', pass.facts, backwardParameters) : null;
    if (order !== null) return onlyFirst(order, pass);
    return backwardStages.map(stage => this.#findings.get(stage)!);
  }

  #place(stage: Stage): Place {
    const site = this.#sites.get(stage);
    if (site !== undefined) {
      const { file, line } = this.#pass.siteOf(site);
      return { file, line };
    }
    const { facts } = this.#pass;
    const sum = facts.parameters[sumArguments[stage as SumStage] ?? -1];
    const added = sum === undefined ? undefined : facts.changes[sum]?.[0];
    return added === undefined ? placeOf(facts) : { file: facts.file, line: added.line };
  }

  #nameOf(): (name: string) => string {
    return namesOf(backwardParameters, this.#pass.facts, this.#names);
  }

  /** The values without a name that a stage is made of, the earliest first. */
  #nameless(stage: Stage): ValueStage[] {
    const from = madeOf[stage];
    return from === null || this.#sites.has(from) ? [] : [...this.#nameless(from), from];
  }

  // ————— the values on the way —————

  async #judgeValue(stage: ValueStage): Promise<void> {
    const pass = this.#pass;
    if (this.#blockedBy !== null) return this.#wait(stage);
    const site = await this.#siteFor(stage);
    if (site === undefined) {
      const stopped = failureAmong(await pass.answers());
      if (stopped !== undefined && this.#stoppedIn(stopped) === stage) await this.#stop(stage, stopped);
      return; // without a name: it is judged in what it flows into
    }
    this.#sites.set(stage, site);
    this.#names.set(stage, pass.siteOf(site).name);
    const values = (await pass.passedOnce()).get(site)!;
    const place = this.#place(stage);
    if (pass.areRight(values, stage)) {
      this.#findings.set(stage, passed(stage, place));
      return;
    }
    this.#findings.set(stage, this.#wrong(stage, values, `\`${pass.siteOf(site).name}\` (line ${place.line})`));
    pass.putIn(site, stage);
  }

  /** The site that computes a stage: by its value, by its name, or because all is better with the right value there. */
  async #siteFor(stage: ValueStage): Promise<number | undefined> {
    const pass = this.#pass;
    const once = await pass.passedOnce();
    const taken = new Set(this.#sites.values());
    const free = [...once.keys()].filter(site => !taken.has(site) && !pass.siteOf(site).rebinds);
    const named = free.filter(site => backwardStageNamed(pass.siteOf(site).name) === stage);
    const right = free.filter(site => pass.areRight(once.get(site)!, stage));
    const best = right.find(site => named.includes(site)) ?? right[0];
    if (best !== undefined) return best;
    const isNamed = (other: ValueStage) =>
      [...once.keys()].some(site => backwardStageNamed(pass.siteOf(site).name) === other);
    /** It has the right value of another stage, and no other site is that one's. */
    const ofAnother = (site: number) =>
      valueStages.some(
        other => other !== stage && !isNamed(other) && !this.#sites.has(other) && pass.areRight(once.get(site)!, other),
      );
    if (this.#allRight) {
      const exactly = (site: number) => [stage, camel(stage)].includes(pass.siteOf(site).name);
      return named.filter(exactly).at(-1);
    }
    const byName = named.filter(site => !ofAnother(site)).at(-1);
    if (byName !== undefined) return byName;
    const others = free.filter(site => backwardStageNamed(pass.siteOf(site).name) === null && !ofAnother(site));
    return this.#bestWith(stage, others);
  }

  /** The site at which the right value of a stage makes more of what follows right. */
  async #bestWith(stage: ValueStage, sites: readonly number[]): Promise<number | undefined> {
    const pass = this.#pass;
    const draw = pass.draws[0]!;
    let most = this.#countRight((await pass.answers())[0]!, draw, stage);
    let best: number | undefined;
    for (const site of sites) {
      const right = this.#countRight(
        await pass.ask(draw, argumentsFor(draw, atZero(draw)), [site, stage]),
        draw,
        stage,
      );
      if (right > most) [most, best] = [right, site];
    }
    return best;
  }

  /** How many of the later values and of the sums are right in one answer. */
  #countRight(answer: Answer, draw: NetworkDraw, stage: ValueStage): number {
    const later = valueStages.slice(valueStages.indexOf(stage) + 1);
    const values = answer.kind === 'returned' || answer.kind === 'threw' ? answer.probes.map(({ value }) => value) : [];
    const reached = later.filter(name => values.some(value => value.kind === 'tensor' && isRight(value, draw[name])));
    if (answer.kind !== 'returned') return reached.length;
    const sums = sumStages.filter(name => {
      const value = this.#sumIn(name, answer);
      return value !== undefined && isRight(value, draw[name]);
    });
    return reached.length + 2 * sums.length;
  }

  #wrong(stage: Stage, values: readonly TensorValue[], subject: string): Finding {
    const site = this.#sites.get(stage);
    const { draws } = this.#pass;
    const known = [...backwardParameters.slice(0, 10), ...before[stage]] as (keyof NetworkDraw)[];
    const observations = values.map((theirs, i) => ({
      theirs,
      right: draws[i]![stage],
      known: Object.fromEntries(known.map(name => [name, draws[i]![name]])),
    }));
    const text = site === undefined ? '' : this.#pass.siteOf(site).text;
    const wording = { subject, verb: 'is', text, nameOf: this.#nameOf(), nameless: this.#nameless(stage) } as const;
    const { mistake, says } = diagnose(stage, observations, wording);
    return failed(stage, this.#place(stage), mistake, says);
  }

  // ————— the sums —————

  async #judgeSum(stage: SumStage): Promise<void> {
    const pass = this.#pass;
    if (this.#blockedBy !== null) return this.#wait(stage);
    const answers = await pass.answers();
    const stopped = failureAmong(answers);
    if (stopped !== undefined) {
      const at = this.#stoppedIn(stopped);
      if (at === null || at === stage || stage === sumStages.at(-1)) return this.#stop(stage, stopped);
      this.#findings.set(stage, waiting(stage, this.#place(stage), `It waits for \`${at}\`.`));
      return;
    }
    const returned = returnedOnly(answers);
    const place = this.#rebinding(stage) ?? this.#place(stage);
    if (this.#sumIsRight(stage, returned)) {
      this.#findings.set(stage, passed(stage, place));
      return;
    }
    const sum = this.#nameOf()(stage);
    const values = returned.map(answer => this.#sumIn(stage, answer)!);
    if (values.every(({ data }) => data.every(x => x === 0))) {
      this.#findings.set(stage, misbehaved(stage, place, 'gradient-forgotten', { sum }));
      return;
    }
    this.#findings.set(stage, this.#wrong(stage, values, `What is added to \`${sum}\` (line ${place.line})`));
  }

  #sumIsRight(stage: SumStage, answers: readonly Returned[]): boolean {
    return answers.every((answer, i) => {
      const value = this.#sumIn(stage, answer);
      return value !== undefined && isRight(value, this.#pass.draws[i]![stage]);
    });
  }

  /** What one call added to a sum that was zero: also where it was given to a variable that nobody sees. */
  #sumIn(stage: SumStage, answer: Returned): TensorValue | undefined {
    const after = answer.arguments[sumArguments[stage]];
    const site = this.#rebinding(stage);
    if (after?.kind === 'tensor' && (site === undefined || after.data.some(x => x !== 0))) return after;
    const value = site === undefined ? undefined : probesOf(answer, site.number).at(-1);
    return value?.kind === 'tensor' ? value : undefined;
  }

  /** The site at which a sum gets another value: `dlDw2 = …`. */
  #rebinding(stage: SumStage): (Site & { readonly number: number }) | undefined {
    const { facts, examinee } = this.#pass;
    const name = facts.parameters[sumArguments[stage]];
    const { sites } = examinee.transformed;
    const number = sites.findIndex(site => site.rebinds && site.name === name && site.file === facts.file);
    return number === -1 ? undefined : { ...sites[number]!, number };
  }

  // ————— where it stops —————

  /** The stage whose line it was, where the line tells. */
  #stoppedIn(stopped: Failure): Stage | null {
    if (stopped.kind !== 'threw' || stopped.line === null) return null;
    const { facts, examinee } = this.#pass;
    for (const stage of sumStages) {
      const sum = facts.parameters[sumArguments[stage]];
      if (sum !== undefined && facts.changes[sum]?.some(({ line }) => line === stopped.line)) return stage;
      if (this.#rebinding(stage)?.line === stopped.line) return stage;
    }
    const site = examinee.transformed.sites.find(({ file, line }) => file === stopped.file && line === stopped.line);
    const named = site === undefined ? null : (backwardStageNamed(site.name) as Stage | null);
    if (named !== null) return named;
    // the first value that is not there yet
    return valueStages.find(stage => !this.#sites.has(stage)) ?? null;
  }

  /** It stops in this stage. With the right value in its place it may go on. */
  async #stop(stage: Stage, stopped: Failure): Promise<void> {
    const pass = this.#pass;
    const finding = failure(stage, stopped, pass.facts, pass.examinee, hintFor(stage));
    this.#findings.set(stage, finding);
    const { sites } = pass.examinee.transformed;
    const at = sites.findIndex(({ file, line, rebinds }) => !rebinds && file === finding.file && line === finding.line);
    if (stopped.kind === 'threw' && at !== -1) {
      pass.putIn(at, stage);
      const again = failureAmong(await pass.answers());
      if (again === undefined || (again.kind === 'threw' && again.line !== stopped.line)) {
        this.#sites.set(stage, at);
        this.#names.set(stage, sites[at]!.name);
        return;
      }
    }
    this.#blockedBy = stage;
  }

  #wait(stage: Stage): void {
    const says = `It waits for \`${this.#nameOf()(this.#blockedBy!)}\`.`;
    this.#findings.set(stage, waiting(stage, this.#place(stage), says));
  }

  async #unsteady(plain: readonly Returned[]): Promise<Finding[] | null> {
    const pass = this.#pass;
    const draw = pass.draws[0]!;
    const again = await pass.ask(draw);
    if (again.kind !== 'returned') return null;
    const stage = sumStages.find(
      name => !sameValue(plain[0]!.arguments[sumArguments[name]], again.arguments[sumArguments[name]]),
    );
    if (stage === undefined) return null;
    const third = await pass.ask(draw);
    const steady =
      third.kind === 'returned' &&
      sameValue(again.arguments[sumArguments[stage]], third.arguments[sumArguments[stage]]);
    const fill = { function: pass.facts.exportedAs };
    const first = misbehaved(stage, this.#place(stage), steady ? 'remembers' : 'random', fill);
    return backwardStages.map(name => {
      if (name === stage) return first;
      if (backwardStages.indexOf(name) < backwardStages.indexOf(stage)) return passed(name, placeOf(pass.facts));
      return waiting(name, placeOf(pass.facts), `It waits for \`${stage}\`.`);
    });
  }

  // ————— how the sums grow —————

  /** Two samples, one after the other, into sums that do not start at zero. */
  async #judgeAccumulation(): Promise<Finding> {
    const pass = this.#pass;
    const here = placeOf(pass.facts);
    const right = sumStages.filter(stage => this.#findings.get(stage)?.verdict === 'passed');
    if (right.length === 0 || this.#blockedBy !== null)
      return waiting('accumulation', here, 'It waits for what is added to the sums.');
    const first = pass.draws[0]!;
    let sums = sumsFor(first, shape => this.#draws.normal(shape));
    for (const draw of [first, this.#draws.sample(first)]) {
      const own = await pass.ask(draw);
      const answer = await pass.ask(draw, argumentsFor(draw, sums));
      for (const given of [own, answer])
        if (given.kind !== 'returned') return failure('accumulation', given, pass.facts, pass.examinee);
      const [added, after] = [own, answer] as [Returned, Returned];
      const grown = {} as Record<SumStage, Tensor>;
      for (const stage of sumStages) {
        const value = after.arguments[sumArguments[stage]];
        if (value?.kind !== 'tensor') return waiting('accumulation', here, 'It waits for what is added to the sums.');
        grown[stage] = tensorOf(value);
        const contribution = this.#sumIn(stage, added);
        if (!right.includes(stage) || contribution === undefined) continue;
        const wrong = this.#growth(stage, sums[stage], tensorOf(contribution), value);
        if (wrong !== null) return wrong;
      }
      sums = grown;
    }
    return passed('accumulation', here);
  }

  #growth(stage: SumStage, start: Tensor, added: Tensor, after: TensorValue): Finding | null {
    if (isRight(after, start.add(added) as Tensor)) return null;
    const sum = this.#nameOf()(stage);
    const rebinding = this.#rebinding(stage);
    const place = rebinding ?? this.#place(stage);
    const is = (wanted: Tensor): boolean => isRight(after, wanted);
    const mistake = (id: string, fill = {}) =>
      misbehaved('accumulation', { file: place.file, line: place.line }, id, { sum, ...fill });
    if (is(start)) return mistake(rebinding === undefined ? 'sum-unchanged' : 'sum-rebound');
    if (is(added)) return mistake('sum-overwritten');
    if (is(start.mul(2).add(added) as Tensor)) return mistake('sum-doubled');
    if (is(added.sub(start) as Tensor)) return mistake('sum-negated');
    const rest = tensorOf(after).sub(added) as Tensor;
    const factor = rest.elements()[0]! / start.elements()[0]!;
    if (Number.isFinite(factor) && is(start.mul(factor).add(added) as Tensor))
      return mistake('sum-scaled', { factor: String(Number(factor.toPrecision(3))).replace('-', '−') });
    return mistake('sum-wrong');
  }

  // ————— what is wrong besides the numbers —————

  async #conduct(): Promise<void> {
    const pass = this.#pass;
    const answers = returnedOnly(await pass.answers());
    const blame = (found: Finding | null) => {
      if (found === null) return;
      let stage = found.stage as Stage;
      // a stage without a name passes it on
      while (!this.#findings.has(stage)) stage = this.#flowsInto(stage as ValueStage);
      if (this.#findings.get(stage)?.verdict === 'passed') this.#findings.set(stage, { ...found, stage });
    };
    for (const [d, answer] of answers.entries()) {
      const given = argumentsFor(pass.draws[d]!, atZero(pass.draws[d]!));
      for (const [j, stage] of firstUse.entries()) {
        const after = answer.arguments[j];
        if (after?.kind === 'tensor' && sameValue(after, onItsWay(given[j]!))) continue;
        blame(changed(stage, pass.facts, j));
      }
    }
    blame(leftBehind('dl_dw2', answers, pass.facts));
    for (const loop of loopsOf('backwardPass', pass.examinee)) {
      const stages = [...valueStages, ...sumStages].filter(stage => this.#findings.has(stage));
      const stage = stages.find(name => (this.#findings.get(name)?.line ?? 0) >= loop.line) ?? 'dl_db1';
      blame(loopFound(stage, loop));
    }
    for (const stage of valueStages) {
      if (this.#findings.has(stage)) continue;
      const within = this.#flowsInto(stage);
      this.#findings.set(stage, { ...passed(stage, placeOf(pass.facts)), within });
    }
    // judged by what they flow into
    for (const stage of [...valueStages].reverse()) {
      const { within, ...finding } = this.#findings.get(stage)!;
      if (within === undefined) continue;
      const into = this.#findings.get(within as Stage)!;
      const says = `It is computed within \`${this.#nameOf()(within)}\`.`;
      const verdict = into.verdict === 'passed' ? 'passed' : 'waiting';
      this.#findings.set(stage, { ...finding, within, verdict, says: verdict === 'passed' ? '' : says });
    }
  }

  /** Where the points of a value without a name go. */
  #flowsInto(stage: ValueStage): Stage {
    const next: Readonly<Record<ValueStage, readonly Stage[]>> = {
      dl_dx2: ['dl_ds2', 'dl_dx1', 'dl_dw2'],
      dl_ds2: ['dl_dx1', 'dl_dw2'],
      dl_dx1: ['dl_ds1', 'dl_dw1'],
      dl_ds1: ['dl_dw1'],
    };
    const isValue = (name: Stage): name is ValueStage => (valueStages as readonly Stage[]).includes(name);
    return next[stage].find(name => !isValue(name) || this.#sites.has(name))!;
  }

  /** The practical's own size, once everything is right on small networks. */
  async #atFullSize(): Promise<void> {
    if ([...this.#findings.values()].some(({ verdict }) => verdict !== 'passed')) return;
    const pass = this.#pass;
    const draw = this.#draws.network([784, 50, 10]);
    const answer = await pass.ask(draw, argumentsFor(draw, atZero(draw)));
    if (answer.kind !== 'returned') {
      this.#findings.set('accumulation', failure('accumulation', answer, pass.facts, pass.examinee));
      return;
    }
    for (const stage of sumStages) {
      const value = answer.arguments[sumArguments[stage]];
      if (value?.kind === 'tensor' && isRight(value, draw[stage])) continue;
      const subject = `What is added to \`${this.#nameOf()(stage)}\``;
      this.#findings.set(stage, misbehaved(stage, this.#place(stage), 'only-at-full-size', { subject }));
      return;
    }
  }
}
