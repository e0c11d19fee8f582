import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Outcome, outcomesOf } from './outcomes.ts';

// The command line as its users meet it: the built command in a process of its own, in a folder without data.

const command = fileURLToPath(new URL('../dist/cli/longhand.js', import.meta.url));
const here = process.env.PYTORCH_DATA_DIR;
const mnist = here !== undefined && existsSync(join(here, 'mnist')) ? here : undefined;
if (mnist === undefined) console.warn('cli.test.ts: no MNIST in $PYTORCH_DATA_DIR, tests that train on it are skipped');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longhand-cli-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Nothing of the caller's surroundings that the command looks at: no data, no cache, no terminal's width. */
const surroundings = () => {
  const { PYTORCH_DATA_DIR: _, ...env } = process.env;
  return { cwd: folder, env: { ...env, XDG_CACHE_HOME: folder, LOCALAPPDATA: folder, HOME: folder } };
};

function longhand(...args: string[]): Promise<Outcome> {
  return new Promise(resolve => {
    execFile(process.execPath, [command, ...args], surroundings(), (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

/** The practical's line: Python's '{:d} acc_train_loss {:.02f} acc_train_error {:.02f}% test_error {:.02f}%'. */
const logLine = /^(\d+) acc_train_loss \d+\.\d\d acc_train_error \d+\.\d\d% test_error \d+\.\d\d%$/;
const lines = (text: string) => text.split('\n').slice(0, -1);
const stack = /^ +at /m;

describe('an option that is wrong ends with 2 and says what came and what was wanted', () => {
  const cases: [args: string[], said: string[]][] = [
    [
      ['train', '--stepps', '3'],
      ["unknown option '--stepps'", 'Did you mean --steps?'],
    ],
    [['tran'], ["unknown command 'tran'", 'Did you mean train?']],
    [
      ['train', '--steps', 'ten'],
      ['--steps', "'ten'", 'a whole number, 1 or more'],
    ],
    [
      ['train', '--steps', '0'],
      ["'0'", 'a whole number, 1 or more'],
    ],
    [
      ['train', '--steps', '1.5'],
      ["'1.5'", 'a whole number, 1 or more'],
    ],
    [['train', '--steps'], ["'--steps <n>' argument missing"]],
    [
      ['train', '--hidden', '-1'],
      ["'-1'", 'a whole number, from 1 to 1000000'],
    ],
    [
      ['train', '--seed', '1e3'],
      ["'1e3'", 'a whole number'],
    ],
    [
      ['train', '--eta', '0'],
      ["'0'", 'greater than 0'],
    ],
    [
      ['train', '--eta', 'NaN'],
      ["'NaN'", 'greater than 0'],
    ],
    [['train', '--epsilon', ''], ['greater than 0']],
    [
      ['train', '--zeta', 'Infinity'],
      ["'Infinity'", 'greater than 0'],
    ],
    [
      ['train', '--targets', '10'],
      ["'10'", 'Allowed choices are 01, pm1'],
    ],
    [
      ['train', '--dataset', 'kminst'],
      ["'kminst'", 'Allowed choices are mnist, ', 'Did you mean kmnist?'],
    ],
    [
      ['train', '--engine', 'gpu'],
      ["'gpu'", 'Allowed choices are'],
    ],
    [
      ['train', '--full', '--tiny'],
      ['--full', 'cannot be used with', '--tiny'],
    ],
    [
      ['train', '--tiny', '--full'],
      ['--full', 'cannot be used with', '--tiny'],
    ],
    [
      ['train', '--cifar', '--dataset', 'mnist'],
      ['--cifar', 'cannot be used with', '--dataset'],
    ],
    [['train', 'mnist'], ['too many arguments']],
    [
      ['data', 'minst'],
      ["'minst'", 'Allowed choices are', 'Did you mean mnist?'],
    ],
    [['train', '--steps', '99999999999999999999'], ['a whole number, from 1 to 9007199254740991']],
    [
      ['train', '--data-dir', ''],
      ['--data-dir', 'It wants a name'],
    ],
    [
      ['data', '--data-dir', ''],
      ['--data-dir', 'It wants a name'],
    ],
    [
      ['help', 'foo'],
      ["'foo'", 'Allowed choices are train, '],
    ],
  ];
  let outcomes: Outcome[];
  beforeAll(() => {
    outcomes = outcomesOf(
      cases.map(([args]) => args),
      surroundings(),
    );
  });

  test.each(cases.map(([args, said], i) => [args, said, i] as const))('%j', (_, said, i) => {
    const { code, stdout, stderr } = outcomes[i]!;
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    for (const part of said) expect(stderr).toContain(part);
    expect(stderr).not.toMatch(stack);
  });
});

test('the process ends with that code', async () => {
  const { code, stdout, stderr } = await longhand('train', '--steps', 'ten');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('a whole number, 1 or more');
});

test('without a command it shows its help, and ends with 2; asked for it, with 0', () => {
  const asked = [['--help'], ['--version'], ['train', '--help'], ['help', 'train']];
  const [unasked, ...others] = outcomesOf([[], ...asked], surroundings());
  expect(unasked).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(/^Usage: longhand/) });
  expect(others).toEqual(asked.map(() => ({ code: 0, stdout: expect.stringMatching(/./), stderr: '' })));
});

test('no help is wider than 80 columns', async () => {
  const { stdout } = await longhand('--help');
  const names = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name!);
  expect(names).toContain('data');
  for (const name of names.filter(name => name !== 'help')) {
    const help = await longhand(name, '--help');
    expect(lines(help.stdout).filter(line => line.length > 80)).toEqual([]);
  }
});

describe('where --data-dir holds no data', () => {
  test.each(['--data-dir', '--data_dir'])('%s: one line, and 1', async option => {
    const { code, stdout, stderr } = await longhand('train', option, join(folder, 'nowhere'));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(lines(stderr)).toHaveLength(1);
    expect(stderr).toMatch(/^longhand: .*nowhere/);
  });

  // as undici did from a socket's handler (nodejs/undici#5360), where nobody can catch it
  /** Does it once the command writes its first line. */
  const planted = (act: string) =>
    `data:text/javascript,${encodeURIComponent(`
    import { AssertionError } from 'node:assert';
    import { Readable } from 'node:stream';
    const { write } = process.stdout;
    process.stdout.write = (...args) => {
      process.stdout.write = write;
      ${act};
      return process.stdout.write(...args);
    };`)}`;
  const falsy = "new AssertionError({ message: 'falsy value:\\n\\n  assert(!this.paused)\\n' })";

  test.each([
    [
      'a handler',
      `Readable.from([]).on('end', () => { throw ${falsy}; }).resume()`,
      'falsy value: assert(!this.paused)',
    ],
    ['a promise', "Promise.reject(new Error('nobody waits'))", 'nobody waits'],
  ])('what a library throws from %s is one line too', async (_, act, message) => {
    const run = (...args: string[]) =>
      new Promise<Outcome>(resolve => {
        const all = [
          '--import',
          planted(act),
          command,
          ...args,
          'train',
          '--dataset',
          'drawn',
          '--tiny',
          '--steps',
          '100000',
        ];
        execFile(process.execPath, all, surroundings(), (error, stdout, stderr) =>
          resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
        );
      });
    const { code, stderr } = await run();
    expect(code).toBe(1);
    expect(lines(stderr)).toEqual([`longhand: ${message} (this is a defect of longhand; --debug shows where)`]);
    const debugged = await run('--debug');
    expect(debugged.code).toBe(1);
    expect(debugged.stderr).toMatch(stack);
  });

  test('--debug shows the stack', async () => {
    const { code, stderr } = await longhand('train', '--debug', '--data-dir', join(folder, 'nowhere'));
    expect(code).toBe(1);
    expect(stderr).toMatch(stack);
  });
});

test("the defaults are the practical's numbers", async () => {
  const { stdout } = await longhand('train', '--help');
  const options = stdout.split(/\n +(?=--)/).map(option => option.replaceAll(/\s+/g, ' '));
  const defaults = options.map(option => /^--(\w+) <\w+> .*\(default: ([\d.]+)\)/.exec(option) ?? []);
  expect(Object.fromEntries(defaults.map(([, name, value]) => [name, Number(value)]))).toMatchObject({
    ...{ seed: 0, steps: 1000, hidden: 50, eta: 0.1, epsilon: 1e-6, zeta: 0.9 },
  });
});

describe('on drawn digits, which need no file', () => {
  const tiny = ['train', '--dataset', 'drawn', '--tiny'];
  /** Drawn sooner. */
  const drawn = ['train', '--dataset', 'drawn', '--samples', '100'];
  let loud: Promise<Outcome>;
  beforeAll(() => {
    loud = longhand(...tiny, '--steps', '3');
  });

  test('standard output is the log and nothing else, standard error has the rest', async () => {
    const { code, stdout, stderr } = await loud;
    expect(code).toBe(0);
    const log = lines(stdout);
    expect(log.slice(0, 3)).toEqual([
      expect.stringMatching(/^\* Using /),
      '** Reduce the data-set to the tiny setup',
      '** Use 500 train and 100 test samples',
    ]);
    expect(log.slice(3).map(line => logLine.exec(line)?.[1])).toEqual(['0', '1', '2']);
    expect(lines(stderr).at(-1)).toMatch(/^longhand: 3 steps in /);
    expect(lines(stderr).filter(line => !line.startsWith('longhand: '))).toEqual([]);
  });

  test('--quiet silences standard error, and the log stays the same', async () => {
    const quiet = await longhand(...tiny, '--steps', '3', '--quiet');
    expect(quiet).toEqual({ code: 0, stdout: (await loud).stdout, stderr: '' });
  });

  test('a training that diverges says where, and ends with 1', async () => {
    const { code, stderr, stdout } = await longhand(...drawn, '--quiet', '--eta', '1e300', '--epsilon', '1');
    expect(code).toBe(1);
    expect(lines(stderr)).toHaveLength(1);
    expect(stderr).toMatch(/^longhand: step \d+: .*(NaN|Infinity)/);
    for (const line of lines(stdout).slice(2)) expect(line).toMatch(logLine);
  });

  test('a reader that goes away after the first line, as head does, is no error', async () => {
    const child = spawn(process.execPath, [command, ...drawn, '--steps', '200'], surroundings());
    let stderr = '';
    child.stderr.on('data', text => {
      stderr += text;
    });
    const closed = once(child, 'close');
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [code] = await closed;
    expect(stderr).not.toMatch(/EPIPE|Error/);
    expect(stderr).not.toMatch(stack);
    expect(code).toBe(0);
  });

  test.skipIf(!existsSync('/dev/full'))('a full disk under standard output is one line, and 1', async () => {
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [command, ...drawn, '--quiet'], {
      ...surroundings(),
      stdio: ['ignore', full, 'pipe'],
    });
    let stderr = '';
    child.stderr!.on('data', text => {
      stderr += text;
    });
    expect(await once(child, 'close')).toEqual([1, null]);
    closeSync(full);
    expect(stderr).toMatch(/^longhand: standard output cannot be written: ENOSPC.*\n$/);
  });

  test('a training goes on where nobody reads its notes any more', async () => {
    const child = spawn(process.execPath, [command, ...drawn, '--steps', '60'], surroundings());
    child.stderr.destroy();
    let stdout = '';
    child.stdout.on('data', text => {
      stdout += text;
    });
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(lines(stdout).at(-1)).toMatch(/^59 /);
  });

  // npm sends it twice, within a moment
  test.skipIf(process.platform === 'win32').each([1, 2])(
    'Ctrl-C, sent %d times, ends it with 130, whole lines and a word on how far it got',
    async times => {
      const child = spawn(process.execPath, [command, ...drawn, '--steps', '100000'], surroundings());
      const output = { stdout: '', stderr: '' };
      let sent = false;
      child.stderr.on('data', text => {
        output.stderr += text;
      });
      child.stdout.on('data', text => {
        output.stdout += text;
        if (sent || !output.stdout.includes('\n5 acc_train_loss')) return;
        sent = true;
        for (let k = 0; k < times; k++) setTimeout(() => child.kill('SIGINT'), 10 * k);
      });
      // the second may find a process that has said all and is on its way out; a shell calls both 130
      const [code, signal] = await once(child, 'close');
      expect(code ?? 128 + constants.signals[signal as 'SIGINT']).toBe(130);
      expect(output.stdout.endsWith('%\n')).toBe(true);
      const log = lines(output.stdout).slice(2);
      expect(log.map(line => logLine.exec(line)?.[1])).toEqual(log.map((_, step) => String(step)));
      expect(lines(output.stderr).at(-1)).toMatch(new RegExp(`stopped by Ctrl-C after ${log.length} of 100000 steps`));
    },
  );

  test.skipIf(process.platform === 'win32')('Ctrl-C during a long step is heard after it', async () => {
    const long = ['--engine', 'sample', '--hidden', '200', '--quiet'];
    const child = spawn(process.execPath, [command, ...tiny, ...long], surroundings());
    let stdout = '';
    child.stdout.on('data', text => {
      const isFirst = !stdout.includes('acc_train_loss');
      stdout += text;
      // the next step has begun, or is about to; the line of that one sends no other, for nobody may be there to hear it
      if (isFirst && stdout.includes('acc_train_loss')) child.kill('SIGINT');
    });
    expect(await once(child, 'close')).toEqual([130, null]);
    expect(lines(stdout).slice(3).length).toBeLessThan(100); // of a thousand: how many depends on the machine
  });
});

describe.skipIf(mnist === undefined)('on MNIST', () => {
  const train = (option: string, seed: string) =>
    longhand('train', option, mnist!, '--tiny', '--steps', '2', '--epsilon', '1', '--seed', seed);
  let first: Promise<Outcome>;
  beforeAll(() => {
    first = train('--data-dir', '1');
  });

  test("it prints the practical's log", async () => {
    const { code, stdout } = await first;
    expect(code).toBe(0);
    const log = lines(stdout);
    expect(log.slice(0, 3)).toEqual([
      '* Using MNIST',
      '** Reduce the data-set to the tiny setup',
      '** Use 500 train and 100 test samples',
    ]);
    expect(log.slice(3).map(line => logLine.exec(line)?.[1])).toEqual(['0', '1']);
  });

  test('the same seed gives the same log, another one another; the practical writes --data_dir', async () => {
    const [same, other] = [await train('--data_dir', '1'), await train('--data-dir', '-1')];
    expect(same).toMatchObject({ code: 0, stdout: (await first).stdout });
    expect(other.code).toBe(0);
    expect(other.stdout).not.toBe(same.stdout);
  });
});

describe('longhand compare', () => {
  const settings = ['--dataset', 'drawn', '--tiny', '--hidden', '10'];
  const saved = async (name: string, ...options: string[]) => {
    const { stdout } = await longhand('train', ...settings, ...options);
    await writeFile(join(folder, name), stdout);
  };

  test('a log with its own settings, data set and size taken from the log', async () => {
    await saved('own.log', '--steps', '8');
    const { code, stdout } = await longhand('compare', 'own.log', '--hidden', '10');
    expect([code, stdout]).toEqual([0, 'equal to rounding in all of the 8 steps\n']);
  });

  test('a log with other steps: where they part, what explains it, and 1', async () => {
    await saved('other.log', '--steps', '45', '--eta', '0.05');
    const { code, stdout } = await longhand('compare', 'other.log', ...settings);
    expect(code).toBe(1);
    expect(stdout).toContain(
      'equal to rounding up to step 0; from step 1 on they are two programs: other.log has loss',
    );
    expect(stdout).toContain('what explains the first steps: the gradients are half as large');
  });

  test('two logs, the folder of a run among them', async () => {
    await saved('same.log', '--steps', '8', '--out', 'compared run');
    const { code, stdout } = await longhand('compare', 'same.log', 'compared run');
    expect([code, stdout]).toEqual([0, 'equal to rounding in all of the 8 steps\n']);
  });

  test('what is no log', async () => {
    const { code, stderr } = await longhand('compare', 'nothing.log');
    expect([code, stderr]).toEqual([1, 'longhand: compare: nothing.log: there is no such file\n']);
  });
});
