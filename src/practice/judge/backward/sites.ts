import type { Answer, Loop, Site, TensorValue, Value } from '../../protocol.ts';
import { asVector, type Form, formOf, isRight } from '../compare.ts';
import type { NetworkDraw } from '../draws.ts';
import type { Returned } from '../examinee.ts';
import { type Place, placeOf } from '../finding.ts';
import type { FormulaStage } from '../formulas.ts';
import { backwardParameters, backwardStageNamed, camel, namesOf } from '../names.ts';
import { type Pass, probesOf } from '../pass.ts';
import { madeOf, type Stage, type SumStage, sumArguments, sumStages, type ValueStage, valueStages } from './stages.ts';

/** Where the learner computes what: the site of each value, and what is added to each sum. */
export class Sites {
  readonly #pass: Pass;
  /** The sites that were found, by the stage that they compute. */
  readonly found: Map<Stage, number> = new Map();
  readonly #names = new Map<FormulaStage, string>();

  constructor(pass: Pass) {
    this.#pass = pass;
  }

  /** From here on this site is known to compute this stage. */
  take(stage: Stage, site: number): void {
    this.found.set(stage, site);
    this.#names.set(stage, this.#pass.siteOf(site).name);
  }

  /** Where a stage is computed; of a sum, where the first is added to it. */
  place(stage: Stage): Place {
    const site = this.found.get(stage);
    if (site !== undefined) {
      const { file, line } = this.#pass.siteOf(site);
      return { file, line };
    }
    const { facts } = this.#pass;
    const sum = facts.parameters[sumArguments[stage as SumStage] ?? -1];
    const added = sum === undefined ? undefined : facts.changes[sum]?.[0];
    return added === undefined ? placeOf(facts) : { file: facts.file, line: added.line };
  }

