import type { Practical } from '../../six-functions.ts';
import * as tensorModule from '../../tensor/index.ts';
import { LonghandError, manualSeed } from '../../tensor/index.ts';
import type { Answer, Call, FunctionFacts, Recorded, Site, Transformed, Value } from '../protocol.ts';
import { TENSOR } from './allowed.ts';
import { inTraining } from './in-training.ts';
import { LearnersError, type Place, STOP, Supervision, supervising } from './supervision.ts';
import { fromValue, isTensor, toValue } from './values.ts';
import { thrownByEngine } from './words.ts';

type Anything = (...args: unknown[]) => unknown;

/** What an answerer needs of where it lives. */
export interface Host {
  /** Makes a function of the text of its body. */
  compile(body: string, parameters: readonly string[], file: string): Anything;
  /** How long loading the modules may take, and each call where no other time is given. */
  readonly milliseconds: number;
  /** The milliseconds that this process has computed so far, which go on more slowly where others compute, too. */
  processorTime?(): number;
}

type Failure = Exclude<Answer, { kind: 'returned' }>;
export type Worked<T> = { readonly kind: 'done'; readonly value: T } | Failure;

/** Runs the code of a learner's: one call, one answer, whatever the code does with the means of the language. */
export interface LocalAnswerer {
  /**
   * Work that calls the six functions many times: what it comes to, or what stopped it. `place` says where in the files
   * they are at present.
   */
  work<T>(what: (functions: Practical, place: () => string | undefined) => Promise<T>): Promise<Worked<T>>;
  call(call: Call, milliseconds?: number): Promise<Answer>;
  /** What the functions keep from one call to the next, as far as reading them tells. */
  readonly kept: Transformed['kept'];
}

const now = performance.now.bind(performance);
const { ownKeys } = Reflect;
const MOST_RECORDS = 10_000;
const later = setTimeout;
const never = clearTimeout;

/** Loads the modules. Where that fails, how it failed is the answer to every call. */
export function startAnswering(transformed: Transformed, host: Host): LocalAnswerer {
  const supervision = new Supervision(now, host.processorTime ?? now);
  const modules = new Map<string, object>([[TENSOR, tensorModule]]);
  /** Compiled once: the modules by their files, what stands in for other functions by its text. */
  const compiled = new Map<string, Anything>();
  // chance, too, is the same each time that an answerer starts
  manualSeed(1);

  /** Runs all modules from the top; how that failed, where it did. */
  const load = (): Failure | undefined => {
    for (const file of Object.keys(transformed.modules)) modules.set(file, Object.create(null));
    supervision.begin(host.milliseconds);
    for (const [file, code] of Object.entries(transformed.modules)) {
      const $$ = supervising(file, supervision, name => modules.get(name)!, modules.get(file)!);
      try {
        if (!compiled.has(file)) compiled.set(file, host.compile(code, ['$$'], file));
        compiled.get(file)!($$);
      } catch (error) {
        return answerOf(error, supervision, { within: null, file, line: null }, { loading: true, records: [] });
      }
      const runaway = runawayOf(supervision);
      if (runaway !== undefined) return runaway;
    }
    return undefined;
  };
  let failed = load();
  let isFresh = true;

  const replacementsOf = (call: Call, record: Anything) => {
    const replacements: Record<string, Anything> = {};
    for (const [name, source] of Object.entries(call.inPlaceOf)) {
      const key = `return (${source})`;
      if (!compiled.has(key)) compiled.set(key, host.compile(key, ['tensor', 'record'], `${name}, the reference`));
      replacements[name] = compiled.get(key)!(tensorModule, record) as Anything;
    }
    return replacements;
  };

  const functionOf = ({ exportedAs, exportedFrom }: FunctionFacts): unknown =>
    (modules.get(exportedFrom) as Record<string, unknown>)[exportedAs];

  return {
    kept: transformed.kept,

    async work(what) {
      isFresh = false;
      if (failed !== undefined) return failed;
      supervision.isTraining = true;
      supervision.begin(host.milliseconds);
      try {
        const functions = inTraining(transformed.functions, functionOf, supervision, host.milliseconds);
        const value = await what(functions, () => supervision.lastCall);
        return { kind: 'done', value };
      } catch (error) {
        return answerOf(error, supervision, { within: null, file: null, line: null }, { loading: false, records: [] });
      }
    },
    async call(call, milliseconds = host.milliseconds) {
      if (call.afresh && !isFresh) failed ??= load();
      isFresh = false;
      if (failed !== undefined) return failed;
      const { exportedAs, file, line } = transformed.functions[call.function]!;
      const here = { within: call.function, file, line };
      const printed: Value[] = [];
      const records: Recorded[] = [];
      const record = (name: unknown, ...values: unknown[]): void => {
        if (records.length < MOST_RECORDS)
          records.push({ name: String(name), values: values.map(value => toValue(value)) });
      };
      const replacements = replacementsOf(call, record);
      const given = call.arguments.map(fromValue);
      const args = call.function === 'train' ? [trainingOf(given, printed, records)] : given;
      const globalsBefore = ownKeys(globalThis);
      supervision.turnChance();
      supervision.isTraining = call.function === 'train';
      supervision.begin(milliseconds, replacements, call.substitutes);
      let value: unknown;
      try {
        const f = functionOf(transformed.functions[call.function]!);
        if (typeof f !== 'function') {
          throw supervision.fail(file, line, `\`${exportedAs}\` is not a function`);
        }
        value = f(...args);
        if (call.function === 'train') value = await settled(value, milliseconds);
      } catch (error) {
        return answerOf(error, supervision, here, { loading: false, records });
      }
      const runaway = runawayOf(supervision) ?? (value === STOP ? ({ kind: 'runaway', ...here } as const) : undefined);
      if (runaway !== undefined) return runaway;
      return {
        kind: 'returned',
        value: call.function === 'train' ? { kind: 'list', items: printed } : toValue(value),
        arguments: given.map(argument => toValue(argument)),
        probes: supervision.probesAtTheEnd(),
        records,
        sitesOfReturned: itemsOf(value).map(item => siteOf(item, supervision, transformed.sites)),
        sharesStorageWith: sharedWith(value, given),
        newGlobals: newNames(globalsBefore, ownKeys(globalThis)),
      };
    },
  };
}

