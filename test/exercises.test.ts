import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { initialParameters, logLine, problemOf, sampleEngine, train } from '../src/index.ts';
import { startInProcess } from '../src/practice/answerer/in-process.ts';
import { toValue } from '../src/practice/answerer/values.ts';
import { exerciseFiles, exercises, solutionOf, stubOf, taskOf } from '../src/practice/exercises.ts';
import type { Transformed } from '../src/practice/protocol.ts';
import { functionNames, homeOf } from '../src/practice/source/functions.ts';
import { transform } from '../src/practice/transform.ts';
import { stageNames } from '../src/practice/verdict.ts';
import { manualSeed, randn, type Tensor, zeros } from '../src/tensor/index.ts';
import { oneIn, sharedTest, test } from './one-in.ts';

// The exercises: what is handed out, what solves it, and what is said about it.

const root = fileURLToPath(new URL('..', import.meta.url));

function transformed(textOf: typeof stubOf): Transformed {
  const made = transform(Object.fromEntries(exerciseFiles.map(file => [file, textOf(file)])));
  if (Array.isArray(made)) throw new Error(made[0]!.says);
  return made;
}

test('each function and each stage is in one exercise, in the order of the chain', () => {
  expect(exercises.map(({ name }) => name)).toEqual(functionNames);
  expect(exercises.flatMap(({ stages }) => stages.map(({ name }) => name))).toEqual(stageNames);
  expect(exercises.map(({ file }) => file)).toEqual(functionNames.map(name => homeOf[name]));
});

test('every stage has three hints that differ, and every exercise an explanation', () => {
  const hints = exercises.flatMap(({ stages }) => stages.flatMap(stage => stage.hints));
  expect(hints.filter(hint => !/^\S.{10,}[.?]$/u.test(hint))).toEqual([]);
  expect(new Set(hints).size).toBeGreaterThan(hints.length - 3); // `As in the second layer.` may come twice
  expect(exercises.filter(({ explanation }) => explanation.length < 200)).toEqual([]);
});

describe('a stub', () => {
  test('is untouched, and says so where it is called', async () => {
    const stubs = transformed(stubOf);
    expect(Object.values(stubs.functions).map(({ untouched }) => untouched)).toEqual(functionNames.map(() => true));
    const { call } = await startInProcess(stubs);
    const answer = await call({ function: 'sigma', arguments: [toValue(zeros(3))], inPlaceOf: {}, substitutes: {} });
    expect(answer).toMatchObject({ kind: 'threw', says: '`sigma` is not written yet', file: 'activation.ts' });
  });

  test('has the words of its solution, and nothing of ours', () => {
    for (const file of exerciseFiles) {
      const [stub, solution] = [stubOf(file), solutionOf(file)];
      for (const text of [stub, solution]) expect(text).not.toMatch(/solution|biome|\.\.\//);
      const docstrings = (text: string) => text.match(/\/\*\*[\s\S]*?\*\//g);
      expect(docstrings(stub)).toEqual(docstrings(solution));
      expect(stub.match(/not written yet/g)).toHaveLength(docstrings(stub)!.length);
    }
  });
});

describe('a solution', () => {
  test('has the words that are published for it', () => {
    const practical = readFileSync(`${root}src/practical.ts`, 'utf8');
    const body = (text: string, name: string) =>
      new RegExp(`export const ${name}\\b[^]*?=> (?:{\\n)?([^]*?);\\n}?`).exec(text)![1]!.replace(/return |\s/g, '');
    for (const name of ['sigma', 'dsigma', 'loss', 'dloss'] as const) {
      expect(body(solutionOf(homeOf[name] as 'loss.ts'), name)).toBe(body(practical, name));
    }
  });

  test('trains as Longhand does', async () => {
    const oneHot = (n: number) => {
      const target = zeros(n, 10);
      for (let i = 0; i < n; i++)
        target
          .select(0, i)
          .select(0, (7 * i) % 10)
          .fill_(1);
      return target as Tensor<[number, 10]>;
    };
    const data = {
      trainInput: randn(20, 784),
      trainTarget: oneHot(20),
      testInput: randn(8, 784),
      testTarget: oneHot(8),
    };
    const { call } = await startInProcess(transformed(solutionOf));
    const given = [data.trainInput, data.trainTarget, data.testInput, data.testTarget, 5, 3].map(v => toValue(v));
    const answer = await call({ function: 'train', arguments: given, inPlaceOf: {}, substitutes: {} });
    if (answer.kind !== 'returned' || answer.value.kind !== 'list') throw new Error(JSON.stringify(answer));

    const about = { dataset: 'made', inputShape: [1, 28, 28], normalisation: { mean: 0, std: 1 } } as const;
    const loaded = { ...data, ...about, mean: 0, std: 1, source: 'made' };
    manualSeed(3);
    const parameters = initialParameters({ inputs: 784, hidden: 50, classes: 10 });
    const lines: string[] = [];
    for await (const report of train(sampleEngine(problemOf(loaded), parameters), { steps: 5 }))
      lines.push(logLine(report));
    expect(answer.value.items).toEqual(lines.map(value => ({ kind: 'text', value })));
  });
});

test('the first exercise says that none of the six functions may have a loop, before the judge does', () => {
  expect(taskOf(exercises[0]!).replaceAll(/\s+/g, ' ')).toContain(
    'They do all entries at once: none of the six functions may have a loop.',
  );
});

describe('in an editor', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'longhand-exercises-'));
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(root, join(folder, 'node_modules', 'longhand'), 'junction');
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    for (const [name, textOf] of [
      ['stubs', stubOf],
      ['solutions', solutionOf],
    ] as const) {
      mkdirSync(join(folder, name));
      for (const file of exerciseFiles) writeFileSync(join(folder, name, file), textOf(file));
    }
    mkdirSync(join(folder, 'wrong'));
    for (const file of exerciseFiles)
      writeFileSync(join(folder, 'wrong', file), solutionOf(file).replace('w1.mv(x0)', 'w2.mv(x0)'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const compile = (tsc: string): Promise<string> =>
    new Promise(resolve => {
      const options =
        '--noEmit --strict --target ES2022 --lib ES2022,DOM --module NodeNext --allowImportingTsExtensions --typeRoots none'.split(
          ' ',
        );
      if (tsc === 'typescript') options.push('--ignoreConfig');
      const files = ['stubs', 'solutions', 'wrong'].flatMap(name => exerciseFiles.map(file => join(name, file)));
      const args = [join(root, 'node_modules', tsc, 'bin', 'tsc'), ...options, ...files];
      execFile(process.execPath, args, { cwd: folder }, (_, stdout, stderr) => resolve(stdout + stderr));
    });

  sharedTest.each(oneIn(2, ['typescript', 'typescript-5.4']))(
    '%s takes stubs and solutions, and underlines a wrong shape',
    async tsc => {
      const complaints = (await compile(tsc)).split('\n').filter(line => /^\S/.test(line));
      expect(complaints.filter(line => !/^wrong.passes\.ts\(/.test(line))).toEqual([]);
      expect(complaints.join('\n')).toMatch(
        /passes\.ts\(17,20\): .* 'Tensor<\[NoInfer<D>\]>' is not assignable .* 'Tensor<\[NoInfer<H>\]>'/,
      );
    },
    120_000,
  );
});
