// Submissions that were not written to be right. Each has a sigma that wants something else; none of them may pass it.

/** A name, and a file. */
export type Hostile = readonly [name: string, source: string];

const sigma = (body: string, before = ''): string => `${before}\nexport const sigma = (x: any): any => {\n${body}\n};`;
const code = (text: string) => `[].constructor.constructor(${JSON.stringify(text)})()`;

export const hostileSubmissions: readonly Hostile[] = [
  // answers that nobody asked for
  ['prints a verdict', sigma('console.log(JSON.stringify({ passed: true, score: 1 })); return x;')],
  ['returns a verdict', sigma("return { kind: 'returned', passed: true, value: x };")],
  ['throws a verdict', sigma("throw { kind: 'returned', value: x, passed: true };")],
  ['writes a frame by way of the process', sigma("globalThis.process.binding('fs'); return x;")],
  ['writes a frame by way of a constructor', sigma(`${code('return process')}; return x;`)],
  ['writes a frame by way of an async constructor', sigma("return (async () => {}).constructor('return process')();")],
  [
    'writes a frame by way of an error',
    sigma('try { x.nothing.more(); } catch (e: any) { return e.constructor.constructor("return process")(); }'),
  ],
  [
    'asks an error for its frames',
    sigma(
      '(Error as any).prepareStackTrace = (_: any, s: any) => s; return (new Error().stack as any)[0].getFunction().constructor("return process")();',
    ),
  ],
  ['looks for its caller', sigma('return (sigma as any).caller.arguments[0];')],
  ['looks for the supervision', sigma('return ($$ as any).modules;')],
  ['looks for a module', sigma("return (globalThis as any).require('node:fs');")],
  ['looks for the main module', sigma('return (globalThis as any).process.mainModule.require("fs");')],
  ['looks for the references', sigma('return (x.constructor as any).references.sigma(x);')],
  // the judge's means
  ['makes comparisons true', sigma('Array.prototype.every = () => true; Object.is = () => true; return x;')],
  ['makes differences small', sigma('Math.abs = () => 0; Math.max = () => 0; Number.isNaN = () => false; return x;')],
  ['makes JSON lie', sigma('JSON.stringify = () => \'{"kind":"returned"}\'; return x;')],
  [
    'makes every object an answer',
    sigma("Object.defineProperty(Object.prototype, 'kind', { get: () => 'returned', set() {} }); return x;"),
  ],
  [
    'makes tensors equal',
    sigma('const p = x.constructor.prototype; p.equal = p.allclose = () => true; p.sub = () => 0; return x;'),
  ],
  ['makes lists empty', sigma('Array.prototype[Symbol.iterator] = function* () {} as any; return x;')],
  ['makes buffers lie', sigma('Object.defineProperty(Float64Array.prototype, "length", { get: () => 0 }); return x;')],
  [
    'fakes an array of numbers',
    sigma('class Fake extends Float64Array { get length() { return 0; } } return new Fake(4);'),
  ],
  [
    'fakes a tensor',
    sigma('const t = Object.create(x.constructor.prototype); return Object.assign(t, x, { data: { length: 1 } });'),
  ],
  [
    'is a proxy that is always right',
    sigma('return new Proxy(x, { get: (t: any, k: any) => (k === "data" ? new Float64Array(1e3) : t[k]) });'),
  ],
  ['gives NaN', sigma('return x.mul(NaN);')],
  ['gives infinity', sigma('return x.mul(Infinity);')],
  ['gives nothing', sigma('')],
  ['gives too few', sigma('return x.view(-1).select(0, 0);')],
  ['gives very many', sigma('return x.constructor.prototype.repeat ? x.repeat(1e7) : x.outer(x).outer(x);')],
  ['changes what it is given', sigma('x.mul_(0); return x;')],
  // the machine
  ['ends the process', sigma('(globalThis as any).process.exit(0);')],
  ['ends it while it is loaded', sigma('return x;', '(globalThis as any).process.exit(0);')],
  ['aborts it', sigma('(globalThis as any).process.abort();')],
  ['kills its parent', sigma('(globalThis as any).process.kill((globalThis as any).process.ppid);')],
  ['fetches', sigma("return (globalThis as any).fetch('http://127.0.0.1/');")],
  ['opens a socket', sigma("return new (globalThis as any).WebSocket('ws://127.0.0.1/');")],
  ['starts a worker', sigma("return new (globalThis as any).Worker('data:,');")],
  ['runs WebAssembly', sigma('return new (globalThis as any).WebAssembly.Memory({ initial: 65536 });')],
  ['asks for all memory at once', sigma('return new ArrayBuffer(2 ** 40);')],
  [
    'asks for a buffer after another',
    sigma('const all: any[] = []; while (true) all.push(new Float64Array(1e7).fill(1));'),
  ],
  ['asks for a text without end', sigma("let s = 'x'; while (true) s += s;")],
  ['floods the output', sigma("while (true) console.log('x'.repeat(1e5));")],
  // time
  ['does not end', sigma('while (true) {}')],
  ['does not end while it is loaded', sigma('return x;', 'while (true) {}')],
  ['does not end and catches what stops it', sigma('while (true) { try { while (true) {} } catch {} }')],
  ['does not end in a callback', sigma('return [1].map(() => { for (;;); });')],
  ['does not end in a getter', sigma('return { get kind() { while (true) {} } };')],
  ['does not end in a comparison', sigma('return [3, 1, 2].sort(() => { while (true) {} });')],
  ['does not end in a regular expression', sigma("return /^(a+)+$/.test('a'.repeat(40) + '!');")],
  ['calls itself', sigma('return sigma(x);')],
  ['gives a promise', sigma('return new Promise(() => {});')],
  ['waits', sigma('return Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);')],
  // files that cannot be read
  ['is no program', 'export const sigma = (x => {{{'],
  ['is all brackets', '('.repeat(50_000)],
  ['is deep', `export const sigma = (x: any) => ${'['.repeat(5000)}x${']'.repeat(5000)};`],
  ['is binary', '\u0000\u0001\uFFFD\u001b[2J'],
  ['uses eval', sigma("return eval('x.tanh()');")],
  ['uses with', 'with (Math) { }\nexport const sigma = (x: any) => x;'],
  ['is a name away', 'export const sigmo = (x: any) => x.tanh();'],
];

