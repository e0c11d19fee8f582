import { type Tensor, zeros } from '../../tensor/index.ts';
import type { Answer, Loop, Site, TensorValue, Value } from '../protocol.ts';
import { asVector, type Form, formOf, isRight, sameShape } from './compare.ts';
import { diagnose } from './diagnosis.ts';
import type { Draws, NetworkDraw } from './draws.ts';
import { type Examinee, type Failure, onItsWay, type Returned, tensorOf } from './examinee.ts';
import { evaluate, type Known } from './expression.ts';
import {
  type Finding,
  failed,
  failure,
  lineOf,
  loopAt,
  misbehaved,
  type Place,
  passed,
  placeOf,
  waiting,
} from './finding.ts';
import { type FormulaStage, formulas } from './formulas.ts';
import { backwardParameters, backwardStageNamed, camel, namesOf } from './names.ts';
import { anotherOrder, changed, leftBehind, loopFound, loopsOf, notThere } from './one-function.ts';
import {
  afterwardsOf,
  failureAmong,
  hintFor,
  type Pair,
  Pass,
  type PassStage,
  probesOf,
  returnedOnly,
  sameValue,
} from './pass.ts';

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
  /** An answer that depends on an earlier call. */
  #memory: Pair | undefined;
  #replacement: Finding | null = null;
  /** What the values were that are wrong. */
  readonly #wrongValues = new Map<ValueStage, readonly TensorValue[]>();
  /** What is changed in place, and was told already. */
  readonly #told = new Set<string>();

  constructor(pass: Pass, draws: Draws) {
    this.#pass = pass;
    this.#draws = draws;
  }

  async examine(): Promise<Finding[]> {
    const pass = this.#pass;
    const plain = await pass.answers();
    const stopped = failureAmong(plain);
    if (stopped !== undefined && stopped.kind !== 'threw') return onlyFirst(this.#endless(stopped), pass);
    if (stopped === undefined) {
      const { chance, memory } = await pass.repeated(this.#draws.sample(pass.draws[0]!));
      if (chance !== undefined) return this.#random(chance);
      this.#memory = memory;
      this.#allRight = sumStages.every(stage => this.#sumIsRight(stage, returnedOnly(plain)));
    }
    if (!this.#allRight) await this.#replaced();
    for (const stage of valueStages) await this.#judgeValue(stage);
    for (const stage of sumStages) await this.#judgeSum(stage);
    this.#gather();
    this.#findings.set('accumulation', await this.#judgeAccumulation());
    await this.#conduct();
    await this.#atFullSize();
    const wrong = [...this.#findings.values()].some(({ verdict }) => verdict !== 'passed');
    const order = wrong
      ? anotherOrder(pass.facts, backwardParameters, i => firstUse[i] ?? sumStages.find(s => sumArguments[s] === i)!)
      : null;
    if (order !== null)
      return onlyFirst(order, pass).map(other => {
        const found = this.#findings.get(other.stage as Stage);
        return other !== order && found?.verdict === 'passed' ? found : other;
      });
    return backwardStages.map(stage => this.#findings.get(stage)!);
  }

  /** It does not come to an answer at all. */
  #endless(stopped: Failure): Finding {
    const { facts, examinee } = this.#pass;
    const loop = stopped.kind === 'runaway' ? loopAt(stopped, examinee) : undefined;
    const stage = (loop === undefined ? null : this.#stageOfLoop(loop)) ?? 'dl_dx2';
    return failure(stage, stopped, facts, examinee);
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

  /** Arguments in whose place the function puts something else: all that follows is judged as if it did not. */
  async #replaced(): Promise<void> {
    const pass = this.#pass;
    const draw = pass.draws[0]!;
    const [plain] = await pass.answers();
    const { parameters } = pass.facts;
    const more = pass.examinee.transformed.sites.flatMap((site, number) => {
      const place = parameters.indexOf(site.name);
      if (!site.rebinds || site.within !== 'backwardPass' || place < 0 || place >= sumArguments.dl_dw1) return [];
      const stage = backwardParameters[place] as PassStage;
      const [value] = probesOf(plain!, number);
      if (value === undefined || (value.kind === 'tensor' && isRight(value, draw[stage]))) return [];
      return [{ number, stage, site, first: firstUse[place]! }];
    });
    if (more.length === 0) return;
    const putIn = more.map(({ number, stage }) => [number, { stage, form: 'vector' }] as const);
    const count = (answer: Answer) => this.#countRight(answer, draw, 'dl_dx2');
    if (count(await pass.ask(draw, { more: putIn })) <= count(plain!)) return;
    for (const { number, stage } of more) pass.putIn(number, stage);
    const inOrder = [...valueStages, ...sumStages].flatMap(stage => more.filter(({ first }) => first === stage));
    const { site, first } = inOrder[0]!;
    const place = { file: site.file, line: site.line };
    this.#replacement = misbehaved(first, place, 'argument-replaced', { name: site.name, text: site.text });
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
    const form = pass.formOf(values, stage);
    const vectors = form === null ? values : values.map(asVector);
    const isForm = form === 'column' || form === 'row';
    // a column is the learner's own affair, as long as nothing comes of it that a vector would make right
    const vectorIsMeant = isForm && !this.#allRight && (await this.#gain(stage, site, 'vector', form)) >= 2;
    if (pass.areRight(vectors, stage) && !vectorIsMeant) {
      this.#findings.set(stage, passed(stage, place));
      return;
    }
    const { name } = pass.siteOf(site);
    const subject = `\`${name}\` (line ${place.line})`;
    this.#wrongValues.set(stage, vectors);
    const shared = [...this.#sites].some(([other, own]) => other !== stage && own === site);
    this.#findings.set(
      stage,
      await this.#wrong(
        stage,
        vectorIsMeant ? values : vectors,
        shared ? `What is used as \`${this.#practicals(stage)}\`, ${subject},` : subject,
      ),
    );
    pass.putIn(site, stage, vectorIsMeant ? 'vector' : (form ?? (await this.#bestForm(stage, site))));
  }

  /** What the practical calls a stage, in the way in which the learner writes. */
  #practicals(stage: Stage): string {
    return namesOf([], this.#pass.facts, new Map())(stage);
  }

  /** The site that computes a stage: by its value, by its name, or because all is better with the right value there. */
  async #siteFor(stage: ValueStage): Promise<number | undefined> {
    const pass = this.#pass;
    const once = await pass.passedOnce();
    const taken = new Set(this.#sites.values());
    const free = [...once.keys()].filter(site => !taken.has(site) && !pass.siteOf(site).rebinds && !this.#isSum(site));
    const stageNamed = (site: number) => backwardStageNamed(pass.siteOf(site).name);
    const named = free.filter(site => stageNamed(site) === stage);
    const areRight = (site: number, of: ValueStage) => {
      const values = once.get(site)!;
      return pass.areRight(pass.formOf(values, of) === null ? values : values.map(asVector), of);
    };
    const right = free.filter(site => areRight(site, stage));
    const best =
      right.find(site => named.includes(site)) ??
      // of two values that are the same the first one is this stage, and the other one a later one
      (right.length > 1 ? right[0] : right.find(site => this.#allRight || stageNamed(site) === null)) ??
      (await this.#notMeantFor(right, stage));
    if (best !== undefined) return best;
    const isNamed = (other: ValueStage) =>
      [...once.keys()].some(site => backwardStageNamed(pass.siteOf(site).name) === other);
    /** It has the right value of another stage, and no other site is that one's. */
    const ofAnother = (site: number) =>
      valueStages.some(other => other !== stage && !isNamed(other) && !this.#sites.has(other) && areRight(site, other));
    if (this.#allRight) {
      const exactly = (site: number) => [stage, camel(stage)].includes(pass.siteOf(site).name);
      return named.filter(exactly).at(-1);
    }
    const byName = named.filter(site => !ofAnother(site)).at(-1) ?? (await this.#bestWith(stage, named));
    if (byName !== undefined) return byName;
    // `g1` may be meant for either of two values
    const isVague = (site: number) => stageNamed(site) === null || /^[a-z]+_?[12]$/i.test(pass.siteOf(site).name);
    const others = free.filter(site => isVague(site) && !ofAnother(site));
    return (await this.#bestWith(stage, others)) ?? this.#sharedWith(stage);
  }

  /** Whether a site is a sum that is added to. */
  #isSum(site: number): boolean {
    const { name, inPlace } = this.#pass.siteOf(site);
    return inPlace && this.#pass.facts.parameters.indexOf(name) >= sumArguments.dl_dw1;
  }

  /** Of sites that have the right value but the name of a later stage, one that is not that stage's, wrong. */
  async #notMeantFor(sites: readonly number[], stage: ValueStage): Promise<number | undefined> {
    const later = valueStages.slice(valueStages.indexOf(stage) + 1);
    for (const site of sites) {
      const gains = await Promise.all(later.map(other => this.#gain(other, site)));
      if (!gains.some(gain => gain > 0)) return site;
    }
    return undefined;
  }

  /** Where a stage is left out, and what it should be made of is used in its place in all that follows. */
  async #sharedWith(stage: ValueStage): Promise<number | undefined> {
    const from = madeOf[stage];
    const site = from === null ? undefined : this.#sites.get(from);
    return site !== undefined && /^dl_ds/.test(stage) && (await this.#gain(stage, site)) >= 4 ? site : undefined;
  }

  /** The site at which the right value of a stage makes more of what follows right. */
  async #bestWith(stage: ValueStage, sites: readonly number[]): Promise<number | undefined> {
    let most = 0;
    let best: number | undefined;
    for (const site of sites) {
      const gain = await this.#gain(stage, site);
      if (gain > most) [most, best] = [gain, site];
    }
    return best;
  }

  /** How much more is right with the right value of a stage at a site, in this form rather than in that one. */
  async #gain(stage: ValueStage, site: number, form?: Form, over?: Form): Promise<number> {
    const pass = this.#pass;
    const draw = pass.draws[0]!;
    const [value] = (await pass.passedOnce()).get(site) ?? [];
    const own = value === undefined ? null : formOf(value.shape, draw[stage].shape);
    const count = async (as: Form) =>
      this.#countRight(await pass.ask(draw, { more: [[site, { stage, form: as }]] }), draw, stage);
    const before = over === undefined ? this.#countRight((await pass.answers())[0]!, draw, stage) : await count(over);
    const as = form ?? own ?? (await this.#bestForm(stage, site));
    return (await count(as)) - before;
  }

  #isAmong(values: readonly Value[], stage: ValueStage, draw: NetworkDraw): boolean {
    return values.some(
      value =>
        value.kind === 'tensor' &&
        formOf(value.shape, draw[stage].shape) !== null &&
        isRight(asVector(value), draw[stage]),
    );
  }

  /** How many of the later values and of the sums are right in one answer. */
  #countRight(answer: Answer, draw: NetworkDraw, stage: ValueStage): number {
    const later = valueStages.slice(valueStages.indexOf(stage) + 1);
    const values = answer.kind === 'returned' || answer.kind === 'threw' ? answer.probes.map(({ value }) => value) : [];
    const reached = later.filter(name => this.#isAmong(values, name, draw));
    if (answer.kind !== 'returned') return reached.length;
    const sums = sumStages.filter(name => {
      const value = this.#sumIn(name, answer);
      return value !== undefined && isRight(value, draw[name]);
    });
    return reached.length + 2 * sums.length;
  }

  async #wrong(stage: Stage, values: readonly TensorValue[], subject: string): Promise<Finding> {
    const damage = (await this.#damage(stage, values)) ?? this.#consequence(stage, values);
    if (damage !== null) return damage;
    const site = this.#sites.get(stage);
    const { draws } = this.#pass;
    const known = [...backwardParameters.slice(0, 10), ...before[stage]] as (keyof NetworkDraw)[];
    const observations = values.map((theirs, i) => ({
      theirs,
      right: draws[i]![stage],
      known: Object.fromEntries(known.map(name => [name, draws[i]![name]])),
    }));
    const place = this.#place(stage);
    const text = site === undefined ? lineOf(this.#pass.examinee, place) : this.#pass.siteOf(site).text;
    const isShared = [...this.#sites].some(([other, own]) => other !== stage && own === site);
    const nameOf = (name: string): string =>
      isShared && name === madeOf[stage] ? this.#practicals(name as Stage) : this.#nameOf()(name);
    const wording = {
      subject,
      verb: 'is',
      text: isShared ? '' : text,
      nameOf,
      nameless: this.#nameless(stage),
    } as const;
    const { mistake, says } = diagnose(stage, observations, wording);
    return failed(stage, place, mistake, says);
  }

  /** Whether a sum is wrong only because the value that it is made of is. */
  #consequence(stage: Stage, values: readonly TensorValue[]): Finding | null {
    const from = madeOf[stage];
    const wrong = from === null || !(stage in sumArguments) ? undefined : this.#wrongValues.get(from);
    if (wrong === undefined) return null;
    const follows = values.every((value, i) => {
      const right = this.#pass.draws[i]! as Known;
      if (!sameShape(wrong[i]!.shape, right[from!]!.shape)) return false;
      return isRight(value, evaluate(formulas[stage], { ...right, [from!]: tensorOf(wrong[i]!) }));
    });
    return follows ? waiting(stage, this.#place(stage), `It waits for \`${this.#nameOf()(from!)}\`.`) : null;
  }

  /** Whether it is right but for a value that was changed in place before it was used. */
  async #damage(stage: Stage, values: readonly TensorValue[]): Promise<Finding | null> {
    const pass = this.#pass;
    const answers = await pass.answers();
    const isRightWith = (name: string, changed: (answer: Answer) => Value | undefined) =>
      values.every((value, i) => {
        const after = changed(answers[i]!);
        const right = pass.draws[i]! as Known;
        if (after?.kind !== 'tensor' || !sameShape(after.shape, right[name]!.shape)) return false;
        return isRight(value, evaluate(formulas[stage], { ...right, [name]: tensorOf(after) }));
      });
    for (const [j, name] of backwardParameters.slice(0, 10).entries()) {
      if (!isRightWith(name, answer => (answer.kind === 'returned' ? answer.arguments[j] : undefined))) continue;
      // one change is one mistake, however much comes of it
      if (this.#told.has(name)) return passed(stage, this.#place(stage));
      this.#told.add(name);
      return changed(stage, pass.facts, j);
    }
    for (const name of before[stage]) {
      const site = this.#sites.get(name);
      if (site === undefined || !isRightWith(name, answer => afterwardsOf(answer, site))) continue;
      if (this.#told.has(name)) return passed(stage, this.#place(stage));
      this.#told.add(name);
      const own = pass.siteOf(site);
      const by = pass.examinee.transformed.sites.find(
        other => other.inPlace && other.name === own.name && other.file === own.file && other.line > own.line,
      );
      const place = { file: own.file, line: by?.line ?? own.line };
      return misbehaved(stage, place, 'value-changed-in-place', { name: own.name, wanted: this.#nameOf()(stage) });
    }
    return null;
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
    const adding = pass.examinee.transformed.sites.findIndex(
      (_, site) => this.#isSum(site) && pass.siteOf(site).name === sum,
    );
    if (adding !== -1 && returned.every(answer => probesOf(answer, adding).length === 0)) {
      this.#findings.set(stage, misbehaved(stage, pass.siteOf(adding), 'never-reached', { sum }));
      return;
    }
    const adds = pass.facts.changes[sum]?.some(({ method }) => method !== 'zero_') ?? false;
    if (!adds && values.every(({ data }) => data.every(x => x === 0))) {
      this.#findings.set(stage, misbehaved(stage, place, 'gradient-forgotten', { sum }));
      return;
    }
    this.#findings.set(stage, await this.#wrong(stage, values, `What is added to \`${sum}\` (line ${place.line})`));
  }

  /** A value without a name that spoils the weights' sum and the biases' alike is one mistake: its own. */
  #gather(): void {
    for (const [stage, weights, biases] of [
      ['dl_ds2', 'dl_dw2', 'dl_db2'],
      ['dl_ds1', 'dl_dw1', 'dl_db1'],
    ] as const) {
      const [a, b] = [this.#findings.get(weights)!, this.#findings.get(biases)!];
      if (this.#findings.has(stage) || a.verdict !== 'failed' || b.verdict !== 'failed' || b.mistake === null) continue;
      const isOne =
        a.mistake === b.mistake || [a, b].every(({ mistake }) => mistake?.endsWith(`-from-${madeOf[stage]}`));
      if (!isOne || /^(gradient-forgotten|never-reached|wrong-sign|all-zero)$/.test(b.mistake)) continue;
      const mistake = a.mistake === b.mistake ? b.mistake : 'dsigma-forgotten';
      this.#findings.set(stage, failed(stage, b, mistake, b.says));
      for (const sum of [weights, biases])
        this.#findings.set(sum, waiting(sum, this.#place(sum), `It waits for \`${this.#practicals(stage)}\`.`));
    }
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
      const text = lineOf(examinee, stopped).trim();
      if (sum !== undefined && new RegExp(`^${sum}\\s*([-+*/]|\\*\\*)?=[^=>]`).test(text)) return stage;
    }
    const site = examinee.transformed.sites.find(({ file, line }) => file === stopped.file && line === stopped.line);
    const named = site === undefined ? null : (backwardStageNamed(site.name) as Stage | null);
    if (named !== null) return named;
    // the first value that is not there yet
    const values = stopped.probes.map(({ value }) => value);
    const reached = valueStages.findLastIndex(stage => this.#isAmong(values, stage, this.#pass.draws[0]!));
    return valueStages.find((stage, i) => i > reached && !this.#sites.has(stage)) ?? null;
  }

  /** It stops in this stage. With the right value in its place it may go on. */
  async #stop(stage: Stage, stopped: Failure): Promise<void> {
    const pass = this.#pass;
    const finding = failure(
      stage,
      stopped,
      pass.facts,
      pass.examinee,
      hintFor({ stage, draw: pass.draws[0]!, nameOf: this.#nameOf(), parameters: pass.facts.parameters }),
    );
    this.#findings.set(stage, finding);
    const { sites } = pass.examinee.transformed;
    const at = sites.findIndex(({ file, line, rebinds }) => !rebinds && file === finding.file && line === finding.line);
    if (stopped.kind === 'threw' && at !== -1) {
      pass.putIn(at, stage, await this.#bestForm(stage, at));
      const again = failureAmong(await pass.answers());
      if (again === undefined || (again.kind === 'threw' && again.line !== stopped.line)) {
        this.#sites.set(stage, at);
        this.#names.set(stage, sites[at]!.name);
        return;
      }
    }
    this.#blockedBy = stage;
  }

  /** Whether a value that is not there would have been a vector, or is used as a column or a row. */
  async #bestForm(stage: Stage, at: number): Promise<Form> {
    const draw = this.#pass.draws[0]!;
    if (draw[stage].dim() !== 1) return 'vector';
    let best: Form = 'vector';
    let most = -1;
    for (const form of ['vector', 'column', 'row'] as const) {
      const answer = await this.#pass.ask(draw, { more: [[at, { stage, form }]] });
      const count = this.#countRight(answer, draw, stage as ValueStage);
      if (count > most) [most, best] = [count, form];
    }
    return best;
  }

  #wait(stage: Stage): void {
    const says = `It waits for \`${this.#nameOf()(this.#blockedBy!)}\`.`;
    this.#findings.set(stage, waiting(stage, this.#place(stage), says));
  }

  /** By chance: the first value that is another one, by its name. */
  #random([first, again]: Pair): Finding[] {
    const { facts, examinee } = this.#pass;
    const differs = (stage: Stage): boolean => {
      const sum = sumArguments[stage as SumStage];
      if (first.kind !== 'returned' || again.kind !== 'returned') return sum === undefined;
      if (sum !== undefined) return !sameValue(first.arguments[sum], again.arguments[sum]);
      return examinee.transformed.sites.some(
        ({ name, within }, site) =>
          within === 'backwardPass' &&
          backwardStageNamed(name) === stage &&
          !sameValue({ kind: 'list', items: probesOf(first, site) }, { kind: 'list', items: probesOf(again, site) }),
      );
    };
    const stage = [...valueStages, ...sumStages].find(differs) ?? 'dl_dx2';
    const random = misbehaved(stage, this.#place(stage), 'random', { function: facts.exportedAs });
    return backwardStages.map(name => {
      if (name === stage) return random;
      if (backwardStages.indexOf(name) < backwardStages.indexOf(stage)) return passed(name, placeOf(facts));
      return waiting(name, placeOf(facts), `It waits for \`${stage}\`.`);
    });
  }

  /** What an earlier call left behind, at the first value or sum that is another one for it. */
  #remembered(): Finding | null {
    if (this.#memory === undefined) return null;
    const [first, again] = this.#memory;
    const { facts } = this.#pass;
    const differs = (stage: Stage): boolean => {
      const site = this.#sites.get(stage);
      if (site !== undefined) {
        const [a, b] = [first, again].map((answer): Value => ({ kind: 'list', items: probesOf(answer, site) }));
        return !sameValue(a, b);
      }
      const sum = sumArguments[stage as SumStage];
      if (sum === undefined || first.kind !== 'returned' || again.kind !== 'returned') return false;
      return !sameValue(first.arguments[sum], again.arguments[sum]);
    };
    const stage = [...valueStages, ...sumStages].find(differs);
    // a sum that is kept elsewhere is told as the sum that does not grow as it should
    if (stage === undefined || (stage in sumArguments && this.#findings.get('accumulation')?.verdict === 'failed'))
      return null;
    return misbehaved(stage, this.#place(stage), 'remembers', { function: facts.exportedAs });
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
    for (const [k, draw] of [first, this.#draws.sample(first)].entries()) {
      const own = await pass.ask(draw);
      const afresh = k === 0 || this.#memory !== undefined;
      if (!afresh)
        await pass.ask(first, {
          args: argumentsFor(
            first,
            sumsFor(first, shape => this.#draws.normal(shape)),
          ),
        });
      const answer = await pass.ask(draw, { args: argumentsFor(draw, sums), afresh });
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
    const zeroing = this.#pass.facts.changes[sum]?.find(({ method }) => /^(zero|fill)_$/.test(method));
    if (is(added) && zeroing !== undefined)
      return misbehaved('accumulation', { file: place.file, line: zeroing.line }, 'sum-zeroed', { sum, ...zeroing });
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
        if (
          this.#told.has(backwardParameters[j]!) ||
          (after?.kind === 'tensor' && sameValue(after, onItsWay(given[j]!)))
        )
          continue;
        blame(changed(stage, pass.facts, j));
      }
    }
    blame(leftBehind('dl_dw2', answers, pass.facts));
    blame(this.#remembered());
    blame(this.#replacement);
    for (const loop of loopsOf('backwardPass', pass.examinee)) {
      const stages = [...valueStages, ...sumStages].filter(stage => this.#findings.has(stage));
      const after = stages.find(name => (this.#findings.get(name)?.line ?? 0) >= loop.line) ?? 'dl_db1';
      blame(loopFound(this.#stageOfLoop(loop) ?? after, loop));
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

  /** The stage whose value or sum a loop makes. */
  #stageOfLoop({ changes }: Loop): Stage | null {
    for (const name of changes) {
      const place = this.#pass.facts.parameters.indexOf(name);
      const sum = sumStages.find(stage => sumArguments[stage] === place);
      if (sum !== undefined) return sum;
      const site = [...this.#names].find(([, own]) => own === name)?.[0];
      const stage = (site ?? backwardStageNamed(name)) as Stage | null;
      if (stage !== null && valueStages.includes(stage as ValueStage)) return stage;
    }
    return null;
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
    const answer = await pass.ask(draw, { args: argumentsFor(draw, atZero(draw)) });
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
