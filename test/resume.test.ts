import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { continued } from '../src/cli/resume.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../src/run/checkpoint.ts';
import { lock } from '../src/run/lock.ts';
import { RunFolder, readCheckpoint } from '../src/run/run.ts';
import type { Settings } from '../src/settings/table.ts';
import { madeCheckpoint } from './checkpoints.ts';
import { temporaryFolder } from './made-files.ts';
import { outcomesOf } from './outcomes.ts';
import { command, killedAndResumed, longhand, stoppedAt } from './resumes.ts';

const SETTINGS = ['--dataset', 'drawn', '--samples', '100', '--hidden', '12'];
const { folder, remove } = temporaryFolder();
const run = join(folder, 'run');

beforeAll(() => {
  const { status, stderr } = longhand('train', ...SETTINGS, '--steps', '30', '--out', run);
  expect(stderr).toContain(`saved in ${run}`);
  expect(status).toBe(0);
});
afterAll(remove);

test('killed at random steps and resumed with 1 and 4 threads, a run ends with the same bytes', async () => {
  const { same, hits } = await killedAndResumed(SETTINGS, { steps: 60, kills: 2, threads: [1, 4], seed: 1 });
  expect(same).toBe(true);
  expect(hits).toBeGreaterThan(0);
});

test.skipIf(process.platform === 'win32')('Ctrl-C saves, and a larger --steps goes on', async () => {
  const [calm, stopped] = [join(folder, 'calm'), join(folder, 'stopped')];
  longhand('train', ...SETTINGS, '--steps', '400', '--out', calm);
  const { status, stderr } = await stoppedAt(5, 'SIGINT', ...SETTINGS, '--steps', '300', '--out', stopped);
  expect(status).toBe(130);
  expect(stderr).toMatch(/stopped by Ctrl-C after \d+ of 300 steps/);
  const { step } = await readCheckpoint(stopped);
  expect(stderr).toContain(`after ${step} of 300`);
  expect(longhand('train', '--resume', stopped, '--steps', '400').status).toBe(0);
  for (const name of ['checkpoint.safetensors', 'log.csv', 'units.png'])
    expect(readFileSync(join(stopped, name)).equals(readFileSync(join(calm, name))), name).toBe(true);
});

test.skipIf(process.platform === 'win32')('SIGTERM saves too', async () => {
  const stopped = join(folder, 'terminated');
  const { status, stderr } = await stoppedAt(5, 'SIGTERM', ...SETTINGS, '--steps', '100000', '--out', stopped);
  expect(status).toBe(143);
  expect(stderr).toContain(`stopped by SIGTERM after ${(await readCheckpoint(stopped)).step} of 100000 steps`);
});

test('the log goes on where the run does', () => {
  const { stdout } = longhand('train', '--resume', run, '--steps', '33');
  expect(stdout.match(/^\d+(?= acc_train_loss)/gm)).toEqual(['30', '31', '32']);
  const rows = readFileSync(join(run, 'log.csv'), 'utf8').trimEnd().split('\n');
  expect(rows).toHaveLength(34);
  expect(rows[0]).toBe('step,loss,training_error,test_error');
  expect(rows[33]).toMatch(/^32,\d+\.\d{6,},\d+(\.\d+)?,\d+$/);
});

test.skipIf(process.platform === 'win32')(
  'a run that is saved goes on where nobody reads its log any more',
  async () => {
    const place = join(folder, 'unread');
    const args = [command, 'train', ...SETTINGS, '--steps', '300', '--out', place];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.once('data', () => child.stdout.destroy());
    const [stderr, [status]] = await Promise.all([text(child.stderr), once(child, 'close')]);
    expect(stderr.match(/the training is saved and goes on/g)).toHaveLength(1);
    expect(status).toBe(0);
    expect((await readCheckpoint(place)).step).toBe(300);
  },
);

test('a run does not go on with other settings', () => {
  const before = readFileSync(join(run, 'checkpoint.safetensors'));
  const { status, stderr } = longhand('train', '--resume', run, '--samples', '100', '--seed', '0', '--hidden', '13');
  expect(stderr).toBe(
    `longhand: train: the run in ${run} was made with --hidden 12, not with --hidden 13. ` +
      'Leave that out to go on with it, or start another run with --out\n',
  );
  expect(status).toBe(1);
  expect(readFileSync(join(run, 'checkpoint.safetensors')).equals(before)).toBe(true);
});

const resumed = (given: Partial<Settings>): Settings => continued('run', given, madeCheckpoint());

