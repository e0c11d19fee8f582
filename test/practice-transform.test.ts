import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { startInProcess } from '../src/practice/answerer/in-process.ts';
import { toValue } from '../src/practice/answerer/values.ts';
import { instead } from '../src/practice/answerer/words.ts';
import type { Answer, Call, FunctionName, Sources, Transformed, Value } from '../src/practice/protocol.ts';
import { transform } from '../src/practice/transform.ts';
import { manualSeed, randn, sub, Tensor, tensor } from '../src/tensor/index.ts';

// What is made of a learner's files: it must run as it was written, and say where it is.

function transformed(sources: Sources | string): Transformed {
  const made = transform(typeof sources === 'string' ? { 'mine.ts': sources } : sources);
  if (Array.isArray(made)) throw new Error(made.map(({ file, line, says }) => `${file}:${line}: ${says}`).join('\n'));
  return made;
}

/** What is said of a source that cannot be taken, with its line. */
function refused(source: string, others: Sources = {}): string[] {
  const made = transform({ 'mine.ts': source, ...others });
  return Array.isArray(made) ? made.map(({ kind, line, says }) => `${kind} ${line}: ${says}`) : [];
}

async function ask(
  sources: Sources | string,
  name: FunctionName,
  args: readonly unknown[],
  rest: Partial<Call> = {},
): Promise<Answer> {
  const { call } = await startInProcess(transformed(sources));
  return call({ function: name, arguments: args.map(arg => toValue(arg)), inPlaceOf: {}, substitutes: {}, ...rest });
}

/** The value as numbers, in nested lists; what was thrown, with its place, where something was. */
async function result(...question: Parameters<typeof ask>): Promise<unknown> {
  const answer = await ask(...question);
  if (answer.kind === 'returned') return plain(answer.value);
  return answer.kind === 'threw' ? `${answer.line}: ${answer.says}` : answer;
}

function plain(value: Value): unknown {
  if (value.kind === 'tensor') return [...value.data];
  if (value.kind === 'list') return value.items.map(plain);
  return 'value' in value ? value.value : value.kind === 'other' ? value.what : undefined;
}

const x = tensor([0.5, -1, 2]).double();

