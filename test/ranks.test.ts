import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from './made-files.ts';
import { mpich, openMpi, ranked } from './mpi.ts';
import { longhand } from './resumes.ts';

// A training by several processes, under the mpirun of two libraries: the files and the log of one process. More ranks,
// kills and hangs are in test/long/ranks.test.ts.

const { folder, remove } = temporaryFolder();
afterAll(remove);

const whole = ['--dataset', 'drawn', '--tiny', '--steps', '12', '--hidden', '20', '--epsilon', '0.05', '--quiet'];

/** All that a run has left, and its log. */
function left(out: string): string[] {
  return ['checkpoint.safetensors', 'log.csv', 'units.png'].map(file => readFileSync(join(out, file), 'base64'));
}

const alone = join(folder, 'alone');
const { stdout: log } = longhand('train', ...whole, '--out', alone);

describe.each([openMpi, mpich])('$name', launcher => {
  test.skipIf(launcher.missing)(`two ranks print and save what one process does${launcher.missing}`, async () => {
    const out = join(folder, launcher.name);
    const { status, stdout, stderr } = await ranked(launcher, 2, [...whole, '--out', out]);
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: log, stderr: `` });
    expect(left(out)).toEqual(left(alone));
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
