/**
 * Judge and answerer. The judge draws, knows the references, compares and explains; the answerer runs a learner's code
 * and answers what it gave, and no more. Between them is a channel: a child process, a sandboxed process, a worker in a
 * frame. They exchange whole messages; what is said here is all that either knows of the other.
 */
import type { DType } from '../tensor/index.ts';

/** A tensor on its way: its numbers travel as raw bytes. */
export interface TensorValue {
  readonly kind: 'tensor';
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** As many as the shape says. float64 carries every dtype exactly. */
  readonly data: Float64Array;
}

/** Whatever a learner's function gave. */
export type Value =
  | TensorValue
  | { readonly kind: 'number'; readonly value: number }
  /** A line that the training printed. */
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  | { readonly kind: 'nothing' }
  /** Anything else, by what it is: `a string`, `a function`, `a promise`. */
  | { readonly kind: 'other'; readonly what: string };

/** A learner's files by their names relative to what is checked, as they were written. */
export type Sources = Readonly<Record<string, string>>;

/** The six functions, and the training. */
export type FunctionName = 'sigma' | 'dsigma' | 'loss' | 'dloss' | 'forwardPass' | 'backwardPass' | 'train';

/** A place in a function of a learner's where a value gets a name: `const dlDx2 = dloss(x2, t)`. */
export interface Site {
  /** The function of the learner's in which it stands, by its canonical name where it is one of the six. */
  readonly within: string;
  /** The name that the value gets. */
  readonly name: string;
  /** Whether it is a parameter of the function that gets another value: `dlDw2 = …`. */
  readonly rebinds: boolean;
  /** Whether what has the name already is changed: `s1.add_(b1)`. A substitute is then written into it. */
  readonly inPlace: boolean;
  readonly file: string;
  readonly line: number;
  /** The source of the expression, as it was written. */
  readonly text: string;
}

/** A loop, or what is one in another dress, in one of the functions or in what that one uses of the learner's own. */
export interface Loop {
  /** The function, by its canonical name. */
  readonly within: FunctionName;
  /** `for`, `while`, `do`, `map`, `forEach`, …, `recursion`. */
  readonly kind: string;
  /** The variables that get another value in it, or are changed in place. */
  readonly changes: readonly string[];
  readonly file: string;
  readonly line: number;
}

/** What can be told of one function without running it. */
export interface FunctionFacts {
  /** The name under which it is exported: `forwardPass` or `forward_pass`. */
  readonly exportedAs: string;
  /** The file that exports it. */
  readonly exportedFrom: string;
  /** Where it is written: the file and line of its definition. */
  readonly file: string;
  readonly line: number;
  readonly parameters: readonly string[];
  /** Whether it returns a value on every way through it; a function that always throws does. */
  readonly returns: boolean;
  /**
   * Its length as the course counts its own: the whole definition, white space and the last line break included, but
   * not what Python has not: types and `export`. Comments and empty lines do not count.
   */
  readonly characters: number;
  /** The line of a `return` that ends there, and so gives nothing, with what was meant for it on the lines below. */
  readonly emptyReturn?: number | undefined;
  /** A stub as it was handed out: nothing is written yet. */
  readonly untouched: boolean;
  /** The lines of the statements that call a method of a parameter that changes it in place, by parameter: `add_`. */
  readonly changes: Readonly<Record<string, readonly { readonly method: string; readonly line: number }[]>>;
}

/** What the source transform made of a learner's files. */
export interface Transformed {
  /**
   * By file: JavaScript with guards and probes, the body of a function with one parameter, `$$`. In the order in which
   * they are to be run.
   */
  readonly modules: Readonly<Record<string, string>>;
  readonly sites: readonly Site[];
  readonly loops: readonly Loop[];
  readonly functions: Readonly<Partial<Record<FunctionName, FunctionFacts>>>;
  /** Exports that are nearly one of the names, `foward_pass`, and functions of the very name that are not exported. */
  readonly misspelt: readonly {
    readonly name: string;
    readonly meant: FunctionName;
    readonly file: string;
    readonly line: number;
  }[];
  /**
   * What may make one call of the six functions unlike another, and where: a variable that is written to and outlives the
   * call, or chance.
   */
  readonly kept?:
    | { readonly name: string; readonly says: string; readonly file: string; readonly line: number }
    | undefined;
}