describe('the code does what it did', () => {
  test('practical.ts itself', async () => {
    const source = { 'practical.ts': readFileSync('src/practical.ts', 'utf8') };
    expect(await result(source, 'dsigma', [x])).toEqual([...sub(1, x.tanh().pow(2)).elements()]);
  });

  // two thousand lines with classes, generics, overloads, loops and arithmetic, as if a learner had written them
  test("all of Longhand's tensor", async () => {
    const sources: Record<string, string> = {
      'mine.ts': `
        import { manualSeed, ones, randn, sub, tensor } from './tensor/index.ts';
        export const sigma = (x: any) => {
          manualSeed(3);
          const a = tensor(x.tolist()).double();
          const m = randn(3, 3).double();
          const products = m.t().mv(a).outer(a).add(ones(3)).mm(m).narrow(0, 0, 2);
          return [products.tanh().tolist(), sub(1, a.exp()).sum().item(), products.argmax(1).tolist(), String(a.view(3, 1)).length];
        };`,
    };
    for (const name of readdirSync('src/tensor'))
      sources[`tensor/${name}`] = readFileSync(`src/tensor/${name}`, 'utf8');
    manualSeed(3);
    const a = tensor(x.tolist()).double();
    const m = randn(3, 3).double();
    const products = m
      .t()
      .mv(a)
      .outer(a)
      .add(tensor([1, 1, 1]))
      .mm(m)
      .narrow(0, 0, 2);
    const expected = [
      products.tanh().tolist(),
      sub(1, a.exp()).sum().item(),
      products.argmax(1).tolist(),
      String(a.view(3, 1)).length,
    ];
    expect(await result(sources, 'sigma', [x])).toEqual(expected);
  });

  test('every line stays where it is, types and all', () => {
    const source = `import type { A } from 'longhand';
type B<T> = {
  a: T;
};
interface C { c: number }
export const sigma = <S extends number[]>(
  x: Tensor<S>,
  y?: Array<
    number
  >,
): Tensor<
  S
> => (x as unknown as Tensor<
  S
>)
  .tanh()
  .mul(
    1, // a comment
  )!;
const here = new Error(); declare const z: number; abstract class D<T> { private readonly p: T | undefined; constructor(q?: T) { this.p = q } }
export { here };`;
    const code = transformed(source).modules['mine.ts']!;
    expect(code.split('\n')).toHaveLength(source.split('\n').length);
    expect(code.split('\n').findIndex(line => line.includes('const here'))).toBe(
      source.split('\n').findIndex(line => line.includes('const here')),
    );
    expect(() => new Function('$$', code)).not.toThrow();
  });

  const programs: [name: string, body: string, expected: unknown][] = [
    [
      'optional chains',
      'const o: any = { a: { b: (n: number) => n + 1 } }; return [o?.a?.b?.(1), o.c?.d.e, o.a?.b(2)];',
      [2, undefined, 3],
    ],
    [
      'methods keep their this',
      'const o = { n: 3, get() { return this.n; } }; return [o.get(), o["get"](), (o.get)(), o!.get!()];',
      [3, 3, 3, 3],
    ],
    [
      'classes',
      'class P { n = 1; get m() { return this.n } static s = 4; #q = 5; q() { return this.#q } } class Q extends P { constructor() { super(); this.n += 1; } get m() { return super.m * 10 } } const q = new Q(); return [q.m, P.s, q.q(), new P().m];',
      [20, 4, 5, 1],
    ],
    [
      'destructuring with defaults',
      'const { a, b: { c = 2 } = {}, ...rest } = { a: 1, d: 4, e: 5 } as any; let [f, , g = 7, ...h] = [1, 2, undefined, 8, 9]; [f, g] = [g!, f]; return [a, c, rest.d + rest.e, f, g, h];',
      [1, 2, 9, 7, 1, [8, 9]],
    ],
    [
      'loops, labels, switches',
      'let n = 0; outer: for (let i = 0; i < 5; i++) { for (const j of [1, 2, 3]) { if (j === 2) continue outer; n += j; } } do n++; while (n < 10); while (n < 12) n++; for (const k in { a: 1, b: 2 }) n += k.length; switch (n) { case 14: n = 100; break; default: n = 0 } return n;',
      100,
    ],
    [
      'closures and hoisting',
      'return f() + g(2); function f() { return 1; } function g(n: number): number { var m = n; { var m = m * 2; } return m; }',
      5,
    ],
    [
      'try, catch, finally',
      'const log: number[] = []; try { try { throw new Error("a"); } finally { log.push(1); } } catch ({ message }: any) { log.push(message.length); } try { null!.x } catch { log.push(3) } return log;',
      [1, 1, 3],
    ],
    [
      'spread, templates, tags',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the program's
      'const tag = (s: any, ...v: number[]) => s.length + v[0]!; return [Math.max(...[1, 5, 3]), `a${1 + 1}b`.length, tag`x${3}y`];',
      [5, 3, 5],
    ],
    [
      'generators and getters',
      'function* two() { yield 1; yield* [2, 3]; } const o = { get a() { return 1 }, set a(v) {}, ["b" + 1]: 2, f() { return arguments.length } }; return [[...two()], o.a, (o as any).b1, (o as any).f(1, 2)];',
      [[1, 2, 3], 1, 2, 2],
    ],
    [
      'operators',
      'let a: any = 7; const l = [1]; l[0]! += 1; a! += l[0]! - 2; a **= 2; a %= 10; a -= 2; a /= 7; a <<= 3; a ||= 5; const s = "x" + 1 + 2; return [a, -a, +"3", !0 ? 1 : 2, s.length, typeof undeclared === "undefined" ? 1 : 0, void 0, 2 ** 3, 7 % 4, (1, 2), "b" > "a" ? 1 : 0];',
      [8, -8, 3, 1, 3, 1, undefined, 8, 3, 2, 1],
    ],
    ['shadowed names', 'const sub = (a: number, b: number) => a * b; { const sigma = 3; return sub(sigma, 2); }', 6],
    [
      'a comment before a bracket',
      'const f = (n: number) => n; return f /* ( */ (4) + [5] /* [ */ [0]! + Math /* . */ . /* max( */ abs(-1);',
      10,
    ],
  ];
  test.each(programs)('%s', async (_, body, expected) => {
    expect(
      await result(
        `import { sub } from 'longhand/tensor';\nexport const sigma = (x: any): any => { ${body} };`,
        'sigma',
        [x],
      ),
    ).toEqual(expected);
  });

  test('files import each other, in a circle and through others', async () => {
    const sources = {
      'all.ts':
        "export * from './one.ts'; export { two as forward_pass, constant } from './deep/two'; export * as everything from './one.js';",
      'one.ts':
        "import { two } from './deep/two.ts'; import * as deep from './deep/two.ts'; export const sigma = (x: any) => [two(), deep.constant, deep.two()]; export let count = 5;",
      'deep/two.ts':
        "import { count } from '../one.ts'; export function two() { return count + 1; } export const constant = 7;",
    };
    expect(await result(sources, 'sigma', [x])).toEqual([6, 7, 6]);
    expect(transformed(sources).functions.forwardPass).toMatchObject({
      exportedAs: 'forward_pass',
      exportedFrom: 'all.ts',
      file: 'deep/two.ts',
      line: 1,
    });
  });
});