  /** What the learner calls arguments and stages. */
  nameOf(): (name: string) => string {
    return namesOf(backwardParameters, this.#pass.facts, this.#names);
  }

  /** The values without a name that a stage is made of, the earliest first. */
  nameless(stage: Stage): ValueStage[] {
    const from = madeOf[stage];
    return from === null || this.found.has(from) ? [] : [...this.nameless(from), from];
  }

  /** What the practical calls a stage, in the way in which the learner writes. */
  practicals(stage: Stage): string {
    return namesOf([], this.#pass.facts, new Map())(stage);
  }

  /** The site that computes a stage: by its value, by its name, or because all is better with the right value there. */
  async siteFor(stage: ValueStage, allRight: boolean): Promise<number | undefined> {
    const pass = this.#pass;
    const once = await pass.passedOnce();
    const taken = new Set(this.found.values());
    const free = [...once.keys()].filter(site => !taken.has(site) && !pass.siteOf(site).rebinds && !this.isSum(site));
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
      (right.length > 1 ? right[0] : right.find(site => allRight || stageNamed(site) === null)) ??
      (await this.#notMeantFor(right, stage));
    if (best !== undefined) return best;
    const isNamed = (other: ValueStage) =>
      [...once.keys()].some(site => backwardStageNamed(pass.siteOf(site).name) === other);
    /** It has the right value of another stage, and no other site is that one's. */
    const ofAnother = (site: number) =>
      valueStages.some(other => other !== stage && !isNamed(other) && !this.found.has(other) && areRight(site, other));
    if (allRight) {
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
  isSum(site: number): boolean {
    const { name, inPlace } = this.#pass.siteOf(site);
    return inPlace && this.#pass.facts.parameters.indexOf(name) >= sumArguments.dl_dw1;
  }

  /** Of sites that have the right value but the name of a later stage, one that is not that stage's, wrong. */
  async #notMeantFor(sites: readonly number[], stage: ValueStage): Promise<number | undefined> {
    const later = valueStages.slice(valueStages.indexOf(stage) + 1);
    for (const site of sites) {
      const gains = await Promise.all(later.map(other => this.gain(other, site)));
      if (!gains.some(gain => gain > 0)) return site;
    }
    return undefined;
  }

  /** Where a stage is left out, and what it should be made of is used in its place in all that follows. */
  async #sharedWith(stage: ValueStage): Promise<number | undefined> {
    const from = madeOf[stage];
    const site = from === null ? undefined : this.found.get(from);
    return site !== undefined && /^dl_ds/.test(stage) && (await this.gain(stage, site)) >= 4 ? site : undefined;
  }

  /** The site at which the right value of a stage makes more of what follows right. */
  async #bestWith(stage: ValueStage, sites: readonly number[]): Promise<number | undefined> {
    let most = 0;
    let best: number | undefined;
    for (const site of sites) {
      const gain = await this.gain(stage, site);
      if (gain > most) [most, best] = [gain, site];
    }
    return best;
  }

  /** How much more is right with the right value of a stage at a site, in this form rather than in that one. */
  async gain(stage: ValueStage, site: number, form?: Form, over?: Form): Promise<number> {
    const pass = this.#pass;
    const draw = pass.draws[0]!;
    const [value] = (await pass.passedOnce()).get(site) ?? [];
    const own = value === undefined ? null : formOf(value.shape, draw[stage].shape);
    const count = async (as: Form) =>
      this.countRight(await pass.ask(draw, { more: [[site, { stage, form: as }]] }), draw, stage);
    const before = over === undefined ? this.countRight((await pass.answers())[0]!, draw, stage) : await count(over);
    const as = form ?? own ?? (await this.bestForm(stage, site));
    return (await count(as)) - before;
  }

  /** Whether a stage's right value is one of these. */
  isAmong(values: readonly Value[], stage: ValueStage, draw: NetworkDraw): boolean {
    return values.some(
      value =>
        value.kind === 'tensor' &&
        formOf(value.shape, draw[stage].shape) !== null &&
        isRight(asVector(value), draw[stage]),
    );
  }

  /** How many of the later values and of the sums are right in one answer. */
  countRight(answer: Answer, draw: NetworkDraw, stage: ValueStage): number {
    const later = valueStages.slice(valueStages.indexOf(stage) + 1);
    const values = answer.kind === 'returned' || answer.kind === 'threw' ? answer.probes.map(({ value }) => value) : [];
    const reached = later.filter(name => this.isAmong(values, name, draw));
    if (answer.kind !== 'returned') return reached.length;
    const sums = sumStages.filter(name => {
      const value = this.sumIn(name, answer);
      return value !== undefined && isRight(value, draw[name]);
    });
    return reached.length + 2 * sums.length;
  }

  /** Whether a value that is not there would have been a vector, or is used as a column or a row. */
  async bestForm(stage: Stage, at: number): Promise<Form> {
    const draw = this.#pass.draws[0]!;
    if (draw[stage].dim() !== 1) return 'vector';
    let best: Form = 'vector';
    let most = -1;
    for (const form of ['vector', 'column', 'row'] as const) {
      const answer = await this.#pass.ask(draw, { more: [[at, { stage, form }]] });
      const count = this.countRight(answer, draw, stage as ValueStage);
      if (count > most) [most, best] = [count, form];
    }
    return best;
  }

  /** Whether the right thing is added to a sum that was zero, in all draws. */
  sumIsRight(stage: SumStage, answers: readonly Returned[]): boolean {
    return answers.every((answer, i) => {
      const value = this.sumIn(stage, answer);
      return value !== undefined && isRight(value, this.#pass.draws[i]![stage]);
    });
  }

  /** What one call added to a sum that was zero: also where it was given to a variable that nobody sees. */
  sumIn(stage: SumStage, answer: Returned): TensorValue | undefined {
    const after = answer.arguments[sumArguments[stage]];
    const site = this.rebinding(stage);
    if (after?.kind === 'tensor' && (site === undefined || after.data.some(x => x !== 0))) return after;
    const value = site === undefined ? undefined : probesOf(answer, site.number).at(-1);
    return value?.kind === 'tensor' ? value : undefined;
  }

  /** The site at which a sum gets another value: `dlDw2 = …`. */
  rebinding(stage: SumStage): (Site & { readonly number: number }) | undefined {
    const { facts, examinee } = this.#pass;
    const name = facts.parameters[sumArguments[stage]];
    const { sites } = examinee.transformed;
    const number = sites.findIndex(site => site.rebinds && site.name === name && site.file === facts.file);
    return number === -1 ? undefined : { ...sites[number]!, number };
  }

  /** The stage whose value or sum a loop makes. */
  stageOfLoop({ changes }: Loop): Stage | null {
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
  flowsInto(stage: ValueStage): Stage {
    const next: Readonly<Record<ValueStage, readonly Stage[]>> = {
      dl_dx2: ['dl_ds2', 'dl_dx1', 'dl_dw2'],
      dl_ds2: ['dl_dx1', 'dl_dw2'],
      dl_dx1: ['dl_ds1', 'dl_dw1'],
      dl_ds1: ['dl_dw1'],
    };
    const isValue = (name: Stage): name is ValueStage => (valueStages as readonly Stage[]).includes(name);
    return next[stage].find(name => !isValue(name) || this.found.has(name))!;
  }
}