test.each([
  [{ hidden: 13 }, '--hidden 4, not with --hidden 13'],
  [{ seed: 1 }, '--seed 0, not with --seed 1'],
  [{ eta: 0.2 }, '--eta 0.1, not with --eta 0.2'],
  [{ epsilon: 1 }, '--epsilon 0.000001, not with --epsilon 1'],
  [{ zeta: 1 }, '--zeta 0.9, not with --zeta 1'],
  [{ targets: 'pm1' }, '--targets 01, not with --targets pm1'],
  [{ engine: 'sample' }, '--engine wasm, not with --engine sample'],
  [{ dataset: 'drawn' }, '--dataset mnist, not with --dataset drawn'],
  [{ dataset: 'cifar10' }, '--dataset mnist, not with --dataset cifar10'],
  [{ size: 'full' }, 'neither --full nor --tiny nor --samples, not with --full'],
  [{ steps: 39 }, 'has done 40 steps already, and --steps is 39'],
] as [Partial<Settings>, string][])('nor with %j', (given, why) => {
  expect(() => resumed(given)).toThrow(why);
});

test('what is not given is as the run has it', () => {
  expect(resumed({})).toMatchObject({ hidden: 4, steps: 100, dataset: 'mnist' });
  expect(resumed({ steps: 2000, hidden: 4 })).toMatchObject({ steps: 2000, hidden: 4 });
});

test('a run does not go on with other data', async () => {
  const checkpoint = await readCheckpoint(run);
  const { stderr, status } = await withCheckpoint(async other => {
    const dataDigest = 'ab'.repeat(32);
    writeFileSync(join(other, 'checkpoint.safetensors'), await encodeCheckpoint({ ...checkpoint, dataDigest }));
    return longhand('train', '--quiet', '--resume', other);
  });
  expect(stderr).toContain(`the samples in drawn have the SHA-256 ${checkpoint.dataDigest}, those of the run`);
  expect(stderr).toContain(`had ${'ab'.repeat(32)}`);
  expect(status).toBe(1);
});

test('a run whose data are nowhere asks for --data-dir', async () => {
  const { stderr, status } = await withCheckpoint(async other => {
    writeFileSync(join(other, 'checkpoint.safetensors'), await encodeCheckpoint(madeCheckpoint()));
    const proxy = 'http://127.0.0.1:9'; // nobody is there: no mirror is reached
    const env = { PATH: process.env.PATH, XDG_CACHE_HOME: other, HTTPS_PROXY: proxy, HTTP_PROXY: proxy };
    return spawnSync(process.execPath, [command, 'train', '--resume', other], { cwd: other, env, encoding: 'utf8' });
  });
  expect(stderr).toMatch(/If the run was made with --data-dir, give it again\n$/);
  expect(status).toBe(1);
});

test('nothing is written over: a run is refused where one lies, and a damaged one is not touched', async () => {
  const refused = longhand('train', ...SETTINGS, '--out', run);
  expect(refused.stderr).toContain(`${run}: holds a run already. \`--resume ${run}\` goes on with it`);
  expect(refused.status).toBe(1);
  await withCheckpoint(other => {
    writeFileSync(join(other, 'checkpoint.safetensors'), 'damaged');
    writeFileSync(join(other, 'log.csv'), 'mine');
    expect(longhand('train', '--resume', other).stderr).toContain('is cut short: 7 bytes');
    expect(readdirSync(other).sort()).toEqual(['checkpoint.safetensors', 'log.csv']);
  });
});

test('--every wants a run, --out and --resume exclude each other', () => {
  const [alone, both] = outcomesOf(['train --every 5', 'train --out a --resume b'].map(line => line.split(' ')));
  expect(alone).toMatchObject({ code: 2, stderr: expect.stringContaining('--out or') });
  expect(both).toMatchObject({ code: 2 });
});

/** Does something with an empty folder. */
async function withCheckpoint<T>(act: (folder: string) => T): Promise<Awaited<T>> {
  const other = temporaryFolder();
  try {
    return await act(other.folder);
  } finally {
    other.remove();
  }
}

// ————— the log —————

const HEADER = 'step,loss,training_error,test_error\n';
const rows = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `${from + i},900.5,90,89.5\n`).join('');

/** What becomes of a log when a run goes on at step 40. */
function resumedLog(text: string | undefined): Promise<string> {
  return withCheckpoint(async other => {
    writeFileSync(join(other, 'checkpoint.safetensors'), await encodeCheckpoint(madeCheckpoint()));
    if (text !== undefined) writeFileSync(join(other, 'log.csv'), text);
    const { run, checkpoint } = await RunFolder.resume(other);
    try {
      await run.start(checkpoint);
      run.add({ step: 40, trainLoss: 1 / 3, trainError: 7.5, testError: 8 });
    } finally {
      run.close();
    }
    return readFileSync(join(other, 'log.csv'), 'utf8');
  });
}