describe('what may not be', () => {
  test.each([
    ['export const sigma = x => x.tanh(;', 'syntax 1: the `(` of line 1 is never closed'],
    ['const a = 1 2;', 'syntax 1: this line cannot be read from `2` on; look at what stands just before it'],
    ['export const sigma = x => {\n  return x.tanh();\n', 'syntax 1: the `{` of line 1 is never closed'],
    ['const a = [1, 2);', 'syntax 1: the `[` of line 1 is never closed'],
    ['const a = 1);', 'syntax 1: this `)` closes nothing: one too many, or its `(` is missing'],
    ["const a = 'open;\nconst b = 1;", 'syntax 1: a text that begins here has no closing quotation mark'],
    ['const a = 1;\nconst a = 2;', 'syntax 2: `a` is declared a second time here: give it another name'],
    [
      '\ndef sigma(x):\n  return x.tanh()',
      'syntax 2: this line cannot be read from `sigma` on; look at what stands just before it',
    ],
    [
      "import { sigma } from 'longhand'; sigma(1);",
      "import 1: of 'longhand' only types may be imported, with `import type`: `sigma` is for you to write",
    ],
    [
      "import { sub } from 'longhand'; sub(1);",
      "import 1: take `sub` from 'longhand/tensor': of 'longhand' only types may be imported, with `import type`",
    ],
    [
      "import fs from 'node:fs'; fs.x();",
      "import 1: 'node:fs' cannot be imported here; 'longhand/tensor' and your own files can",
    ],
    [
      "import { add } from '../../dist/practical.js'; add();",
      "import 1: there is no file '../../dist/practical.js' here",
    ],
    [
      "export { sigma } from 'longhand';",
      "import 1: of 'longhand' only types may be imported, with `import type`: `sigma` is for you to write",
    ],
    [
      "import { sigma } from './activatoin.ts'; sigma(1);",
      "import 1: there is no file './activatoin.ts' here; did you mean './activation.ts'?",
    ],
    [
      "import { sigm } from './activation.ts'; sigm(1);",
      'import 1: activation.ts exports no `sigm`; did you mean `sigma`?',
    ],
    [
      "import sigma from './activation.ts'; sigma(1);",
      "import 1: write the names in braces, `import { … } from 'activation.ts'`: nothing is exported there as default",
    ],
    ["import { einsum } from 'longhand/tensor'; einsum(1);", 'import 1: longhand/tensor exports no `einsum`'],
    [
      "const f = async () => import('node:fs');",
      'import 1: an `import` stands at the top of the file; it cannot be called like a function',
    ],
    ["eval('1');", 'forbidden 1: `eval` makes code out of text, and is not there: write the code itself'],
    [
      "new Function('return 1');",
      'forbidden 1: `Function` makes code out of text, and is not there: write the code itself',
    ],
    [
      'const a = import.meta.url;',
      'forbidden 1: `import.meta` is not there: a file learns nothing about where it lies',
    ],
    ['await Promise.resolve();', 'forbidden 1: `await` may stand inside an `async` function only'],
    [
      'enum A { B }',
      'forbidden 1: `enum` is more than a type and is not understood here; write it in plain JavaScript',
    ],
    [
      'class A { constructor(public a: number) {} }',
      'forbidden 1: `public` is more than a type and is not understood here; write it in plain JavaScript',
    ],
    ['const $$ = 1;', 'forbidden 1: `$$` is a name that this tool needs; take another'],
  ])('%s', (source, says) => {
    expect(refused(source, { 'activation.ts': 'export const sigma = 1;' }).join()).toContain(says);
  });

  test('what is imported for its type only is nobody’s business', () => {
    expect(
      refused(
        "import { Practical } from 'longhand'; import type { A } from 'anywhere'; import { type B } from 'there'; export const sigma: Practical['sigma'] = x => x;",
      ),
    ).toEqual([]);
  });
});

