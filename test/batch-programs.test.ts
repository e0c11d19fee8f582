import fc from 'fast-check';
import { expect } from 'vitest';
import { Batch, Pool } from '../src/batch/batch.ts';
import { Pass } from '../src/batch/pass.ts';
import { Products } from '../src/batch/products.ts';
import { Trace } from '../src/batch/trace.ts';
import { NotAtOnce } from '../src/batch/why-not.ts';
import { cat, Generator, stack, sub, Tensor, where, zeros } from '../src/index.ts';
import { allOrOneInCount, sharedTest } from './one-in.ts';

// Random programs of the tensor's operations: one program, a number of samples, at once and one by one.

type T = Tensor<never>;
/** An operation of a program: on tensors that are there already, chosen by numbers. */
type Operation = (pick: (n: number) => T, a: number, b: number, c: number) => unknown;

const any = (tensor: unknown): Record<string, (...args: unknown[]) => T> => tensor as never;
const dimOf = (tensor: T, n: number) => (n % (2 * tensor.dim() + 1)) - tensor.dim();

const operations: Readonly<Record<string, Operation>> = {
  ...Object.fromEntries(
    ['add', 'sub', 'mul', 'div', 'maximum', 'minimum', 'gt', 'eq'].map(name => [
      name,
      ((pick, a, b) => any(pick(a))[name]!(pick(b))) as Operation,
    ]),
  ),
  ...Object.fromEntries(
    ['tanh', 'exp', 'neg', 'abs', 'relu', 'sigmoid', 'cosh', 'sqrt', 'log'].map(name => [
      name,
      ((pick, a) => any(pick(a))[name]!()) as Operation,
    ]),
  ),
  ...Object.fromEntries(
    ['add_', 'sub_', 'mul_', 'copy_'].map(name => [name, ((pick, a, b) => any(pick(a))[name]!(pick(b))) as Operation]),
  ),
  ...Object.fromEntries(
    ['mv', 'mm', 'outer', 'dot', 'matmul'].map(name => [
      name,
      ((pick, a, b) => any(pick(a))[name]!(pick(b))) as Operation,
    ]),
  ),
  ...Object.fromEntries(
    ['sum', 'mean', 'max', 'min', 'argmax'].map(name => [name, ((pick, a) => any(pick(a))[name]!()) as Operation]),
  ),
  ...Object.fromEntries(
    ['sum', 'std', 'mean', 'argmin'].map(name => [
      `${name} along`,
      ((pick, a, b, c) => any(pick(a))[name]!(dimOf(pick(a), b), c % 2 === 0)) as Operation,
    ]),
  ),
  'max along': (pick, a, b) => any(pick(a)).max!(dimOf(pick(a), b)),
  norm: (pick, a) => any(pick(a)).norm!(),
  square: (pick, a) => any(pick(a)).pow!(2),
  'times a number': (pick, a, b) => any(pick(a)).mul!(b - 3),
  'a number minus': (pick, a, b) => sub(b, pick(a)),
  t: (pick, a) => any(pick(a)).t!(),
  T: (pick, a) => (pick(a) as Tensor).T,
  column: (pick, a) => any(pick(a)).view!(-1, 1),
  row: (pick, a) => any(pick(a)).view!(1, -1),
  flat: (pick, a) => any(pick(a)).reshape!(-1),
  select: (pick, a, b, c) => any(pick(a)).select!(dimOf(pick(a), b), c % 3),
  narrow: (pick, a, b, c) => any(pick(a)).narrow!(dimOf(pick(a), b), c % 2, 2),
  unsqueeze: (pick, a, b) => any(pick(a)).unsqueeze!(dimOf(pick(a), b)),
  squeeze: (pick, a) => any(pick(a)).squeeze!(),
  expand: (pick, a) => any(pick(a)).expand!(2, 3, 3),
  clone: (pick, a) => any(pick(a)).clone!(),
  contiguous: (pick, a) => any(pick(a)).contiguous!(),
  double: (pick, a) => any(pick(a)).double!(),
  zero_: (pick, a) => any(pick(a)).zero_!(),
  tanh_: (pick, a) => any(pick(a)).tanh_!(),
  cat: (pick, a, b) => cat([pick(a), pick(b)] as never),
  stack: (pick, a, b) => stack([pick(a), pick(b)] as never),
  where: (pick, a, b, c) => where((pick(a) as Tensor).gt(0), pick(b) as Tensor, pick(c) as never),
  zeros: () => zeros(3),
};

