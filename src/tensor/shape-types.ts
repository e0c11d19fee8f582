import type { Add, Count, Less } from './decimals.ts';

/**
 * A shape, as torch's `size()`: the length of each dimension, outermost first. As a type it is a tuple, `[50, 784]`;
 * a dimension known only at run time is `number` there and goes with any other until the program runs.
 */
export type Shape = number[];

/** The shape that `view(...size)` gives: −1 stands for a length that is computed, so its type is `number`. */
export type Viewed<V extends Shape> = Own<{ [K in keyof V]: V[K] extends -1 ? number : V[K] }>;

/**
 * S, but not to be inferred from what the result is wanted for: in `loss(zeros(10), zeros(9))` the second shape is [9],
 * whatever the first one is. `NoInfer<S>` does the same, and the editor would show it with every tensor.
 */
export type Own<S extends Shape> = S extends [...infer Lengths extends number[]] ? Lengths : Shape;

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

/** The length of dimension K, where that is known: counted from the front, or −1. */
export type LengthAt<S extends Shape, K extends number> = number extends S['length']
  ? number
  : K extends -1
    ? Last<S>
    : K extends keyof S & number
      ? S[K]
      : number;

/** All dimensions turned round. */
export type Turned<S extends Shape> = number extends S['length']
  ? Shape
  : S extends [infer L extends number, ...infer R extends number[]]
    ? [...Turned<R>, L]
    : [];

/** Dimensions P and Q swapped, where both are known, counted from the front. */
export type Swapped<S extends Shape, P extends number, Q extends number> = number extends P | Q | S['length']
  ? Shape
  : `${P}${Q}` extends `${string}-${string}`
    ? Shape
    : {
          [K in keyof S]: K extends `${P}` ? LengthAt<S, Q> : K extends `${Q}` ? LengthAt<S, P> : S[K];
        } extends infer Both
      ? Both extends Shape
        ? Both
        : never
      : never;

/** A length of 1 before dimension K, where that is known: counted from the front, or −1. */
export type Inserted<S extends Shape, K extends number, Seen extends Shape = []> = number extends K | S['length']
  ? Shape
  : K extends -1
    ? [...S, 1]
    : Seen['length'] extends K
      ? [...Seen, 1, ...S]
      : S extends [infer L extends number, ...infer R extends number[]]
        ? Inserted<R, K, [...Seen, L]>
        : Shape;

/** Without the lengths of 1, where all lengths are known. */
export type Squeezed<S extends Shape, Seen extends Shape = []> = number extends S['length'] | S[number]
  ? Shape
  : S extends [infer L extends number, ...infer R extends number[]]
    ? Squeezed<R, L extends 1 ? Seen : [...Seen, L]>
    : Seen;

/** Without dimension K, where that is known and has a length of 1. */
export type SqueezedAt<S extends Shape, K extends number> =
  number extends LengthAt<S, K> ? Shape : LengthAt<S, K> extends 1 ? Along<S, K, []> : S;

/** The number of elements, where all lengths are known. */
export type CountOf<S extends Shape> = number extends S['length'] | S[number] ? number : Count<S>;

type IsStack<S extends Shape> = number extends S['length']
  ? true
  : S extends [number, number, number, ...number[]]
    ? true
    : false;

/** Where one of two factors has more than two dimensions, or nobody knows how many. */
export type OfStacks<A extends Shape, B extends Shape> = true extends IsStack<A> | IsStack<B>
  ? unknown
  : 'these are vectors and matrices';

// What follows refuses what is certain to fail at run time: `unknown` where it may go well, else a sentence for the
// editor. Within functions of any size the lengths are type parameters; each type below therefore asks first whether a
// length is `number`, which a parameter may turn out to be, and TypeScript lets such a call pass.

type Beyond<I extends number, L extends number> = [number] extends [I | L]
  ? never
  : `${I}` extends `-${infer Back extends number}`
    ? true extends Less<L, Back>
      ? I
      : never
    : true extends Less<I, L>
      ? never
      : I;

/** Whether a dimension of length L has an entry I, counted from either end. */
export type HasEntry<I extends number, L extends number> = [I] extends [Beyond<I, L>]
  ? `there is no entry ${I} of ${L}`
  : unknown;

type Overlong<Start extends number, N extends number, L extends number> = [number] extends [Start | N | L]
  ? never
  : `${Start}${N}` extends `${string}-${string}`
    ? N
    : true extends Less<L, Add<Start, N>>
      ? N
      : never;

/** Whether a dimension of length L has N entries from Start on. */
export type HasEntries<Start extends number, N extends number, L extends number> = [N] extends [Overlong<Start, N, L>]
  ? `there are no ${N} entries from ${Start} on, of ${L}`
  : unknown;

type Unequal<S extends Shape, V extends Shape> = [number] extends [S['length'] | V['length'] | S[number] | V[number]]
  ? never
  : -1 extends V[number]
    ? never
    : Count<S> extends Count<V>
      ? never
      : V;

/** Whether a shape has as many elements as another, in which it is to be viewed. */
export type ViewableAs<S extends Shape, V extends Shape> = [V] extends [Unequal<S, V>]
  ? `[${Text<S>}] cannot be viewed as [${Text<V>}]`
  : unknown;
