import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readCheckpoint } from '../src/run/run.ts';
import { temporaryFolder } from './made-files.ts';
import { mpich, openMpi, ranked } from './mpi.ts';
import { goneOn, left, struck } from './ranks.ts';
import { longhand } from './resumes.ts';

// A training by several processes, under the mpirun of two libraries: the files and the log of one process. More ranks,
// kills and hangs are in test/long/ranks.test.ts.

const { folder, remove } = temporaryFolder();
afterAll(remove);

const whole = ['--dataset', 'drawn', '--tiny', '--steps', '12', '--hidden', '20', '--epsilon', '0.05', '--quiet'];

const alone = join(folder, 'alone');
const { stdout: log } = longhand('train', ...whole, '--out', alone);

describe.each([openMpi, mpich])('$name', launcher => {
  test.skipIf(launcher.missing)(`two ranks print and save what one process does${launcher.missing}`, async () => {
    const out = join(folder, launcher.name);
    const { status, stdout, stderr } = await ranked(launcher, 2, [...whole, '--out', out]);
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: log, stderr: `` });
    expect(left(out)).toEqual(left(alone));
  });

  test.skipIf(launcher.missing)(`--reduce fast gives the same but for rounding${launcher.missing}`, async () => {
    const { status, stdout, stderr } = await ranked(launcher, 2, [...whole, '--reduce', 'fast']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const losses = (text: string) => [...text.matchAll(/acc_train_loss (\S+)/g)].map(([, loss]) => Number(loss));
    expect(losses(stdout)).toHaveLength(12);
    losses(log).forEach((loss, step) => void expect(Math.abs(losses(stdout)[step]! / loss - 1)).toBeLessThan(1e-4));
  });

  test.skipIf(launcher.missing)(`the library of another launcher is refused${launcher.missing}`, async () => {
    const { library } = launcher === openMpi ? mpich : openMpi;
    const { status, stdout, stderr } = await ranked(launcher, 2, [...whole, '--mpi-library', library]);
    expect(status).not.toBe(0);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/longhand: train: the launcher has started 2 ranks .*sees 1\. Start it with the mpirun/);
  });

  test.skipIf(launcher.missing)(`without koffi one line says how to install it${launcher.missing}`, async () => {
    const { status, stdout, stderr } = await ranked(launcher, 2, whole, { NODE_PATH: '/nowhere' });
    expect(status).not.toBe(0);
    expect(stdout).toBe('');
    expect(stderr.match(/^longhand: .*/gm)).toEqual([expect.stringMatching(/`npm install koffi`/)]);
  });
});

test.skipIf(openMpi.missing)(
  `where a rank is killed the run ends and says which, and goes on alone${openMpi.missing}`,
  async () => {
    const out = join(folder, 'killed');
    const more = [...whole.slice(0, -1), '--steps', '400'];
    const calm = join(folder, 'calm');
    longhand('train', ...more, '--quiet', '--out', calm);
    const strike = { ranks: 2, rank: 1, fault: 'SIGKILL', step: 5, folder } as const;
    const { status, stderr, seconds } = await struck(openMpi, strike, [...more, '--every', '2', '--out', out]);
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/rank 1 .*exited on signal 9/);
    expect(seconds).toBeLessThan(50);
    expect(await goneOn(out)).toMatchObject({ status: 0, stderr: '' });
    expect(left(out)).toEqual(left(calm));
  },
);

test.skipIf(openMpi.missing)(`where a rank hangs the run ends and says which${openMpi.missing}`, async () => {
  const strike = { ranks: 2, rank: 1, fault: 'SIGSTOP', step: 5, folder } as const;
  const { status, stderr } = await struck(openMpi, strike, [...whole, '--steps', '100000', '--patience', '1']);
  expect(status).not.toBe(0);
  expect(stderr).toMatch(/longhand: train: no answer from rank 1 on \S+ for \d+ s: the run ends/);
});

test.skipIf(openMpi.missing)(
  `a rank that is asked to end ends all, and the run is saved${openMpi.missing}`,
  async () => {
    const out = join(folder, 'asked');
    const strike = { ranks: 2, rank: 1, fault: 'SIGTERM', step: 5, folder } as const;
    const { status, stdout } = await struck(openMpi, strike, [...whole, '--steps', '100000', '--out', out]);
    expect(status).toBe(143);
    const steps = stdout.match(/^\d+ acc_train_loss/gm)!.length;
    expect((await readCheckpoint(out)).step).toBe(steps);
  },
);