describe('sites', () => {
  const source = `
export const forward_pass = (w1, b1, w2, b2, x) => {
  let s1 = w1.mv(x);
  s1.add_(b1);
  const { x1, deep: { y } } = { x1: s1.tanh(), deep: { y: 1 } };
  const [s2, x2] = layer(w2, b2, x1);
  b1 = b1.mul(2);
  const o = {}; o.more = x2;
  const f = v => v.mul(2), twice = f(x2);
  for (let i = 0; i < 1; i++) f(x2);
  return [x, s1, x1, s2, x2];
};
const outside = 1;
function layer(w, b, x) { const s = w.mv(x).add(b); return [s, s.tanh()]; }`;
  const named = transformed(source).sites.map(({ within, name, line, rebinds, inPlace }) => [
    within,
    name,
    line,
    rebinds ? 'rebinds' : inPlace ? 'in place' : '',
  ]);

  test('every value that gets a name inside a function', () => {
    expect(named).toEqual([
      ['forwardPass', 's1', 3, ''],
      ['forwardPass', 's1', 4, 'in place'],
      ['forwardPass', 'x1', 5, ''],
      ['forwardPass', 's2', 6, ''],
      ['forwardPass', 'x2', 6, ''],
      ['forwardPass', 'b1', 7, 'rebinds'],
      ['forwardPass', 'o', 8, ''],
      ['forwardPass', 'more', 8, ''],
      ['forwardPass', 'twice', 9, ''],
      ['layer', 's', 14, ''],
    ]);
    expect(transformed(source).sites[0]!.text).toBe('w1.mv(x)');
  });

  const w = tensor([
    [1, 2],
    [3, 4],
  ]).double();
  const v = tensor([1, -1]).double();

  test('what they computed is told, and which of them what is returned comes from', async () => {
    const answer = await ask(source, 'forwardPass', [w, v, w, v, v]);
    if (answer.kind !== 'returned') throw new Error(JSON.stringify(answer));
    expect(answer.probes.map(({ site, value }) => [named[site]![1], plain(value)]).slice(0, 3)).toEqual([
      ['s1', [-1, -1]],
      ['s1', [0, -2]],
      ['x1', [...tensor([0, -2]).double().tanh().elements()]],
    ]);
    expect(answer.sitesOfReturned.map(site => named[site]?.slice(1, 3))).toEqual([
      undefined,
      ['s1', 4],
      ['x1', 5],
      ['s2', 6],
      ['x2', 6],
    ]);
    expect(answer.sharesStorageWith).toEqual([4]);
  });

  test.each([
    ['where a value is declared', 0, [10 + 1, 20 - 1]],
    ['where it is changed in place', 1, [10, 20]],
  ])('a value is put in its place %s', async (_, site, s1) => {
    const answer = await ask(source, 'forwardPass', [w, v, w, v, v], {
      substitutes: { [site]: toValue(tensor([10, 20]).double()) },
    });
    if (answer.kind !== 'returned' || answer.value.kind !== 'list') throw new Error(JSON.stringify(answer));
    expect(plain(answer.value.items[1]!)).toEqual(s1);
    expect(plain(answer.value.items[2]!)).toEqual([...tensor(s1).double().tanh().elements()]);
  });

  test('at a place of several names, too', async () => {
    const answer = await ask(source, 'forwardPass', [w, v, w, v, v], {
      substitutes: { 4: toValue(tensor([5, 6]).double()) },
    });
    if (answer.kind !== 'returned' || answer.value.kind !== 'list') throw new Error(JSON.stringify(answer));
    expect(plain(answer.value.items[4]!)).toEqual([5, 6]);
    expect(answer.sitesOfReturned[4]).toBe(4);
  });
});

