import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lineOf } from '../src/cli/download-line.ts';
import { madeGzips, temporaryFolder, writeFiles } from './made-files.ts';
import { mnistIsHere, wantsMnist } from './mnist-here.ts';
import { outcomesOf } from './outcomes.ts';

// `longhand data`, and how `longhand train` comes to its data: without a network, and from a mirror on this machine.

const command = fileURLToPath(new URL('../dist/cli/longhand.js', import.meta.url));
const { folder, remove } = temporaryFolder();
afterAll(remove);

/** No data, no cache, and in the place of a network a proxy that is not there. */
const surroundings = (env: Record<string, string> = {}) => {
  const { PYTORCH_DATA_DIR: _, ...others } = process.env;
  const home = { XDG_CACHE_HOME: join(folder, 'cache'), LOCALAPPDATA: folder, HOME: folder };
  return { cwd: folder, env: { ...others, ...home, http_proxy: '', https_proxy: 'http://127.0.0.1:1', ...env } };
};

function longhand(args: readonly string[], env?: Record<string, string>) {
  return new Promise<{ code: number; stdout: string; stderr: string }>(resolve => {
    execFile(process.execPath, [command, ...args], surroundings(env), (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

const lines = (text: string) => text.split('\n').slice(0, -1);

describe('without a network', () => {
  const mirrors = /MNIST is not in .*ossci-datasets\S+ refuses the connection; .*googleapis\S+ refuses the connection/;

  test('training goes on with drawn digits, and says so, with the reason of each mirror', async () => {
    const { code, stdout, stderr } = await longhand(['train', '--tiny', '--steps', '1']);
    expect(code).toBe(0);
    expect(lines(stdout)[0]).toBe('* Using drawn digits');
    expect(lines(stderr)).toEqual([
      `longhand: downloading MNIST into ${join(folder, 'cache/longhand/mnist')}`,
      expect.stringMatching(mirrors),
      'longhand: training on drawn digits instead, which Longhand makes itself (--dataset drawn)',
      expect.stringMatching(/^longhand: 1 step in /),
    ]);
  });

  test('--quiet does not silence that: what is trained on is not what was meant', async () => {
    const { code, stderr } = await longhand(['train', '--tiny', '--steps', '1', '--quiet']);
    expect(code).toBe(0);
    expect(lines(stderr)).toEqual([expect.stringMatching(mirrors), expect.stringMatching(/drawn digits instead/)]);
  });

  test('`data`, and a training on a set that was asked for, end with 1', () => {
    const cases: [args: string[], message: RegExp][] = [
      [['train', '--dataset', 'mnist'], mirrors],
      [['train', '--cifar'], /CIFAR-10 is not in .*cs\.toronto\.edu\S+ refuses the connection/],
      [['data'], mirrors],
    ];
    const outcomes = outcomesOf(
      cases.map(([args]) => args),
      surroundings(),
    );
    for (const [i, { code, stdout, stderr }] of outcomes.entries()) {
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(lines(stderr).at(-1)).toMatch(cases[i]![1]);
    }
  });
});

describe('drawn digits', () => {
  test('need not be fetched', async () => {
    const { code, stdout, stderr } = await longhand(['data', 'drawn']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe('drawn: nothing to fetch, Longhand makes these digits itself\n');
  });

  test('lie in no folder', async () => {
    const { code, stderr } = await longhand(['train', '--dataset', 'drawn', '--data-dir', folder]);
    expect(code).toBe(2);
    expect(stderr).toContain('--dataset drawn lies in no folder; leave out --data-dir');
  });

  test.each([
    ['missing', [], 'there is none at hand'],
    ['damaged', Object.keys(madeGzips), /ubyte\.gz: the file is empty/],
  ])('fill a sheet where MNIST is %s', async (what, files, why) => {
    const data = join(folder, what);
    writeFiles(data, Object.fromEntries(files.map(name => [name, new Uint8Array()])));
    const file = join(data, 'digits.png');
    const { code, stdout, stderr } = await longhand(['data', 'drawn', '--sheet', file, '--data_dir', data]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${file}: 560 × 280\n` });
    expect(stderr).toMatch(/^longhand: MNIST is not shown beside the drawn digits: /);
    expect(stderr).toMatch(why);
    expect(decode(readFileSync(file))).toMatchObject({ width: 560, height: 280, channels: 1 });
  });
});

describe('a sheet that cannot be written is refused in a line, before anything is fetched', () => {
  test('by its name, by what it would show, and by its place', () => {
    mkdirSync(join(folder, 'folder.png'));
    const cases: [args: string[], message: string][] = [
      [['drawn', '--sheet', 'digits.jpg'], "--sheet is 'digits.jpg'; it wants the name of a .png file"],
      [['cifar10', '--sheet', 'x.png'], 'those of cifar10 have colours'],
      [['drawn', '--sheet', 'folder.png'], 'folder.png: cannot be written: a folder stands where a file was wanted'],
      [['drawn', '--sheet', 'nowhere/x.png'], 'nowhere/x.png: cannot be written: there is no such folder'],
    ];
    const outcomes = outcomesOf(
      cases.map(([args]) => ['data', ...args]),
      surroundings(),
    );
    for (const [i, { code, stdout, stderr }] of outcomes.entries()) {
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(lines(stderr).at(-1)).toMatch(/^longhand: data: /);
      expect(lines(stderr).at(-1)).toContain(cases[i]![1]);
    }
  });
});

describe('from a mirror', () => {
  let mirror: Server;
  let url: string;
  const asked: string[] = [];
  beforeAll(async () => {
    mirror = createServer(({ url }, response) => {
      asked.push(url!);
      // at /good/ MNIST's own files, anywhere else silence
      if (url!.startsWith('/good')) response.end(readFileSync(join(process.env.PYTORCH_DATA_DIR!, url!.slice(6))));
    });
    await new Promise<void>(resolve => mirror.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(mirror.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    mirror.closeAllConnections();
    mirror.close();
  });

  test.skipIf(!mnistIsHere)(
    `MNIST is fetched, found again, and shown beside the drawn digits${wantsMnist}`,
    async () => {
      const dataDir = join(folder, 'fetched');
      const env = { LONGHAND_MIRROR: `${url}/good` };
      const counts = `mnist: 60000 training and 10000 test images in ${dataDir}/mnist, all files checked`;
      const first = await longhand(['data', '--data-dir', dataDir], env);
      expect(first).toMatchObject({ code: 0, stderr: `longhand: downloading MNIST into ${dataDir}/mnist\n` });
      expect(first.stdout).toMatch(new RegExp(`^${counts} \\(downloaded train-images-idx3-ubyte\\.gz, .*\\)\n$`));
      const file = join(folder, 'both.png');
      expect(await longhand(['data', '--data-dir', dataDir])).toEqual({
        ...{ code: 0, stderr: '', stdout: `${counts} (was there already)\n` },
      });
      expect(await longhand(['data', 'drawn', '--sheet', file, '--data-dir', dataDir])).toEqual({
        ...{ code: 0, stderr: '' },
        stdout: `${file}: 1128 × 280, the drawn digits on the left, MNIST's on the right\n`,
      });
    },
  );

  test.skipIf(process.platform === 'win32').each([
    ['data', 'what was complete of mnist is kept'],
    ['train', 'while the data were read'],
  ])('Ctrl-C stops the download of `%s` at once, with 130', async (name, said) => {
    asked.length = 0;
    const child = spawn(process.execPath, [command, name], surroundings({ LONGHAND_MIRROR: `${url}/silent` }));
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', text => {
      output.stdout += text;
    });
    child.stderr.on('data', text => {
      output.stderr += text;
    });
    const closed = once(child, 'close');
    while (asked.length === 0) await new Promise(resolve => setTimeout(resolve, 10));
    child.kill('SIGINT');
    expect(await closed).toEqual([130, null]);
    expect(output.stdout).toBe('');
    expect(lines(output.stderr).at(-1)).toMatch(new RegExp(`^longhand: ${name}: stopped by Ctrl-C.*${said}`));
    expect(readdirSync(folder)).not.toContain('cache');
  });
});

test('the line of a download says who is asked, then how far it is', () => {
  const at = { file: 'train-images-idx3-ubyte.gz', from: 'mirror.example' };
  expect(lineOf({ ...at, received: 0, total: undefined }, 79)).toBe(`${at.file}: asking mirror.example`);
  expect(lineOf({ ...at, received: 2.5e6, total: undefined }, 79)).toBe(`${at.file}  2.5 MB`);
  const line = lineOf({ ...at, received: 2.5e6, total: 10e6 }, 79);
  expect(line).toMatch(/^█+░+ {2}train-images-idx3-ubyte\.gz {2}2\.5 of 10\.0 MB$/);
  expect(line.length).toBeLessThan(80);
  for (const received of [0, 2.5e6, 10e6]) {
    for (const total of [undefined, 10e6])
      expect(lineOf({ ...at, received, total }, 40).length, `${received} of ${total}`).toBeLessThan(40);
  }
});