/** Why a file cannot be run at all. */
export interface SourceError {
  /** `syntax`; an import that is not allowed; anything else that is not: `eval`, an `enum`. */
  readonly kind: 'syntax' | 'import' | 'forbidden';
  readonly says: string;
  readonly file: string;
  readonly line: number;
}

/** One call of one function of the learner's. */
export interface Call {
  readonly function: FunctionName;
  /**
   * Those of the practical. For `train`: the train input, train target, test input and test target that its `loadData`
   * is to give, its `steps`, and the seed of the default generator; it returns the list of the lines that it printed.
   */
  readonly arguments: readonly Value[];
  /**
   * JavaScript of functions to be used in place of the learner's own wherever the learner's code calls them: references
   * of earlier stages, `{ sigma: 'x => x.tanh()' }`. They never name the function that is called. What
   * `longhand/tensor` exports is there as `tensor`: `x => tensor.sub(1, x)`. What they `record(name, ...values)` is kept
   * for the answer, as it is then.
   */
  readonly inPlaceOf: Readonly<Partial<Record<FunctionName, string>>>;
  /** Values to be put in place of what a site computes, or of what it throws, by the site's number. */
  readonly substitutes: Readonly<Record<number, Value>>;
  /** Whether the modules are loaded anew before it, so that nothing that they kept is left of earlier calls. */
  readonly afresh?: boolean;
}

/** What a site computed, before any substitute was put in. */
export interface Probe {
  readonly site: number;
  readonly value: Value;
  /** What has become of it by the end of the call, where it was changed in place since. */
  readonly afterwards?: Value;
}

/** What a reference recorded during a call; of `train` also the lines that were printed, as `print`. */
export interface Recorded {
  readonly name: string;
  readonly values: readonly Value[];
}

/** What a call gave. */
export type Answer =
  | {
      readonly kind: 'returned';
      readonly value: Value;
      /** The arguments as they are after the call. */
      readonly arguments: readonly Value[];
      /**
       * What each site computed, in the order in which they were passed, before any substitute was put in: copies, the
       * first eight of each site.
       */
      readonly probes: readonly Probe[];
      readonly records: readonly Recorded[];
      /** For each element of a returned list, the last site whose very value it is, or −1. */
      readonly sitesOfReturned: readonly number[];
      /** Arguments by number that the returned value, or an element of it, is or shares its storage with. */
      readonly sharesStorageWith: readonly number[];
      /** Names that the global object has since the call and had not before. */
      readonly newGlobals: readonly string[];
    }
  | {
      readonly kind: 'threw';
      /** In words of ours, never of the JavaScript engine's. */
      readonly says: string;
      /** The tensor's operation that refused, where one did. */
      readonly operation: string | null;
      readonly file: string | null;
      readonly line: number | null;
      /** While the modules were loaded: no function can be called. */
      readonly loading: boolean;
      /** What came before. */
      readonly probes: readonly Probe[];
      readonly records: readonly Recorded[];
    }
  /** It ran longer than it may; where it was then, if that is known. */
  | {
      readonly kind: 'runaway';
      readonly within: string | null;
      readonly file: string | null;
      readonly line: number | null;
    }
  /** The process or worker ended, or answered what is no answer. */
  | { readonly kind: 'died'; readonly says: string };

/** Whoever runs a learner's code. Ready once it has loaded the modules. */
export interface Answerer {
  call(call: Call): Promise<Answer>;
  end(): Promise<void>;
}

/** How an answerer is had. Where the modules throw while they load, `died` or `threw` is the answer of every call. */
export type StartAnswerer = (transformed: Transformed) => Promise<Answerer>;