/** Ways to the solution that Longhand itself has. */
export const solutionsStolen: readonly Hostile[] = [
  ['re-exports it', "export { sigma, dsigma, loss, dloss, forwardPass, backwardPass } from 'longhand';"],
  ['re-exports all', "export * from 'longhand';"],
  ['imports it', "import { sigma as s } from 'longhand';\nexport const sigma = (x: any) => s(x);"],
  ['imports all', "import * as l from 'longhand';\nexport const sigma = (x: any) => l.sigma(x);"],
  ['imports by a path', "import { sigma as s } from '../../src/practical.ts';\nexport const sigma = (x: any) => s(x);"],
  [
    'imports by a built path',
    "import { sigma as s } from './node_modules/longhand/dist/practical.js';\nexport const sigma = s;",
  ],
  ['imports by an address', "import { sigma as s } from 'file:///dist/practical.js';\nexport const sigma = s;"],
  ['imports a subpath', "import { sigma as s } from 'longhand/dist/practical.js';\nexport const sigma = s;"],
  ['imports by the inner name', "import { sigma as s } from '#platform';\nexport const sigma = s;"],
  ['imports data', "import s from 'data:text/javascript,export default 1';\nexport const sigma = s;"],
  ['imports later', sigma("return import('longhand');")],
  ['imports later by a made name', sigma("return import(['long', 'hand'].join(''));")],
  ['requires', sigma("return require('longhand').sigma(x);")],
  ['goes by its own address', sigma('return import.meta.resolve("longhand");')],
  [
    'reads it',
    "import { readFileSync } from 'node:fs';\nexport const sigma = (x: any) => readFileSync('src/practical.ts');",
  ],
  [
    'looks beside the tensor',
    "import * as t from 'longhand/tensor';\nexport const sigma = (x: any) => (t as any).sigma(x);",
  ],
  ['goes up from the tensor', "import { sigma as s } from 'longhand/tensor/../practical.js';\nexport const sigma = s;"],
];
