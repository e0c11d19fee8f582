import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { engineNames, makeEngine } from '../src/engine/engines.ts';
import { answersOfFunctions, asTheyCame, selfCheck } from '../src/engine/self-check.ts';
import type { Engine, Parameters, Practical } from '../src/index.ts';
import * as ours from '../src/practical.ts';

// Before a training: do the engine and the six functions still say the same?

test.each(engineNames)('the %s engine and the functions as they came agree', async name => {
  expect(await selfCheck(name)).toEqual({ ok: true });
});

test('what is written down as the answer of the functions is their answer', async () => {
  const answers = await answersOfFunctions(ours);
  expect(Object.keys(asTheyCame)).toEqual(['loss', 'dℓ/dw1', 'dℓ/db1', 'dℓ/dw2', 'dℓ/db2']);
  for (const [name, values] of Object.entries(answers)) {
    expect(values, name).toHaveLength(asTheyCame[name]!.length);
    for (const [i, value] of values.entries()) expect(value, `${name}[${i}]`).toBeCloseTo(asTheyCame[name]![i]!, 5);
  }
});

const { dloss, dsigma, sigma } = ours;

/** The backward pass with another derivative of σ. */
function withDsigma(other: Practical['dsigma']): Practical {
  const backwardPass: Practical['backwardPass'] = (
    _w1,
    _b1,
    w2,
    _b2,
    t,
    x,
    s1,
    x1,
    s2,
    x2,
    dlDw1,
    dlDb1,
    dlDw2,
    dlDb2,
  ) => {
    const dlDs2 = dloss(x2, t).mul(other(s2));
    const dlDs1 = w2.t().mv(dlDs2).mul(other(s1));
    dlDw2.add_(dlDs2.outer(x1));
    dlDb2.add_(dlDs2);
    dlDw1.add_(dlDs1.outer(x));
    dlDb1.add_(dlDs1);
  };
  return { ...ours, dsigma: other, backwardPass };
}

const gradients = ['dℓ/dw1', 'dℓ/db1', 'dℓ/dw2', 'dℓ/db2'];
const edited: Record<string, [Practical, string[]]> = {
  'dsigma is off by a thousandth': [withDsigma(s => dsigma(s).mul(1.001)), gradients],
  'dsigma has the sigmoid’s algebra': [withDsigma(s => sigma(s).mul(sigma(s).neg().add(1))), gradients],
  'the loss is halved': [{ ...ours, loss: (v, t) => ours.loss(v, t).div(2) }, ['loss']],
  'the bias of the hidden layer gets no gradient': [
    {
      ...ours,
      backwardPass: (...args) => {
        const without = [...args] as typeof args;
        without[11] = args[11].clone();
        ours.backwardPass(...without);
      },
    },
    ['dℓ/db1'],
  ],
  'the derivative is NaN': [withDsigma(s => dsigma(s).mul(NaN)), gradients],
};

test.each(Object.keys(edited))('edited functions are told from the kernels: %s', async name => {
  const [functions, differs] = edited[name]!;
  const check = await selfCheck('wasm', { functions });
  expect(check).toMatchObject({ ok: false, who: 'functions', differs });
  if (check.ok) return;
  expect(check.what).toContain(differs.join(', '));
  expect(check.what).toContain('--engine sample trains on the functions as they stand');
  expect(check.what).not.toContain('\n');
});

test('functions that are written in another way but say the same are not edited', async () => {
  const functions = withDsigma(s => s.exp().add(s.neg().exp()).pow(-2).mul(4));
  expect(await selfCheck('wasm', { functions })).toEqual({ ok: true });
});

test('functions that throw are edited functions', async () => {
  const check = await selfCheck('wasm', {
    functions: {
      ...ours,
      loss: () => {
        throw new TypeError('x is not a function');
      },
    },
  });
  expect(check).toMatchObject({ ok: false, who: 'functions' });
  expect(check).toHaveProperty('what', expect.stringContaining('fail (x is not a function)'));
});

/** An engine that is wrong by a little. */
async function wrong(change: (engine: Engine) => Partial<Engine>, made: Promise<Engine>): Promise<Engine> {
  const engine = await made;
  return { ...engine, ...change(engine) };
}

const wrongBy: Record<string, [(engine: Engine) => Partial<Engine>, string]> = {
  'a ten-thousandth of the loss': [
    engine => ({
      step: async eta => {
        const { loss, errors } = await engine.step(eta);
        return { loss: loss * 1.0001, errors };
      },
    }),
    'loss',
  ],
  ...Object.fromEntries(
    (['w1', 'b1', 'w2', 'b2'] as const).map(name => [
      `one number of the gradient of ${name}`,
      [
        (engine: Engine) => ({
          gradients: async () => {
            const sums = await engine.gradients();
            const changed = sums[name].elements();
            changed[changed.length - 1]! *= 1.01;
            return { ...sums, [name]: sums[name] } as Parameters;
          },
        }),
        `dℓ/d${name}`,
      ],
    ]),
  ),
};

test.each(Object.keys(wrongBy))('an engine is found out that is wrong by %s', async name => {
  const [change, differs] = wrongBy[name]!;
  const check = await selfCheck('wasm', {
    make: (problem, parameters) => wrong(change, makeEngine('wasm', problem, parameters, { threads: 1 })),
  });
  expect(check).toMatchObject({ ok: false, who: 'engine', differs: [differs] });
  expect(check).toHaveProperty('what', expect.stringContaining('the wasm engine is wrong on this machine'));
});

test('longhand train says so, trains on, and trains on the functions as they stand where asked', async () => {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const folder = await mkdtemp(join(tmpdir(), 'longhand-edited-'));
  try {
    await cp(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
    await cp(join(root, 'package.json'), join(folder, 'package.json'));
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
    const train = (...args: string[]) =>
      promisify(execFile)(process.execPath, [
        join(folder, 'dist/cli/longhand.js'),
        ...['train', '--dataset', 'drawn', '--samples', '100', '--steps', '2', '--epsilon', '0.1', ...args],
      ]);
    const asItCame = await train();
    expect(asItCame.stderr).not.toContain('practical');

    const practical = join(folder, 'dist/practical.js');
    const source = await readFile(practical, 'utf8');
    const broken = source.replace('sub(1, tanh(x).pow(2))', 'sub(1, tanh(x))');
    expect(broken).not.toBe(source);
    await writeFile(practical, broken);
    const byKernels = await train();
    expect(byKernels.stdout).toBe(asItCame.stdout);
    expect(byKernels.stderr).toContain(
      'longhand: the six functions in src/practical.ts are not as they came: dℓ/dw1, dℓ/db1, dℓ/dw2, dℓ/db2 differ',
    );
    const asItStands = await train('--engine', 'sample');
    expect(asItStands.stdout).not.toBe(asItCame.stdout);
    expect(asItStands.stderr).not.toContain('not as they came');
  } finally {
    await rm(folder, { recursive: true });
  }
}, 60_000);
