// Whole numbers in the types, digit by digit as on paper: TypeScript knows a length as a literal type, 784, and has no
// arithmetic for it. With this the editor knows that row 50 of 50 is not there, and that 784 cannot be seen as 28 × 27.

/** The digits of a number, the last one first: of 784 they are ['4', '8', '7']. */
type Digits<N extends number> = Reversed<`${N}`>;
type Reversed<T extends string, D extends string[] = []> = T extends `${infer First}${infer Rest}`
  ? Reversed<Rest, [First, ...D]>
  : D;
type Written<D> = D extends [infer Last extends string, ...infer Rest] ? `${Written<Rest>}${Last}` : '';
type NumberOf<D> = Written<D> extends `${infer N extends number}` ? N : never;

/** As many entries as the digit says. Two digits are added by laying their rows one after the other. */
type Row<D> = D extends keyof Rows ? Rows[D] : [];
interface Rows {
  '1': [0];
  '2': [0, 0];
  '3': [0, 0, 0];
  '4': [0, 0, 0, 0];
  '5': [0, 0, 0, 0, 0];
  '6': [0, 0, 0, 0, 0, 0];
  '7': [0, 0, 0, 0, 0, 0, 0];
  '8': [0, 0, 0, 0, 0, 0, 0, 0];
  '9': [0, 0, 0, 0, 0, 0, 0, 0, 0];
}
type First<D> = D extends [infer F, ...unknown[]] ? F : '0';
type Rest<D> = D extends [unknown, ...infer R] ? R : [];

type Sum<A, B, Carry extends 0[] = []> = [A, B, Carry] extends [[], [], []]
  ? []
  : `${[...Row<First<A>>, ...Row<First<B>>, ...Carry]['length'] & number}` extends infer Both
    ? Both extends `1${infer D extends number}`
      ? [`${D}`, ...Sum<Rest<A>, Rest<B>, [0]>]
      : [Both, ...Sum<Rest<A>, Rest<B>>]
    : never;

/** A added `Count` times. */
type Repeated<A, Count> = Count extends [0, ...infer Less] ? Sum<A, Repeated<A, Less>> : [];

type Product<A, B> = B extends [infer D, ...infer R]
  ? Sum<Repeated<A, Row<D>>, R extends [] ? [] : ['0', ...Product<A, R>]>
  : [];

type Digit = '0123456789';

/** The first digit that differs, seen from the front, has the last word. */
type Compared<A, B, SoFar> = [A, B] extends [[], []]
  ? SoFar
  : A extends [infer P extends string, ...infer R]
    ? B extends [infer Q extends string, ...infer S]
      ? Compared<R, S, P extends Q ? SoFar : Digit extends `${string}${P}${string}${Q}${string}` ? true : false>
      : false
    : true;

/** A + B. */
export type Add<A extends number, B extends number> = NumberOf<Sum<Digits<A>, Digits<B>>>;

/** Whether A < B. */
export type Less<A extends number, B extends number> = Compared<Digits<A>, Digits<B>, false>;

/** The number of elements of a shape: its lengths multiplied with each other. */
export type Count<S extends number[], SoFar = ['1']> = S extends [infer L extends number, ...infer R extends number[]]
  ? 0 extends L
    ? 0
    : Count<R, Product<SoFar, Digits<L>>>
  : NumberOf<SoFar>;
