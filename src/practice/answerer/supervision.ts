import { Generator } from '../../tensor/index.ts';
import { pow } from '../../tensor/math.ts';
import type { Probe, Value } from '../protocol.ts';
import { isTensor, toTensor, toValue } from './values.ts';
import * as words from './words.ts';

/** How deep calls may be nested: far less than a JavaScript engine can, far more than anybody needs. */
const DEEPEST = 500;
/** How often a site's values are kept in one call. */
const MOST_OF_A_SITE = 8;

const { apply, construct } = Reflect;
const { isArray } = Array;
const { random } = Math;

export interface Place {
  readonly within: string | null;
  readonly file: string | null;
  readonly line: number | null;
}

/** What a guard throws. Whoever catches it comes to the next guard. */
export const STOP: unique symbol = Symbol('stopped');

/** An error whose message is ours. */
export class LearnersError extends Error {}

/** What is known of one call while it runs, whatever file its code is in. */
export class Supervision {
  readonly #now: () => number;
  readonly #processorTime: () => number;
  /** When to look again how much was computed, and how much may be computed till then. */
  #deadline = Number.POSITIVE_INFINITY;
  #mostProcessorTime = Number.POSITIVE_INFINITY;
  #depth = 0;
  readonly #chance = new Generator(1);
  #isHigh = false;
  /**
   * In a training Math.random is as it should be, for the weights may be drawn with it, and what gets a name is not
   * noted: nobody asks for it, and it is much.
   */
  isTraining = false;
  #within: string | null = null;
  #file: string | undefined;
  #line = 0;
  /** Where it was when its time was over. */
  stoppedAt: Place | undefined;
  /** How often each loop has turned, by its file and line. */
  readonly #turns = new Map<string, number>();

  readonly #places = new WeakMap<object, Place>();
  #lastPlace: { error: unknown; place: Place } | undefined;
  readonly #learners = new WeakSet<object>();

  /** What was seen: a copy, and the value itself. */
  readonly probes: { site: number; value: Value; of: unknown }[] = [];
  /** The values themselves, and what was put in their place. */
  readonly passed: { site: number; value: unknown }[] = [];
  readonly #countOf = new Map<number, number>();
  #substitutes: Readonly<Record<number, Value>> = {};
  #replacements: Readonly<Record<string, (...args: unknown[]) => unknown>> = {};

  constructor(now: () => number, processorTime: () => number) {
    this.#now = now;
    this.#processorTime = processorTime;
  }

  /** Before a call: nothing is left of the one before. */
  begin(
    milliseconds: number,
    replacements: Readonly<Record<string, (...args: unknown[]) => unknown>> = {},
    substitutes: Readonly<Record<number, Value>> = {},
  ): void {
    this.allow(milliseconds);
    this.#depth = 0;
    this.#within = null;
    this.stoppedAt = undefined;
    this.#lastPlace = undefined;
    this.probes.length = 0;
    this.passed.length = 0;
    this.#countOf.clear();
    this.#turns.clear();
    this.#substitutes = substitutes;
    this.#replacements = replacements;
  }

  /** From now on so much time, whatever was left. */
  allow(milliseconds: number): void {
    this.#deadline = this.#now() + milliseconds;
    this.#mostProcessorTime = this.#processorTime() + milliseconds;
  }

  placeOf(error: unknown): Place | undefined {
    if (isObject(error)) return this.#places.get(error);
    return this.#lastPlace?.error === error ? this.#lastPlace?.place : undefined;
  }

  /** Whether the learner's own code threw it. */
  isLearners(error: unknown): boolean {
    return isObject(error) ? this.#learners.has(error) : this.#lastPlace?.error === error;
  }