describe('references in place of functions', () => {
  const reference = { inPlaceOf: { sigma: 'x => tensor.mul(100, x)' } };
  test.each([
    ['const', 'export const sigma = v => v; export const dsigma = x => sigma(x);'],
    ['function', 'export function sigma(v) { return v; } export const dsigma = x => sigma(x);'],
    [
      'function expression',
      'export const sigma = function other(v) { return v; }; export function dsigma(x) { return sigma(x); }',
    ],
    ['export under another name', 'const act = v => v; export { act as sigma }; export const dsigma = x => act(x);'],
    [
      'alias',
      'const act = v => v; const same = act; export { same as sigma }; const third = same; export const dsigma = x => third(x);',
    ],
    [
      'made by another function',
      'const make = () => v => v; export const sigma = make(); export const dsigma = x => sigma(x);',
    ],
    ['given to another function', 'export const sigma = v => v; export const dsigma = x => [x].map(sigma)[0];'],
  ])('%s', async (_, source) => {
    expect(await result(source, 'dsigma', [x], reference)).toEqual([50, -100, 200]);
    expect(await result(source, 'dsigma', [x])).toEqual([0.5, -1, 2]);
    expect(await result(source, 'sigma', [x])).toEqual([0.5, -1, 2]);
  });

  test('through imports, re-exports and other names, but never for a name that shadows it', async () => {
    const sources = {
      'activation.ts': 'export const sigma = v => v;',
      'all.ts': "export { sigma as act } from './activation.ts';",
      'passes.ts':
        "import { act } from './all.ts'; export const forward_pass = x => act(x); export const backward_pass = (x, sigma) => { { const act = v => v.mul(2); return act(x); } };",
    };
    expect(await result(sources, 'forwardPass', [x], reference)).toEqual([50, -100, 200]);
    expect(await result(sources, 'backwardPass', [x, x], reference)).toEqual([1, -2, 4]);
  });
});

