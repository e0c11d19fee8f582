import type { Answer, TensorValue, Value } from '../../protocol.ts';
import { asVector, isRight, sameShape } from '../compare.ts';
import { diagnose } from '../diagnosis.ts';
import type { Draws, NetworkDraw } from '../draws.ts';
import { type Examinee, type Failure, onItsWay, tensorOf } from '../examinee.ts';
import { evaluate, type Known } from '../expression.ts';
import { type Finding, failed, failure, lineOf, loopAt, misbehaved, passed, placeOf, waiting } from '../finding.ts';
import { formulas } from '../formulas.ts';
import { backwardParameters, backwardStageNamed, namesOf } from '../names.ts';
import { anotherOrder, changed, leftBehind, loopFound, loopsOf, notThere } from '../one-function.ts';
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
} from '../pass.ts';
import { judgeAccumulation } from './accumulation.ts';
import { Sites } from './sites.ts';
import {
  argumentsFor,
  atZero,
  backwardStages,
  before,
  firstUse,
  madeOf,
  type Stage,
  type SumStage,
  sumArguments,
  sumStages,
  type ValueStage,
  valueStages,
} from './stages.ts';

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
  const wait = `It waits for \`${namesOf(backwardParameters, pass.facts, new Map())(first.stage)}\`.`;
  return backwardStages.map(stage => (stage === first.stage ? first : waiting(stage, placeOf(pass.facts), wait)));
}

