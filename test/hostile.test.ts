import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect } from 'vitest';
// the built one: a process of its own runs JavaScript, not TypeScript
import { type ChildOptions, childAnswerers } from '../dist/practice/node/channel.js';
import { toValue } from '../src/practice/answerer/values.ts';
import type { Answer, Answerer } from '../src/practice/protocol.ts';
import { transform } from '../src/practice/transform.ts';
import { tensor } from '../src/tensor/index.ts';
import { oneIn, sharedTest, test } from './one-in.ts';

// Whatever a learner's code does, this process lives on, and says what happened.

const x = toValue(tensor([0.5, -1]).double());
const tanh = toValue(tensor([0.5, -1]).double().tanh());
const quick: ChildOptions = { milliseconds: 150 };

async function started(source: string, options: ChildOptions = quick): Promise<Answerer> {
  const made = transform({ 'mine.ts': source });
  if (Array.isArray(made)) throw new Error(made[0]!.says);
  return childAnswerers(options)(made);
}

/** What one of the functions does with `body` as its own, and what its neighbour, which is right, says afterwards. */
async function both(body: string, options?: ChildOptions): Promise<[Answer, Answer]> {
  const answerer = await started(
    `export const sigma = (x: any): any => {\n${body}\n};\nexport const dsigma = (x: any) => x.tanh();`,
    options,
  );
  try {
    const call = { arguments: [x], inPlaceOf: {}, substitutes: {} };
    return [await answerer.call({ function: 'sigma', ...call }), await answerer.call({ function: 'dsigma', ...call })];
  } finally {
    await answerer.end();
  }
}

const returned = (value: unknown) => ({ kind: 'returned', value });
const threw = (says: string, line = 2) => ({ kind: 'threw', says, line });
const runaway = (line: number, within = 'sigma') => ({ kind: 'runaway', within, file: 'mine.ts', line });

describe.concurrent('the neighbour still answers after', () => {
  sharedTest.each<[name: string, body: string, expected: object]>(
    oneIn<[name: string, body: string, expected: object]>(3, [
      ['an endless loop', 'let n = 0;\nwhile (true) n++;', runaway(3)],
      ['a loop without a body', '\nfor (;;);', runaway(3)],
      [
        'loops that catch what stops them',
        'try { while (true) {} } catch { while (true) {} } finally { while (true) {} }',
        runaway(2),
      ],
      ['a function that calls itself', 'const f = () => f();\nreturn f();', threw('it calls itself without end')],
      [
        'one that also catches what comes of it',
        'const f = (n: number): any => { try { return f(n + 1) } catch { return f(n) } };\nreturn f(0);',
        runaway(2, 'f'),
      ],
      ['an endless loop in a callback', 'return [1].map(() => { while (true) {} });', runaway(2)],
      [
        'an endless loop in microtasks',
        'const f = (): any => Promise.resolve().then(f);\nf();\nreturn x.tanh();',
        returned(tanh),
      ],
      ['an endless loop in a timer', 'setInterval(() => { while (true) {} }, 0);\nreturn x.tanh();', returned(tanh)],
      [
        'an endless loop in a getter of what is thrown',
        'throw { get message() { while (true) {} } };',
        { kind: 'threw' },
      ],
      ['a regular expression without end', "return /(a+)+$/.test('a'.repeat(50) + 'b');", runaway(1)],
      ['a promise that never settles', 'return new Promise(() => {});', returned({ kind: 'other', what: 'a promise' })],
      ['a rejected promise', "Promise.reject(new Error('no'));\nreturn x.tanh();", returned(tanh)],
      ['more memory than there is', 'return new ArrayBuffer(1e12);', { kind: 'threw', line: 2 }],
      ['a flooded output', "while (true) console.log('flood'.repeat(1000));", runaway(2)],
      ['nothing thrown', 'throw null;', threw('your code throws: null')],
      [
        'a proxy thrown',
        'throw new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 } });',
        { kind: 'threw' },
      ],
      [
        'an error whose message throws',
        'throw { get message() { throw 3 } };',
        threw('your code throws: something that cannot be shown'),
      ],
      [
        'a revoked proxy returned',
        'const { proxy, revoke } = Proxy.revocable([], {});\nrevoke();\nreturn proxy;',
        returned({ kind: 'other', what: 'something that cannot be looked at' }),
      ],
      ['the end of the process', 'process.exit(0);', threw('there is no `process` here')],
      [
        'the end of the process by another way',
        'globalThis.process.exit(0);',
        threw('`globalThis.process` is nothing (undefined), so it has no `.exit`'),
      ],
      ['code from text', "return [].constructor.constructor('return process')();", { kind: 'threw', line: 2 }],
      [
        'a tampered tensor',
        'x.constructor.prototype.tanh = () => 3;\nreturn x.tanh();',
        returned({ kind: 'number', value: 3 }),
      ],
      [
        'tampered globals',
        "Math.random = () => 0;\nJSON.stringify = () => 'x';\nError.prepareStackTrace = () => { throw 1 };\nreturn x.tanh();",
        returned(tanh),
      ],
      [
        'numbers that call themselves an answer',
        "Object.defineProperty(Object.prototype, 'kind', { get() { return 'runaway' }, set() { throw 1 } });\nreturn x.tanh();",
        returned(tanh),
      ],
      [
        'a fake tensor',
        "const t = Object.create(x.constructor.prototype);\nreturn Object.assign(t, { shape: [2], data: { 0: 1, 1: 2 }, strides: [1], offset: 0, dtype: 'float32' });",
        returned({ kind: 'other', what: 'something that only looks like a tensor' }),
      ],
      [
        'a tensor of another type than it says',
        "x.dtype = 'float32';\nreturn x;",
        returned({ kind: 'other', what: 'something that only looks like a tensor' }),
      ],
      [
        'a tensor that reaches beyond its storage',
        'x.strides[0] = 1e6;\nreturn x;',
        returned({ kind: 'other', what: 'something that only looks like a tensor' }),
      ],
      [
        'storage that is taken away',
        'structuredClone(x.data.buffer, { transfer: [x.data.buffer] });\nreturn x;',
        returned({ kind: 'other', what: 'something that only looks like a tensor' }),
      ],
      ['a global left behind', 'globalThis.mine = 1;\nreturn x.tanh();', { ...returned(tanh), newGlobals: ['mine'] }],
    ]),
  )('%s', async (_, body, expected) => {
    const [first, second] = await both(body);
    expect(first).toMatchObject(expected);
    if (/prototype\.tanh/.test(body)) return; // it has what it made
    expect(second).toMatchObject(returned(tanh));
  });
});