test('rows beyond the checkpoint are cut off', async () => {
  const after = `${HEADER}${rows(0, 40)}40,0.3333333333333333,7.5,8\n`;
  expect(await resumedLog(HEADER + rows(0, 40))).toBe(after);
  expect(await resumedLog(HEADER + rows(0, 60))).toBe(after);
  expect(await resumedLog(`${HEADER}${rows(0, 45)}45,90`)).toBe(after);
  expect(await resumedLog(`${HEADER}${rows(0, 40)}40,`)).toBe(after);
});

test('a log that was moved away begins anew', async () => {
  expect(await resumedLog(undefined)).toBe(`${HEADER}40,0.3333333333333333,7.5,8\n`);
  expect(await resumedLog(HEADER)).toBe(`${HEADER}40,0.3333333333333333,7.5,8\n`);
  expect(await resumedLog(HEADER + rows(30, 50))).toBe(`${HEADER}${rows(30, 40)}40,0.3333333333333333,7.5,8\n`);
});

test('a log that lacks rows is left alone', async () => {
  await expect(resumedLog(HEADER + rows(0, 39))).rejects.toThrow('the row of step 39 is missing or damaged');
  await expect(resumedLog(`${HEADER}${rows(0, 39)}39,1,2`)).rejects.toThrow('the row of step 39 is missing or damaged');
  await expect(resumedLog(HEADER + rows(0, 10) + rows(11, 50))).rejects.toThrow('the row of step 10 is missing');
  await expect(resumedLog('my diary\n')).rejects.toThrow('does not begin with step,loss');
  await expect(resumedLog('')).rejects.toThrow('does not begin with step,loss');
});

// ————— one process at a time —————

test('a second process is refused while the first trains, and not when it was killed', async () => {
  const busy = join(folder, 'busy');
  let second: ReturnType<typeof longhand> | undefined;
  const options = [...SETTINGS, '--steps', '1000000', '--threads', '1', '--out', busy];
  const first = stoppedAt(1_000_000, 'SIGKILL', ...options);
  while (second === undefined) {
    await new Promise(resolve => setTimeout(resolve, 50));
    try {
      await readCheckpoint(busy);
    } catch {
      continue;
    }
    second = longhand('train', '--resume', busy);
  }
  const pid = Number(/^lock\.(\d+)@/.exec(readdirSync(busy).find(name => name.startsWith('lock.'))!)?.[1]);
  expect(second.stderr).toContain(`${busy}: process ${pid} is training into it`);
  expect(second.status).toBe(1);
  expect(longhand('train', ...SETTINGS, '--out', busy).stderr).toContain('is training into it');

  process.kill(pid, 'SIGKILL');
  await first;
  const { step } = await readCheckpoint(busy);
  expect(longhand('train', '--resume', busy, '--steps', `${step + 1}`).status).toBe(0);
  expect(readdirSync(busy).sort()).toEqual(['checkpoint.safetensors', 'log.csv', 'units.png']);
});

test('of those who come at once, no two are let in', async () => {
  await withCheckpoint(async other => {
    for (let round = 0; round < 5; round++) {
      const all = await Promise.allSettled(Array.from({ length: 4 }, () => lock(other)));
      const held = all.filter(one => one.status === 'fulfilled');
      expect(held.length).toBeLessThanOrEqual(1);
      for (const one of held) one.value.release();
      expect(readdirSync(other)).toEqual([]);
    }
  });
});

test('a claim of the dead is cleared away, one from another machine is not', async () => {
  await withCheckpoint(async other => {
    const claim = (await lockName(other)).replace(/\.[\da-f]+$/, '');
    const [, host] = claim.split('@');
    writeFileSync(join(other, `lock.999999999@${host}.0123456789abcdef`), '');
    writeFileSync(join(other, `lock.${process.pid}@${host}.0123456789abcdef`), '');
    writeFileSync(join(other, 'lock.mine'), '');
    (await lock(other)).release();
    expect(readdirSync(other)).toEqual(['lock.mine']);

    const foreign = 'lock.1@another.0123456789abcdef';
    writeFileSync(join(other, foreign), '');
    await expect(lock(other)).rejects.toThrow(
      `process 1 on another is training into it. Wait for it, or choose another folder; if it runs no more, remove ${join(other, foreign)}`,
    );
    rmSync(join(other, foreign));
    (await lock(other)).release();
  });
});

async function lockName(other: string): Promise<string> {
  const held = await lock(other);
  const [name] = readdirSync(other);
  held.release();
  return name!;
}

test('what a run leaves behind is a checkpoint of its last step', async () => {
  const path = join(run, 'checkpoint.safetensors');
  const { step, steps, settings, inputShape } = await decodeCheckpoint(readFileSync(path), path);
  expect({ step, steps, inputShape }).toEqual({ step: 33, steps: 33, inputShape: [1, 28, 28] });
  expect(settings).toMatchObject({ dataset: 'drawn', size: 100, engine: 'wasm', hidden: 12 });
});