/** The names that have come. There are hundreds of names, and nearly always none has. */
function newNames(before: readonly PropertyKey[], after: readonly PropertyKey[]): string[] {
  if (after.length === before.length && after.every((name, i) => name === before[i])) return [];
  const known = new Set(before);
  return after.filter(name => !known.has(name)).map(String);
}

/** What the training's function is given. */
function trainingOf(given: readonly unknown[], printed: Value[], records: Recorded[]): object {
  const [trainInput, trainTarget, testInput, testTarget, steps, seed] = given;
  manualSeed(seed as number);
  return {
    loadData: async () => ({ trainInput, trainTarget, testInput, testTarget }),
    print(line: unknown): void {
      const text: Value = { kind: 'text', value: String(line).slice(0, 1000) };
      if (printed.length < 10_000) printed.push(text);
      if (records.length < MOST_RECORDS) records.push({ name: 'print', values: [text] });
    },
    steps,
  };
}

/** What a promise comes to, or STOP where it comes to nothing in this time. */
async function settled(value: unknown, milliseconds: number): Promise<unknown> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<unknown>(resolve => {
    timer = later(() => resolve(STOP), milliseconds);
  });
  try {
    return await Promise.race([value, over]);
  } finally {
    never(timer);
  }
}

function runawayOf({ stoppedAt }: Supervision): Failure | undefined {
  return stoppedAt && { kind: 'runaway', ...stoppedAt };
}

/** What an exception means, in our words. */
function answerOf(
  error: unknown,
  supervision: Supervision,
  here: Place,
  known: { readonly loading: boolean; readonly records: readonly Recorded[] },
): Failure {
  const runaway = runawayOf(supervision);
  if (runaway !== undefined) return runaway;
  const { within, file, line } = supervision.placeOf(error) ?? here;
  const place = { file, line, probes: supervision.probesAtTheEnd(), ...known };
  if (isA(LearnersError, error)) return { kind: 'threw', says: error.message, operation: null, ...place };
  if (isA(LonghandError, error)) {
    const operation = (error as { operation?: string }).operation ?? /^(\w+): /.exec(error.message)?.[1];
    return { kind: 'threw', says: error.message, operation: operation ?? null, ...place };
  }
  if (!supervision.isLearners(error)) return { kind: 'threw', says: thrownByEngine(error), operation: null, ...place };
  const message = messageOf(error);
  const says = message === 'not written yet' ? `\`${within}\` is not written yet` : `your code throws: ${message}`;
  return { kind: 'threw', says, operation: null, ...place };
}

/** `instanceof`, which a proxy may answer by throwing. */
function isA<T>(type: abstract new (...args: never[]) => T, value: unknown): value is T {
  try {
    return value instanceof type;
  } catch {
    return false;
  }
}

/** What a learner's code threw, as one line. */
function messageOf(error: unknown): string {
  try {
    const message: unknown =
      typeof error === 'object' && error !== null ? (error as { message?: unknown }).message : error;
    const line = String(message)
      .slice(0, 200)
      .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
    return line === '' ? 'an error without a message' : line;
  } catch {
    return 'something that cannot be shown';
  }
}

function itemsOf(value: unknown): readonly unknown[] {
  try {
    return Array.isArray(value) ? value.slice(0, 100) : [];
  } catch {
    return []; // a proxy that is revoked
  }
}

/** The last site whose very value this is, before one that only gives it another name. */
function siteOf(value: unknown, { passed }: Supervision, sites: readonly Site[]): number {
  if (!isTensor(value)) return -1;
  const found = passed.filter(({ value: own }) => own === value).map(({ site }) => site);
  const computing = found.filter(site => sites[site]!.inPlace || !/^[\w.]+$/.test(sites[site]!.text));
  return computing.at(-1) ?? found.at(-1) ?? -1;
}

/** The arguments that a returned value is made of. */
function sharedWith(value: unknown, given: readonly unknown[]): number[] {
  const storageOf = (tensor: unknown) => (isTensor(tensor) ? tensor.data?.buffer : undefined);
  const returned = [value, ...itemsOf(value)].map(storageOf).filter(storage => storage !== undefined);
  return given.flatMap((argument, i) => (returned.includes(storageOf(argument)!) ? [i] : []));
}