describe.concurrent('while the files are loaded', () => {
  sharedTest.each<[name: string, source: string, expected: object]>(
    oneIn<[name: string, body: string, expected: object]>(3, [
      ['an endless loop', '\nwhile (true) {}', { kind: 'runaway', file: 'mine.ts', line: 2 }],
      [
        'a regular expression without end',
        "/(a+)+$/.test('a'.repeat(50) + 'b');",
        { kind: 'runaway', file: 'mine.ts' },
      ],
      ['an error', "\nthrow new Error('no');", threw('your code throws: no')],
      ['a name that is not there', '\nconst y = torch;', { kind: 'threw', line: 2 }],
    ]),
  )('%s is the answer to every call', async (_, source, expected) => {
    const answerer = await started(`${source}\nexport const sigma = (x: any) => x;`);
    const call = { function: 'sigma', arguments: [x], inPlaceOf: {}, substitutes: {} } as const;
    expect(await answerer.call(call)).toMatchObject(expected);
    expect(await answerer.call(call)).toMatchObject(expected);
    await answerer.end();
  });
});

test('too much memory ends the process, and it is said', async () => {
  const [first, second] = await both(
    'const all: any[] = [];\nwhile (true) all.push(new Array(1e6).fill(all.length));',
    { milliseconds: 60_000 },
  );
  expect(first).toEqual({ kind: 'died', says: 'the process needed too much memory and ended' });
  expect(second).toMatchObject(returned(tanh));
}, 120_000);

test('what it writes is passed on without what steers a terminal, and no more than 64 kB of it', async () => {
  let output = '';
  const onOutput = (text: string) => {
    output += text;
  };
  await both("console.log('\\x1b[2J', x.shape, 'é');\nreturn x;", { ...quick, onOutput });
  expect(output).toBe(' [2J [ 2 ] é\n');
  output = '';
  await both("while (true) console.error('flood'.repeat(1000));", { ...quick, onOutput });
  expect(output).toHaveLength(64 << 10);
});

describe('rights', () => {
  test('the process may read its own files only, start nothing, and knows nothing of its surroundings', () => {
    const channel = new URL('../dist/practice/node/channel.js', import.meta.url).href;
    const spy = `
      import { readFileSync } from 'node:fs'; import { spawnSync } from 'node:child_process';
      const refused = f => { try { f(); return 'allowed' } catch (error) { return error.code } };
      console.log(refused(() => readFileSync('/etc/passwd')), refused(() => readFileSync(process.argv[1].replace(/node.runner.js$/, 'solutions/loss.js'))),
        refused(() => spawnSync('true')), Object.keys(process.env).join());`;
    // the same command with another program: the flags are what is looked at
    const print = `import { nodeCommand } from ${JSON.stringify(channel)}; console.log(JSON.stringify(nodeCommand()));`;
    const command: string[] = JSON.parse(
      execFileSync(process.execPath, ['--input-type=module', '-e', print], { encoding: 'utf8' }),
    );
    const runner = command.pop()!;
    const [program, ...args] = [...command, '--input-type=module', '-e', spy, runner];
    const said = execFileSync(program!, args, { encoding: 'utf8', env: {} });
    expect(said.trim()).toBe('ERR_ACCESS_DENIED ERR_ACCESS_DENIED ERR_ACCESS_DENIED');
  });
});

