import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readCheckpoint } from '../../src/run/run.ts';
import { temporaryFolder } from '../made-files.ts';
import { mpich, openMpi, ranked, start } from '../mpi.ts';
import { killedOverAndOver, left, struck } from '../ranks.ts';
import { longhand } from '../resumes.ts';

const { folder, remove } = temporaryFolder();
afterAll(remove);

/** What a launcher says of a process that was killed: Open MPI the rank, MPICH the process, whose rank we have said. */
const saysWhich = (stderr: string, stdout: string): number => {
  const [, rank] = /rank (\d+) .*exited on signal 9/.exec(stderr) ?? [];
  if (rank !== undefined) return Number(rank);
  const [, pid] = /PID (\d+) RUNNING AT/.exec(stdout + stderr) ?? [];
  return Number(new RegExp(`rank (\\d+) on \\S+ is process ${pid}\\b`).exec(stderr)?.[1]);
};

// sparse and dense inputs, few and many samples for as many ranks
describe.each([
  ['drawn digits', ['--dataset', 'drawn', '--steps', '40', '--epsilon', '0.05'], [1, 2, 3, 4, 8]],
  ['many of them', ['--dataset', 'drawn', '--full', '--steps', '3', '--epsilon', '0.05', '--hidden', '70'], [2, 8]],
])('%s', (name, settings, counts) => {
  const alone = join(folder, `${name} alone`);
  const { stdout: log } = longhand('train', ...settings, '--quiet', '--out', alone);

  test.each(counts)('%i ranks of Open MPI print and save what one process does', async ranks => {
    if (openMpi.missing) return console.warn(openMpi.missing);
    const out = join(folder, `${name} ${ranks}`);
    const { status, stdout } = await ranked(openMpi, ranks, [...settings, '--quiet', '--out', out]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: log });
    expect(left(out)).toEqual(left(alone));
  });
});

// MPICH's ranks never sleep: no more of them than cores
describe.each([
  { launcher: openMpi, counts: [4, 2, 3] },
  { launcher: mpich, counts: [2] },
])('$launcher.name', ({ launcher, counts }) => {
  const settings = ['--dataset', 'drawn', '--tiny', '--hidden', '20', '--epsilon', '0.05'];

  test.skipIf(launcher.missing)(
    `five kills of a random rank at a random step change no bit${launcher.missing}`,
    async () => {
      const steps = 1000;
      const calm = join(folder, `${launcher.name} calm`);
      longhand('train', ...settings, '--quiet', '--steps', `${steps}`, '--out', calm);
      const out = join(folder, `${launcher.name} killed`);
      const ended = await killedOverAndOver(launcher, settings, { kills: 5, steps, seed: 5, counts, out, folder });
      for (const { status, seconds, rank, stderr, stdout } of ended) {
        console.log(
          `${launcher.name}: rank ${rank} killed; ${seconds.toFixed(1)} s later the run ended with ${status}`,
        );
        expect(status).not.toBe(0);
        expect(saysWhich(stderr, stdout)).toBe(rank);
      }
      expect(left(out)).toEqual(left(calm));
    },
  );

  test.skipIf(launcher.missing)(`a rank that hangs is named, whichever it is${launcher.missing}`, async () => {
    for (const rank of [0, 1]) {
      const strike = { ranks: 2, rank, fault: 'SIGSTOP', step: 5, folder } as const;
      const { status, stderr } = await struck(launcher, strike, [...settings, '--steps', '100000', '--patience', '1']);
      expect(status).not.toBe(0);
      expect(stderr).toMatch(new RegExp(`no answer from rank ${rank} on`));
    }
  });

  test.skipIf(launcher.missing)(`a rank that exits as if it were done ends the run${launcher.missing}`, async () => {
    const strike = { ranks: 2, rank: 1, fault: 'exit', step: 5, folder } as const;
    const { status, stderr } = await struck(launcher, strike, [...settings, '--steps', '100000']);
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/longhand: rank 1 on \S+ ended before the training did/);
  });

  test.skipIf(launcher.missing)(`a run of another engine does not go on in ranks${launcher.missing}`, async () => {
    const out = join(folder, `${launcher.name} by another engine`);
    longhand('train', '--dataset', 'drawn', '--tiny', '--steps', '1', '--engine', 'batch', '--quiet', '--out', out);
    const { status, stderr } = await ranked(launcher, 2, ['--resume', out, '--steps', '2']);
    expect(status).not.toBe(0);
    expect(stderr).toContain('this run is of --engine batch; start it without the launcher');
  });

  test.skipIf(launcher.missing)(`Ctrl-C ends all ranks and saves${launcher.missing}`, async () => {
    const out = join(folder, `${launcher.name} interrupted`);
    const run = start(launcher, 2, [...settings, '--steps', '100000', '--out', out]);
    await run.reached(5);
    run.kill('SIGINT');
    const { status, stdout } = await run.ended;
    expect(status).not.toBe(0);
    const { step } = await readCheckpoint(out);
    // Open MPI's launcher passes on nothing more after Ctrl-C; the log has it all
    expect(step).toBeGreaterThanOrEqual(stdout.match(/^\d+ acc_train_loss/gm)!.length);
    expect(readFileSync(join(out, 'log.csv'), 'utf8').match(/^\d+,/gm)!.length).toBe(step);
  });
});