describe('facts', () => {
  const loopsIn = (body: string) =>
    transformed(`export const sigma = (x: any): any => { ${body} };`).loops.map(({ kind }) => kind);
  test.each([
    ['for', 'for (let i = 0; i < 3; i++) x = x;'],
    ['for-of', 'for (const a of [1]) x = a;'],
    ['for-in', 'for (const a in x) x = a;'],
    ['while', 'while (x) x = 0;'],
    ['do', 'do x = 0; while (x);'],
    ...'map forEach reduce reduceRight filter some every find findIndex flatMap sort'
      .split(' ')
      .map(name => [name, `[1].${name}(v => v);`]),
    ['map', 'const f = v => v; [1]["map"](f);'],
    ['Array.from', 'Array.from({ length: 3 }, (_, i) => i);'],
    ['Float64Array.from', 'Float64Array.from([1], v => v);'],
    ['recursion', 'const f = n => n === 0 ? 0 : f(n - 1); f(3);'],
    ['recursion', 'function f(n) { return n === 0 ? 0 : f(n - 1) } f(3);'],
  ])('%s is found in %s', (kind, body) => {
    expect(loopsIn(body)).toEqual([kind]);
  });

  test('and nothing that is none', () => {
    expect(
      loopsIn(
        "x.filter; Array.from([1]); 'a'.replace('a', 'b'); const o = { a: () => o.b(), b: () => 1 }; o.a(); x.find(3)",
      ),
    ).toEqual([]);
  });

  test('loops are found where a function goes: helpers, other files, mutual recursion, itself; but not in what is judged by itself', () => {
    const sources = {
      'activation.ts':
        "import { even } from './helper.ts';\nexport const sigma = x => even(3);\nexport const dsigma = x => dsigma(x);\nconst unused = () => { for (;;); };",
      'helper.ts':
        'export const even = n => n === 0 || odd(n - 1);\nconst odd = n => n !== 0 && even(n - 1);\nexport const table = { rows: [1].map(v => v) };',
      'passes.ts':
        "import { sigma } from './activation.ts';\nimport { table as t } from './helper.ts';\nexport const forwardPass = x => {\n  sigma(t);\n};",
    };
    const { loops } = transformed(sources);
    expect(loops.map(({ within, kind, file, line }) => `${within} ${kind} ${file}:${line}`).sort()).toEqual([
      'dsigma recursion activation.ts:3',
      'forwardPass map helper.ts:3',
      'sigma recursion helper.ts:1',
      'sigma recursion helper.ts:2',
    ]);
  });

  test('what a function is', () => {
    const { functions } = transformed(`
// a comment
export const sigma: Practical['sigma'] = x => x.tanh();
export function dsigma(x: Tensor): Tensor { if (x) return x; }
export const loss = (v, { t }, n = 3) => { throw new Error('not written yet'); };
export const dloss = (v, t) => {
  // twice the difference

  v.sub_(t); /* in place */ v!.mul_(2);
  return v;
};`);
    expect(functions.sigma).toEqual({
      exportedAs: 'sigma',
      exportedFrom: 'mine.ts',
      file: 'mine.ts',
      line: 3,
      parameters: ['x'],
      returns: true,
      characters: 'const sigma = x => x.tanh();\n'.length,
      untouched: false,
      changes: {},
    });
    expect(functions.dsigma).toMatchObject({
      returns: false,
      parameters: ['x'],
      characters: 'function dsigma(x) { if (x) return x; }\n'.length,
    });
    expect(functions.loss).toMatchObject({ returns: true, untouched: true, parameters: ['v', '{ t }', 'n'] });
    expect(functions.dloss).toMatchObject({
      untouched: false,
      changes: {
        v: [
          { method: 'sub_', line: 9 },
          { method: 'mul_', line: 9 },
        ],
      },
    });
    expect(functions.dloss!.characters).toBe(
      'const dloss = (v, t) => {\n  v.sub_(t);  v.mul_(2);\n  return v;\n};\n'.length,
    );
  });

  test("the length is the course's own count", () => {
    const python = 'def loss(v, t):\n    return (v - t).pow(2).sum()\n';
    expect(python).toHaveLength(48); // as the course says
    const { functions } = transformed(
      'export function loss(v: Tensor, t: Tensor): Tensor<[]> {\n    return v.sub(t).pow(2).sum();\n}',
    );
    expect(functions.loss!.characters).toBe('function loss(v, t) {\n    return v.sub(t).pow(2).sum();\n}\n'.length);
  });

  test('names that are nearly right', () => {
    const { misspelt } = transformed(
      'export const sigm = 1, dSigma = 2, foward_pass = 3, backward = 4;\nconst loss = 5;\nexport default loss;\nexport const helper = 6;',
    );
    expect(misspelt.map(({ name, meant, line }) => `${name} → ${meant} ${line}`).sort()).toEqual([
      'backward → backwardPass 1',
      'dSigma → dsigma 1',
      'foward_pass → forwardPass 1',
      'loss → loss 2',
      'sigm → sigma 1',
    ]);
  });
});

test('what to write in place of a name is said only of names that a tensor has not', () => {
  expect(Object.keys(instead).filter(name => name in Tensor.prototype)).toEqual([]);
});

