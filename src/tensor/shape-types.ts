/**
 * A shape, as torch's `size()`: the length of each dimension, outermost first. As a type it is a tuple, `[50, 784]`;
 * a dimension known only at run time is `number` there and goes with any other until the program runs.
 */
export type Shape = number[];

/** The shape that `view(...size)` gives: −1 stands for a length that is computed, so its type is `number`. */
export type Viewed<V extends Shape> = { [K in keyof V]: V[K] extends -1 ? number : V[K] };

type Leading<S extends Shape> = S extends [...infer L extends number[], number] ? L : [];
type Last<S extends Shape> = S extends [...number[], infer L extends number] ? L : never;

/** Two lengths broadcast to one: 1 gives way, equal lengths stay, a known length wins over `number`; else `never`. */
type BroadcastLength<A, B> = number extends A
  ? B extends 1
    ? A
    : B
  : number extends B
    ? A extends 1
      ? B
      : A
    : A extends 1
      ? B
      : B extends 1
        ? A
        : A extends B
          ? A
          : never;

/** torch's broadcasting: shapes are aligned at their last dimension. */
export type Broadcast<A extends Shape, B extends Shape> = number extends A['length']
  ? Shape
  : number extends B['length']
    ? Shape
    : A extends []
      ? B
      : B extends []
        ? A
        : [...Broadcast<Leading<A>, Leading<B>>, BroadcastLength<Last<A>, Last<B>>];

/** `S` with `New` in place of dimension K, where that is known: counted from the front, or −1. */
export type Along<S extends Shape, K extends number, New extends Shape, Seen extends Shape = []> = number extends
  | K
  | S['length']
  ? Shape
  : K extends -1
    ? [...Leading<S>, ...New]
    : S extends [infer L extends number, ...infer R extends number[]]
      ? Seen['length'] extends K
        ? [...Seen, ...New, ...R]
        : Along<R, K, New, [...Seen, L]>
      : Shape;

/** What a reduction along dimension K leaves: nothing of it, or a length of 1. */
export type Reduced<S extends Shape, K extends number, Keep extends boolean> = boolean extends Keep
  ? Shape
  : S extends []
    ? []
    : Along<S, K, Keep extends true ? [1] : []>;

type Fails<S> = S extends [infer L, ...infer R] ? ([L] extends [never] ? true : Fails<R>) : false;

type Text<S> = S extends [infer L extends number]
  ? `${L}`
  : S extends [infer L extends number, ...infer R]
    ? `${L}, ${Text<R>}`
    : '';

/** `unknown` where A and B broadcast, else a sentence for the editor to show in place of a type. */
export type Broadcasts<A extends Shape, B extends Shape> =
  Fails<Broadcast<A, B>> extends true ? `[${Text<A>}] and [${Text<B>}] do not broadcast` : unknown;

/** The same for an in-place operation, where B must broadcast to A itself. */
export type BroadcastsTo<A extends Shape, B extends Shape> = [Fails<Broadcast<A, B>>, Broadcast<A, B>] extends [
  false,
  A,
]
  ? unknown
  : `[${Text<B>}] does not broadcast to [${Text<A>}]`;