interface Line {
  readonly name: string;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  /** It stands there once more at the end, where others may have changed what it is of. */
  readonly again: boolean;
}

/** What a program makes of what it is given: every tensor that it has come to; where an operation fails, none. */
function run(program: readonly Line[], given: readonly T[]): T[] {
  const have = [...given];
  for (const { name, a, b, c } of [...program, ...program.filter(({ again }) => again)]) {
    const made = operations[name]!(n => have[n % have.length]!, a, b, c);
    for (const one of made instanceof Tensor ? [made] : (made as Iterable<T>)) have.push(one as T);
  }
  return have;
}

const SAMPLES = 5;
const generator = new Generator(3);
const random = (...shape: number[]): Tensor =>
  new Tensor(
    Float32Array.from({ length: shape.reduce((x, y) => x * y, 1) }, () => 3 * generator.uniform24() - 1.2),
    shape,
    'float32',
  );

const program = fc.array(
  fc.record({
    name: fc.constantFrom(...Object.keys(operations)),
    a: fc.nat(30),
    b: fc.nat(30),
    c: fc.nat(30),
    again: fc.boolean(),
  }),
  { minLength: 1, maxLength: 9 },
);

/** How often it came to numbers at once, and how often not. */
const came = { atOnce: 0, refused: 0, failed: 0 };

sharedTest.each([true, false])('kernels: %s', kernels => {
  const products = new Products(3, kernels);
  fc.assert(
    fc.property(program, lines => {
      const inputs = random(SAMPLES, 3);
      const matrices = random(SAMPLES, 3, 3);
      const [w, b] = [random(3, 3), random(3)];
      const before = [w, b].map(one => [...one.elements()]);

      // one by one, each with copies of its own
      let wanted: number[][][] | undefined;
      try {
        wanted = Array.from({ length: SAMPLES }, (_, n) =>
          run(lines, [inputs.select(0, n).clone(), matrices.select(0, n).clone(), w.clone(), b.clone()] as never).map(
            one => [...(one as Tensor).elements()],
          ),
        );
      } catch {
        wanted = undefined;
      }

      const batch = new Batch(SAMPLES, products, new Pool(), () => undefined);
      const pass = new Pass(batch, new Trace());
      let found: T[];
      try {
        found = pass.call('program', () => {
          const own = [pass.giveRows(inputs as Tensor), pass.giveRows(matrices as Tensor)].map(one => one.clone());
          return run(lines, [...own, pass.give(w), pass.give(b)] as never);
        });
        for (const one of found) pass.manyOf(one as Tensor);
      } catch (error) {
        if (!(error instanceof NotAtOnce)) throw error;
        if (wanted === undefined) came.failed += 1;
        else came.refused += 1;
        // whatever was written is what the program has made itself
        expect([w, b].map(one => [...one.elements()])).toEqual(before);
        return;
      }
      came.atOnce += 1;
      expect(wanted, 'what fails one by one does not come to something at once').toBeDefined();
      for (const [i, one] of found.entries()) {
        const many = pass.manyOf(one as Tensor);
        for (let n = 0; n < SAMPLES; n++) {
          const [have, want] = [[...many.of(n).elements()], wanted![n]![i]!];
          expect(have.length).toBe(want.length);
          have.forEach((x, k) => {
            const isNear = Object.is(x, want[k]) || Math.abs(x - want[k]!) <= 1e-4 * (1 + Math.abs(want[k]!));
            expect({ i, n, k, isNear, x, want: want[k] }).toMatchObject({ isNear: true });
          });
        }
      }
    }),
    {
      seed: 1, // others find more: each that fails becomes an example below
      numRuns: allOrOneInCount(20, 4000),
      // found once: a product that is kept for later, of what is written over meanwhile; one that is added to itself
      examples: [
        [
          [
            { name: 'outer', a: 0, b: 0, c: 0, again: false },
            { name: 'add_', a: 19, b: 29, c: 0, again: false },
          ],
        ],
        [
          [
            { name: 'add', a: 6, b: 10, c: 0, again: false },
            { name: 'mul', a: 0, b: 9, c: 0, again: false },
            { name: 'zero_', a: 22, b: 0, c: 0, again: false },
          ],
        ],
      ],
    },
  );
  // the property says nothing of programs that are refused: most are not
  expect(came.atOnce).toBeGreaterThan(came.refused);
});