describe('what went wrong, in our words', () => {
  const said = (body: string) => result(`export const sigma = (x: any): any => {\n${body}\n};`, 'sigma', [x]);
  test.each([
    ['return x.bmm(x);', '2: a tensor has no `.bmm` (`x.bmm`): a matrix times a matrix is `.mm`'],
    ['return x\n  .tanh()\n  .tahn();', '4: a tensor has no `.tahn` (`x .tanh().tahn`): did you mean `tanh`?'],
    ['return x.square();', '2: a tensor has no `.square` (`x.square`): the square is `.pow(2)`'],
    ['return x[1];', '2: `x[1]`: a tensor has no brackets; write `x.select(0, 1)`'],
    ['return x.shape();', '2: `x.shape` is a list, not a function: leave its brackets `()` out'],
    [
      'return 1 - x;',
      "2: `1 - x`: in TypeScript `-` is for numbers only; for tensors write `sub(1, x)`, from 'longhand/tensor'",
    ],
    [
      'return x.tanh() * x;',
      '2: `x.tanh() * x`: in TypeScript `*` is for numbers only; for tensors write `(x.tanh()).mul(x)`',
    ],
    ['return -x;', '2: `-x`: in TypeScript `-` is for numbers only; for tensors write `x.neg()`'],
    ['x += 1;\nreturn x;', '2: `x + 1`: in TypeScript `+` is for numbers only; for tensors write `x.add(1)`'],
    ['return Math.tanh(x);', '2: `Math.tanh` is for numbers only; a tensor has its own, `x.tanh()`'],
    ['return tanh(x);', "2: `tanh` is not imported: write `import { tanh } from 'longhand/tensor'`"],
    ['return cosh(x);', '2: there is no function `cosh`: a tensor has it, `x.cosh(…)`'],
    [
      'return torch.tanh(x);',
      "2: there is no `torch` here: its functions are imported from 'longhand/tensor', and a tensor has the rest, `x.tanh()`",
    ],
    ['return sub(1, x);', "2: `sub` is not imported: write `import { sub } from 'longhand/tensor'`"],
    ['let y;\nreturn y.add(x);', '3: `y` is nothing (undefined), so it has no `.add`'],
    [
      'const f = () => { x; };\nreturn f().mul(2);',
      '3: `f()` gives nothing (undefined), so it has no `.mul`: is a `return` missing?',
    ],
    [
      'const f = () => { x; };\nconst [a, b] = f();\nreturn a;',
      '3: `f()` gives nothing, where a list is taken apart: is a `return` missing?',
    ],
    [
      'const f = async () => x;\nreturn f().tanh();',
      '3: `f()` is a promise, so it has no `.tanh` yet: write `await` in front of it',
    ],
    ['return x.sum().item().mul(2);', "2: `x.sum().item()` is a number and has no `.mul`; `.mul` is a tensor's"],
    ['return [x].tanh();', "2: `[x]` is a list and has no `.tanh`; `.tanh` is a tensor's"],
    ['return sigma.tanh();', '2: `sigma` is a function: call it before `.tanh`, `sigma(…).tanh(…)`'],
    ['y = 3;\nreturn y;', '2: `y` is not declared: write `const y = …`'],
    ['const y = x;\ny = 3;', '3: `y` is a `const` and keeps its value: declare it with `let`, or take another name'],
    [
      'return x.mm(x);',
      '2: mm: [3] times [3]; it wants a matrix times a matrix. Did you mean mv, or a view with a length of 1?',
    ],
    ["throw new Error('not written yet');", '2: `sigma` is not written yet'],
    ["throw new Error('no \\x1b[31m way');", '2: your code throws: no  [31m way'],
    ['throw null;', '2: your code throws: null'],
    ['const f = n => f(n);\nreturn f(1);', '2: it calls itself without end'],
  ])('%s', async (body, says) => {
    expect(await said(body)).toBe(says);
  });
});