  /** The first place that an error is seen at is where it comes from. */
  notePlace(error: unknown, file: string, line: number): void {
    if (error === STOP) return;
    const place = { within: this.#within, file, line };
    if (!isObject(error)) this.#lastPlace ??= { error, place };
    else if (!this.#places.has(error)) this.#places.set(error, place);
  }

  noteThrown(error: unknown, file: string, line: number): void {
    if (isObject(error)) this.#learners.add(error);
    else this.#lastPlace = undefined;
    this.notePlace(error, file, line);
  }

  guard(file: string, line: number, within: string, around?: readonly number[]): void {
    this.#within = within;
    if (this.stoppedAt === undefined && !this.#isLate()) return;
    const endless = around?.find(outer => (this.#turns.get(`${file}:${outer}`) ?? 0) > 1);
    this.stoppedAt ??= { within, file, line: endless ?? line };
    throw STOP;
  }

  /**
   * The guard of a loop, which knows the loops around it. One of them that has turned more than once has seen the inner
   * ones end: it is the outermost such loop that does not come to an end.
   */
  turn(file: string, line: number, within: string, around: readonly number[]): void {
    const key = `${file}:${line}`;
    this.#turns.set(key, (this.#turns.get(key) ?? 0) + 1);
    this.guard(file, line, within, around);
  }

  /** On a machine that is busy with something else a second is no second of computing. */
  #isLate(): boolean {
    if (this.#now() <= this.#deadline) return false;
    const left = this.#mostProcessorTime - this.#processorTime();
    this.#deadline = this.#now() + left;
    return left < 1;
  }

  goOn(): void {
    if (this.stoppedAt !== undefined) throw STOP;
  }

  /** The call that is being made, or was made last: a file and a line. */
  get lastCall(): string | undefined {
    return this.#file === undefined ? undefined : `${this.#file}:${this.#line}`;
  }

  isAt(file: string, line: number): void {
    this.#file = file;
    this.#line = line;
  }

  /** Calls a function of anybody's. */
  run(file: string, line: number, f: (...args: unknown[]) => unknown, self: unknown, args: unknown[]): unknown {
    const within = this.#within;
    this.isAt(file, line);
    if (++this.#depth > DEEPEST) {
      this.#depth--;
      throw this.fail(file, line, words.callsItselfForever);
    }
    try {
      return apply(f === random ? this.random : f, self, args);
    } catch (error) {
      this.#within = within;
      this.notePlace(error, file, line);
      throw error;
    } finally {
      this.#depth--;
      this.#within = within;
    }
  }

  fail(file: string, line: number, says: string): LearnersError {
    const error = new LearnersError(says);
    this.notePlace(error, file, line);
    return error;
  }

  /** Notes the value of a site, and gives what is to be used in its place. */
  probe(site: number, value: unknown): unknown {
    this.#note(site, value);
    const substitute = this.#substitutes[site];
    if (substitute === undefined) return value;
    const used = substitute.kind === 'tensor' ? toTensor(substitute) : value;
    this.passed.push({ site, value: used });
    return used;
  }

  /** The same for a value that is still to be made: what is to be used in its place is used also where that fails. */
  attempt(site: number, make: () => unknown): unknown {
    let value: unknown;
    try {
      value = make();
    } catch (error) {
      const substitute = this.#substitutes[site];
      if (error === STOP || substitute?.kind !== 'tensor') throw error;
      return toTensor(substitute);
    }
    return this.probe(site, value);
  }

  /** The same where a tensor was changed in place: it is given the elements of the substitute. */
  changed(site: number, value: unknown): unknown {
    this.#note(site, value);
    const substitute = this.#substitutes[site];
    if (substitute?.kind === 'tensor' && isTensor(value))
      value.zero_().add_(toTensor({ ...substitute, dtype: value.dtype }));
    return value;
  }

  /** With what has become of the values since, where they were changed in place. */
  probesAtTheEnd(): Probe[] {
    return this.probes.map(({ site, value, of }) => {
      const afterwards = isTensor(of) ? toValue(of) : value;
      return sameNumbers(value, afterwards) ? { site, value } : { site, value, afterwards };
    });
  }

  #note(site: number, value: unknown): void {
    if (site < 0 || this.isTraining) return;
    const count = this.#countOf.get(site) ?? 0;
    this.#countOf.set(site, count + 1);
    if (count >= MOST_OF_A_SITE) return;
    this.probes.push({ site, value: toValue(value), of: value });
    this.passed.push({ site, value });
  }

  /**
   * What stands in for Math.random: in one call small numbers, in the next one large ones, so that nothing that depends
   * on them looks the same twice, and the same each time that an answerer starts.
   */
  readonly random = (): number => {
    const part = this.#chance.word() / 2 ** 32;
    if (this.isTraining) return part;
    return this.#isHigh ? 1 - 0.05 * (part + 2 ** -32) : 0.05 * part;
  };

  /** From one call to the next. */
  turnChance(): void {
    this.#isHigh = !this.#isHigh;
  }

  isReplaced(name: string): boolean {
    return Object.hasOwn(this.#replacements, name);
  }

  replacement(name: string, args: ArrayLike<unknown>): unknown {
    for (let i = 0; i < args.length; i++)
      if (args[i] === undefined || args[i] === null)
        throw new LearnersError(words.givenNothing(name, args[i] as null | undefined));
    return apply(this.#replacements[name]!, undefined, args);
  }
}

type Anything = (...args: unknown[]) => unknown;

/** What the code of one module calls `$$`: see `source/instrument.ts`, which writes these calls. */
export function supervising(
  file: string,
  supervision: Supervision,
  moduleNamed: (name: string) => object,
  exports: object,
): object {
  const fail = (line: number, says: string) => supervision.fail(file, line, says);

  /** What a value has under a name, where it may have something. */
  const member = (line: number, text: string, receiver: unknown, name: PropertyKey): unknown => {
    if (receiver === undefined || receiver === null)
      throw fail(line, words.memberOfNothing(text, String(name), receiver));
    const found = (receiver as Record<PropertyKey, unknown>)[name];
    if (found !== undefined || typeof name === 'symbol') return found;
    if (isTensor(receiver)) {
      throw fail(
        line,
        /^-?\d+$/.test(String(name)) ? words.noIndex(text, name) : words.noSuchMember(text, String(name)),
      );
    }
    if (receiver instanceof Promise) throw fail(line, words.memberOfPromise(text, String(name)));
    if (typeof receiver === 'number') throw fail(line, words.noSuchMethod(text, String(name), receiver, undefined));
    return undefined;
  };

  const arithmetic = (line: number, operator: string, left: string, right: string, a: unknown, b: unknown): unknown => {
    if (isTensor(a) || isTensor(b)) throw fail(line, words.operatorOnTensors(operator, left, right, a));
    try {
      return compute(operator, a as number, b as number);
    } catch (error) {
      supervision.notePlace(error, file, line);
      throw error;
    }
  };

  return {
    module: moduleNamed,
    exports(getters: Record<string, () => unknown>): void {
      for (const name of Object.keys(getters))
        Object.defineProperty(exports, name, { enumerable: true, get: getters[name]! });
    },

    guard: (line: number, within: string) => supervision.guard(file, line, within),
    turn: (line: number, within: string, around: readonly number[]) => supervision.turn(file, line, within, around),
    goOn: () => supervision.goOn(),
    probe: (site: number, value: unknown) => supervision.probe(site, value),
    attempt: (site: number, make: () => unknown) => supervision.attempt(site, make),
    changed: (site: number, value: unknown) => supervision.changed(site, value),

    /** `const [a, b] = value`. */
    elements(line: number, text: string, sites: readonly number[], value: unknown): unknown {
      if (isArray(value)) {
        const elements: unknown[] = [];
        for (let i = 0; i < value.length || i < sites.length; i++)
          elements[i] = supervision.probe(sites[i] ?? -1, value[i]);
        return elements;
      }
      if (
        value === undefined ||
        value === null ||
        typeof (value as Iterable<unknown>)[Symbol.iterator] !== 'function'
      ) {
        throw fail(line, words.noList(text, value));
      }
      return value;
    },

    /** `const { a, b } = value`. */
    fields(line: number, text: string, sites: Readonly<Record<string, number>>, value: unknown): unknown {
      if (value === undefined || value === null) throw fail(line, words.noList(text, value));
      if (typeof value !== 'object' || value instanceof Promise) {
        for (const name of Object.keys(sites)) member(line, text, value, name);
        return value;
      }
      const fields: Record<string, unknown> = {};
      for (const name of Object.keys(sites))
        fields[name] = supervision.probe(sites[name]!, (value as Record<string, unknown>)[name]);
      return new Proxy(value, {
        get: (of, name) => (Object.hasOwn(fields, name) ? fields[name as string] : Reflect.get(of, name)),
      });
    },

    method(line: number, text: string, receiver: unknown, name: PropertyKey, ...args: unknown[]): unknown {
      const f = member(line, text, receiver, name);
      if (typeof f !== 'function') throw fail(line, words.noSuchMethod(text, String(name), receiver, f));
      if (text === 'Math' && args.some(isTensor)) throw fail(line, words.mathOfTensor(String(name)));
      return supervision.run(file, line, f as Anything, receiver, args);
    },
    call(line: number, text: string, f: unknown, ...args: unknown[]): unknown {
      if (typeof f !== 'function') throw fail(line, words.noFunction(text, f));
      return supervision.run(file, line, f as Anything, undefined, args);
    },
    make(line: number, text: string, f: unknown, ...args: unknown[]): unknown {
      if (typeof f !== 'function') throw fail(line, words.noFunction(text, f));
      return supervision.run(file, line, () => construct(f as Anything, args), undefined, []);
    },
    read: member,

    arithmetic,
    /** `dlDb2 += dlDs2`, where a tensor of whoever calls is to grow. */
    intoSum(line: number, operator: string, left: string, right: string, a: unknown, b: unknown): unknown {
      if (isTensor(a)) throw fail(line, words.operatorIntoSum(operator, left, right));
      return arithmetic(line, operator, left, right, a, b);
    },
    negative(line: number, text: string, a: unknown): unknown {
      if (isTensor(a)) throw fail(line, words.negativeOfTensor(text));
      return -(a as number);
    },

    inText(line: number, value: unknown): unknown {
      supervision.isAt(file, line);
      return value;
    },
    thrown(line: number, error: unknown): unknown {
      supervision.noteThrown(error, file, line);
      return error;
    },
    unknown(line: number, name: string): never {
      throw fail(line, words.unknownName(name));
    },
    undeclared(line: number, name: string, _value: unknown): never {
      throw fail(line, `\`${name}\` is not declared: write \`const ${name} = …\``);
    },
    keyword(line: number, name: string, _value: unknown): never {
      throw fail(line, words.keyword(name));
    },
    constant(line: number, name: string, _value: unknown): never {
      throw fail(line, `\`${name}\` is a \`const\` and keeps its value: declare it with \`let\`, or take another name`);
    },

    replaceable(name: string, f: unknown): unknown {
      if (typeof f !== 'function') return f;
      return function (this: unknown, ...args: unknown[]): unknown {
        return supervision.isReplaced(name) ? supervision.replacement(name, args) : apply(f, this, args);
      };
    },
    isReplaced: (name: string) => supervision.isReplaced(name),
    replacement: (name: string, args: ArrayLike<unknown>) => supervision.replacement(name, args),
  };
}

function compute(operator: string, a: number, b: number): unknown {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    default:
      return typeof a === 'number' && typeof b === 'number' ? pow(a, b) : Number.NaN;
  }
}

function sameNumbers(a: Value, b: Value): boolean {
  if (a.kind !== 'tensor' || b.kind !== 'tensor') return a === b;
  return a.data.length === b.data.length && a.data.every((x, i) => x === b.data[i] || Object.is(x, b.data[i]));
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