describe.concurrent('a process that answers for itself', () => {
  const folder = mkdtempSync(join(tmpdir(), 'longhand-forger-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  /** A process in place of the runner: it answers the loading rightly, and then does `deed` with what it is asked. */
  const forger = (deed: string): ChildOptions => {
    const file = join(folder, `${deed.length}-${Math.random()}.mjs`);
    writeFileSync(
      file,
      `import { closeSync, writeSync } from 'node:fs';
       const frame = (id, message) => {
         const json = Buffer.from(typeof message === 'string' ? message : JSON.stringify(message));
         const head = Buffer.alloc(8);
         head.writeUInt32LE(json.length + 4, 0);
         head.writeUInt32LE(json.length, 4);
         return Buffer.concat([id, head, json]);
       };
       const right = { kind: 'returned', value: { kind: 'number', value: 1 }, arguments: [], probes: [], records: [], sitesOfReturned: [], sharesStorageWith: [], newGlobals: [] };
       let all = Buffer.alloc(0);
       let asked = 0;
       process.stdin.on('data', chunk => {
         all = Buffer.concat([all, chunk]);
         while (all.length >= 20 && all.length >= 20 + all.readUInt32LE(16)) {
           const id = all.subarray(0, 16);
           all = all.subarray(20 + all.readUInt32LE(16));
           if (asked++ === 0) writeSync(3, frame(id, {}));
           else { ${deed} }
         }
       });`,
    );
    return { ...quick, startedBy: [process.execPath, file] };
  };

  test('is believed where its answer is one', async () => {
    expect((await both('', forger('writeSync(3, frame(id, right))')))[0]).toMatchObject(
      returned({ kind: 'number', value: 1 }),
    );
  });

  sharedTest.each(
    oneIn(3, [
      [
        'what it was not asked',
        'writeSync(3, frame(Buffer.alloc(16), right))',
        'the process answered what it was not asked',
      ],
      ['no JSON', "writeSync(3, frame(id, 'passed'))", 'the process answered what is no answer'],
      ['a verdict', 'writeSync(3, frame(id, { passed: true }))', 'the process answered what is no answer'],
      [
        'more than it may',
        'const h = Buffer.alloc(20, 255); writeSync(3, h)',
        'the process answered what is no answer',
      ],
      [
        'numbers that are not there',
        "writeSync(3, frame(id, { ...right, value: { kind: 'tensor', dtype: 'float64', shape: [2], data: { numbersFrom: 0, count: 2 } } }))",
        'the process answered what is no answer',
      ],
      [
        'another shape than its numbers',
        "writeSync(3, frame(id, { ...right, value: { kind: 'tensor', dtype: 'float64', shape: [2], data: { numbersFrom: 0, count: 0 } } }))",
        'the process answered what is no answer',
      ],
      [
        'a site that there is none of',
        "writeSync(3, frame(id, { ...right, probes: [{ site: 99, value: { kind: 'nothing' } }] }))",
        'the process answered what is no answer',
      ],
      [
        'its own death',
        "writeSync(3, frame(id, { kind: 'died', says: 'never mind' }))",
        'the process answered what is no answer',
      ],
      ['an exit', 'process.exit(0)', 'the process ended by itself, with code 0'],
      ['an abort', 'process.kill(process.pid, "SIGABRT")', 'the process ended'],
      [
        'nothing more',
        'closeSync(3); setTimeout(() => process.exit(3), 50)',
        'the process ended by itself, with code 3',
      ],
    ]),
  )('is not believed where it answers %s', async (_, deed, says) => {
    expect((await both('', forger(deed)))[0]).toEqual({ kind: 'died', says });
  });

  test('says nothing to a terminal that steers it', async () => {
    const deed =
      "writeSync(3, frame(id, { kind: 'threw', says: 'a' + String.fromCharCode(27) + '[2Jb', operation: null, file: null, line: 1, probes: [], records: [] }))";
    expect((await both('', forger(deed)))[0]).toMatchObject({ says: 'a [2Jb' });
  });

  test('is killed where it says nothing', async () => {
    expect((await both('', forger('')))[0]).toMatchObject({ kind: 'runaway', within: 'sigma' });
  });
});

test('questions that are asked at once are answered one after the other', async () => {
  const answerer = await started('let n = 0;\nexport const sigma = (x: any) => x.mul(0).add(++n);', {});
  const call = { function: 'sigma', arguments: [x], inPlaceOf: {}, substitutes: {} } as const;
  const answers = await Promise.all([1, 2, 3, 4].map(() => answerer.call(call)));
  await answerer.end();
  const first = (answer: Answer) =>
    answer.kind === 'returned' && answer.value.kind === 'tensor' ? answer.value.data[0] : answer;
  expect(answers.map(first)).toEqual([1, 2, 3, 4]);
});

test('no process is left behind', async () => {
  if (process.platform !== 'linux') return;
  const children = () =>
    execFileSync('ps', ['-o', 'args=', '--ppid', String(process.pid)], { encoding: 'utf8' })
      .split('\n')
      .filter(line => line.includes('runner.js')).length;
  const before = children();
  const answerer = await started('export const sigma = (x: any) => x;');
  expect(children()).toBe(before + 1);
  await answerer.end();
  await expect.poll(children, { timeout: 10_000 }).toBe(before);
});