describe('what outlives a call', () => {
  test.each<[string, string, number | undefined]>([
    ['a count', 'let calls = 0;\nexport const sigma = x => {\n  calls += 1;\n  return x.tanh();\n};', 3],
    [
      'a count in an object',
      'const state = { calls: 0 };\nexport const sigma = x => {\n  state.calls++;\n  return x;\n};',
      3,
    ],
    [
      'a count in a function that ran before',
      'function counter() {\n  let n = 0;\n  return () => ++n;\n}\nconst next = counter();\nexport const sigma = x => x.mul(next());',
      3,
    ],
    [
      'the same in one expression',
      'const next = (() => {\n  let n = 0;\n  return () => ++n;\n})();\nexport const sigma = x => x.mul(next());',
      3,
    ],
    [
      'a count in an object of a class',
      'class Counter {\n  #n = 0;\n  next() {\n    return (this.#n += 1);\n  }\n}\nconst counter = new Counter();\nexport const sigma = x => x.mul(counter.next());',
      8,
    ],
    [
      'a count in `this`',
      'class Net {\n  n = 0;\n  act(x) {\n    this.n++;\n    return x.tanh();\n  }\n}\nconst net = new Net();\nexport const sigma = x => net.act(x);',
      4,
    ],
    [
      'a generator',
      'function* ids() { for (let n = 0; ; n++) yield n; }\nconst id = ids();\nexport const sigma = x => x.mul(id.next().value);',
      3,
    ],
    [
      'the global object',
      'export const sigma = x => {\n  globalThis.calls = (globalThis.calls ?? 0) + 1;\n  return x;\n};',
      2,
    ],
    [
      'another name for it',
      'const state = { n: 0 };\nexport const sigma = x => {\n  const s = state;\n  s.n += 1;\n  return x;\n};',
      4,
    ],
    [
      'what is given to a function',
      'const state = { n: 0 };\nconst bump = s => ++s.n;\nexport const sigma = x => x.mul(bump(state));',
      2,
    ],
    [
      'what a parameter is where nothing is given',
      'const state = { n: 0 };\nexport const sigma = (x, s = state) => {\n  s.n += 1;\n  return x;\n};',
      3,
    ],
    [
      'a part of it',
      'const state = { in: { n: 0 } };\nexport const sigma = x => {\n  const { in: it } = state;\n  it.n++;\n  return x;\n};',
      4,
    ],
    [
      'what a call gives',
      "const state = new Map([['n', [0]]]);\nexport const sigma = x => x.mul(++state.get('n')[0]);",
      2,
    ],
    ['a set', 'const seen = new Set();\nexport const sigma = x => (seen.add(seen.size), x);', 2],
    ['Object.assign', 'const state = { n: 0 };\nexport const sigma = x => (Object.assign(state, { n: 1 }), x);', 2],
    [
      'chance',
      'const rarely = () =>\n  Math.random() < 1e-6;\nexport const sigma = x => (rarely() ? x : x.tanh());',
      2,
    ],
    [
      'what no function of the six uses',
      'let calls = 0;\nexport const count = () => ++calls * Math.random();\nexport const sigma = x => x.tanh();',
      undefined,
    ],
    [
      'an object that a constructor makes',
      'class Pair {\n  constructor(a) {\n    this.a = a;\n  }\n}\nexport const sigma = x => new Pair(x.tanh()).a;',
      undefined,
    ],
    [
      'a list of its own',
      'const fill = list => list.push(1);\nexport const sigma = x => {\n  const list = [];\n  fill(list);\n  return x.mul(list[0]);\n};',
      undefined,
    ],
    [
      'a table that is made once',
      'const table = (() => {\n  const made = [];\n  for (let i = 0; i < 3; i++) made.push(i);\n  return made;\n})();\nexport const sigma = x => x.mul(table[1]);',
      undefined,
    ],
    ['a list', 'const seen = [];\nexport const sigma = x => (seen.push(x), x.tanh());', 2],
    [
      'the swap of two',
      'let [a, b] = [1, 2];\nexport function sigma(x) {\n  [a, b] = [b, a];\n  return x.mul(a);\n}',
      3,
    ],
    [
      'no variable of the file',
      'export const sigma = x => {\n  let y = x;\n  y = y.tanh();\n  return y;\n};',
      undefined,
    ],
    [
      'one that hides another',
      'let y = 1;\nexport const sigma = x => {\n  let y = x;\n  y = y.tanh();\n  return y;\n};',
      undefined,
    ],
    ['a file that writes as it is loaded', 'let two = 1;\ntwo += 1;\nexport const sigma = x => x.mul(two);', undefined],
    ['a tensor that is written in place', 'const one = 1;\nexport const sigma = x => x.add_(one);', undefined],
  ])('%s', (_, source, line) => {
    const made = transform({ 'mine.ts': source });
    if (Array.isArray(made)) throw new Error(made[0]!.says);
    expect((made as Transformed).kept?.line).toBe(line);
  });
});