class BackwardPass {
  readonly #pass: Pass;
  readonly #draws: Draws;
  readonly #sites: Sites;
  readonly #findings = new Map<Stage | 'accumulation', Finding>();
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
    this.#sites = new Sites(pass);
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
      this.#allRight = sumStages.every(stage => this.#sites.sumIsRight(stage, returnedOnly(plain)));
    }
    if (!this.#allRight) await this.#replaced();
    for (const stage of valueStages) await this.#judgeValue(stage);
    for (const stage of sumStages) await this.#judgeSum(stage);
    this.#gather();
    this.#findings.set('accumulation', await this.#accumulation());
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

  /** How the sums grow to which the right thing is added. */
  #accumulation(): Promise<Finding> {
    const isRight = (stage: SumStage) => this.#blockedBy === null && this.#findings.get(stage)?.verdict === 'passed';
    const [right, remembers] = [sumStages.filter(isRight), this.#memory !== undefined];
    return judgeAccumulation(this.#pass, this.#sites, { draws: this.#draws, right, remembers });
  }

  /** It does not come to an answer at all. */
  #endless(stopped: Failure): Finding {
    const { facts, examinee } = this.#pass;
    const loop = stopped.kind === 'runaway' ? loopAt(stopped, examinee) : undefined;
    const stage = (loop === undefined ? null : this.#sites.stageOfLoop(loop)) ?? 'dl_dx2';
    return failure(stage, stopped, facts, examinee);
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
    const count = (answer: Answer) => this.#sites.countRight(answer, draw, 'dl_dx2');
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
    const site = await this.#sites.siteFor(stage, this.#allRight);
    if (site === undefined) {
      const stopped = failureAmong(await pass.answers());
      if (stopped !== undefined && this.#stoppedIn(stopped) === stage) await this.#stop(stage, stopped);
      return; // without a name: it is judged in what it flows into
    }
    this.#sites.take(stage, site);
    const values = (await pass.passedOnce()).get(site)!;
    const place = this.#sites.place(stage);
    const form = pass.formOf(values, stage);
    const vectors = form === null ? values : values.map(asVector);
    const isForm = form === 'column' || form === 'row';
    // a column is the learner's own affair, as long as nothing comes of it that a vector would make right
    const vectorIsMeant = isForm && !this.#allRight && (await this.#sites.gain(stage, site, 'vector', form)) >= 2;
    if (pass.areRight(vectors, stage) && !vectorIsMeant) {
      this.#findings.set(stage, passed(stage, place));
      return;
    }
    const { name } = pass.siteOf(site);
    const subject = `\`${name}\` (line ${place.line})`;
    this.#wrongValues.set(stage, vectors);
    const shared = [...this.#sites.found].some(([other, own]) => other !== stage && own === site);
    this.#findings.set(
      stage,
      await this.#wrong(
        stage,
        vectorIsMeant ? values : vectors,
        shared ? `What is used as \`${this.#sites.practicals(stage)}\`, ${subject},` : subject,
      ),
    );
    pass.putIn(site, stage, vectorIsMeant ? 'vector' : (form ?? (await this.#sites.bestForm(stage, site))));
  }

  async #wrong(stage: Stage, values: readonly TensorValue[], subject: string): Promise<Finding> {
    const damage = (await this.#damage(stage, values)) ?? this.#consequence(stage, values);
    if (damage !== null) return damage;
    const site = this.#sites.found.get(stage);
    const { draws } = this.#pass;
    const known = [...backwardParameters.slice(0, 10), ...before[stage]] as (keyof NetworkDraw)[];
    const observations = values.map((theirs, i) => ({
      theirs,
      right: draws[i]![stage],
      known: Object.fromEntries(known.map(name => [name, draws[i]![name]])),
    }));
    const place = this.#sites.place(stage);
    const text = site === undefined ? lineOf(this.#pass.examinee, place) : this.#pass.siteOf(site).text;
    const isShared = [...this.#sites.found].some(([other, own]) => other !== stage && own === site);
    const nameOf = (name: string): string =>
      isShared && name === madeOf[stage] ? this.#sites.practicals(name as Stage) : this.#sites.nameOf()(name);
    const wording = {
      subject,
      verb: 'is',
      text: isShared ? '' : text,
      nameOf,
      nameless: this.#sites.nameless(stage),
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
    return follows
      ? waiting(stage, this.#sites.place(stage), `It waits for \`${this.#sites.nameOf()(from!)}\`.`)
      : null;
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
      if (this.#told.has(name)) return passed(stage, this.#sites.place(stage));
      this.#told.add(name);
      return changed(stage, pass.facts, j);
    }
    for (const name of before[stage]) {
      const site = this.#sites.found.get(name);
      if (site === undefined || !isRightWith(name, answer => afterwardsOf(answer, site))) continue;
      if (this.#told.has(name)) return passed(stage, this.#sites.place(stage));
      this.#told.add(name);
      const own = pass.siteOf(site);
      const by = pass.examinee.transformed.sites.find(
        other => other.inPlace && other.name === own.name && other.file === own.file && other.line > own.line,
      );
      const place = { file: own.file, line: by?.line ?? own.line };
      return misbehaved(stage, place, 'value-changed-in-place', {
        name: own.name,
        wanted: this.#sites.nameOf()(stage),
      });
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
      this.#findings.set(stage, waiting(stage, this.#sites.place(stage), this.#waitsFor(at)));
      return;
    }
    const returned = returnedOnly(answers);
    const place = this.#sites.rebinding(stage) ?? this.#sites.place(stage);
    if (this.#sites.sumIsRight(stage, returned)) {
      this.#findings.set(stage, passed(stage, place));
      return;
    }
    const sum = this.#sites.nameOf()(stage);
    const values = returned.map(answer => this.#sites.sumIn(stage, answer)!);
    const adding = pass.examinee.transformed.sites.findIndex(
      (_, site) => this.#sites.isSum(site) && pass.siteOf(site).name === sum,
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
        this.#findings.set(
          sum,
          waiting(sum, this.#sites.place(sum), `It waits for \`${this.#sites.practicals(stage)}\`.`),
        );
    }
  }

  // ————— where it stops —————

  /** The stage whose line it was, where the line tells. */
  #stoppedIn(stopped: Failure): Stage | null {
    if (stopped.kind !== 'threw' || stopped.line === null) return null;
    const { facts, examinee } = this.#pass;
    for (const stage of sumStages) {
      const sum = facts.parameters[sumArguments[stage]];
      if (sum !== undefined && facts.changes[sum]?.some(({ line }) => line === stopped.line)) return stage;
      if (this.#sites.rebinding(stage)?.line === stopped.line) return stage;
      const text = lineOf(examinee, stopped).trim();
      if (sum !== undefined && new RegExp(`^${sum}\\s*([-+*/]|\\*\\*)?=[^=>]`).test(text)) return stage;
    }
    const site = examinee.transformed.sites.find(({ file, line }) => file === stopped.file && line === stopped.line);
    const named = site === undefined ? null : (backwardStageNamed(site.name) as Stage | null);
    if (named !== null) return named;
    // the first value that is not there yet
    const values = stopped.probes.map(({ value }) => value);
    const reached = valueStages.findLastIndex(stage => this.#sites.isAmong(values, stage, this.#pass.draws[0]!));
    return valueStages.find((stage, i) => i > reached && !this.#sites.found.has(stage)) ?? null;
  }

  /** It stops in this stage. With the right value in its place it may go on. */
  async #stop(stage: Stage, stopped: Failure): Promise<void> {
    const pass = this.#pass;
    const finding = failure(
      stage,
      stopped,
      pass.facts,
      pass.examinee,
      hintFor({ stage, draw: pass.draws[0]!, nameOf: this.#sites.nameOf(), parameters: pass.facts.parameters }),
    );
    this.#findings.set(stage, finding);
    const { sites } = pass.examinee.transformed;
    const at = sites.findIndex(({ file, line, rebinds }) => !rebinds && file === finding.file && line === finding.line);
    if (stopped.kind === 'threw' && at !== -1) {
      pass.putIn(at, stage, await this.#sites.bestForm(stage, at));
      const again = failureAmong(await pass.answers());
      if (again === undefined || (again.kind === 'threw' && again.line !== stopped.line)) {
        this.#sites.take(stage, at);
        return;
      }
    }
    this.#blockedBy = stage;
  }

  #wait(stage: Stage): void {
    this.#findings.set(stage, waiting(stage, this.#sites.place(stage), this.#waitsFor(this.#blockedBy!)));
  }

  #waitsFor(stage: Stage): string {
    return `It waits for \`${this.#sites.nameOf()(stage)}\`.`;
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
    const random = misbehaved(stage, this.#sites.place(stage), 'random', { function: facts.exportedAs });
    return backwardStages.map(name => {
      if (name === stage) return random;
      if (backwardStages.indexOf(name) < backwardStages.indexOf(stage)) return passed(name, placeOf(facts));
      return waiting(name, placeOf(facts), this.#waitsFor(stage));
    });
  }

  /** What an earlier call left behind, at the first value or sum that is another one for it. */
  #remembered(): Finding | null {
    if (this.#memory === undefined) return null;
    const [first, again] = this.#memory;
    const { facts } = this.#pass;
    const differs = (stage: Stage): boolean => {
      const site = this.#sites.found.get(stage);
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
    return misbehaved(stage, this.#sites.place(stage), 'remembers', { function: facts.exportedAs });
  }

  // ————— what is wrong besides the numbers —————

  async #conduct(): Promise<void> {
    const pass = this.#pass;
    const answers = returnedOnly(await pass.answers());
    const blame = (found: Finding | null) => {
      if (found === null) return;
      let stage = found.stage as Stage;
      // a stage without a name passes it on
      while (!this.#findings.has(stage)) stage = this.#sites.flowsInto(stage as ValueStage);
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
      blame(loopFound(this.#sites.stageOfLoop(loop) ?? after, loop));
    }
    for (const stage of valueStages) {
      if (this.#findings.has(stage)) continue;
      const within = this.#sites.flowsInto(stage);
      this.#findings.set(stage, { ...passed(stage, placeOf(pass.facts)), within });
    }
    // judged by what they flow into
    for (const stage of [...valueStages].reverse()) {
      const { within, ...finding } = this.#findings.get(stage)!;
      if (within === undefined) continue;
      const into = this.#findings.get(within as Stage)!;
      const says = `It is computed within \`${this.#sites.nameOf()(within)}\`.`;
      const verdict = into.verdict === 'passed' ? 'passed' : 'waiting';
      this.#findings.set(stage, { ...finding, within, verdict, says: verdict === 'passed' ? '' : says });
    }
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
      const subject = `What is added to \`${this.#sites.nameOf()(stage)}\``;
      this.#findings.set(stage, misbehaved(stage, this.#sites.place(stage), 'only-at-full-size', { subject }));
      return;
    }
  }
}
