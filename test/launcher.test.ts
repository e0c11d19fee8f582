import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { launched, mustKnowEachOther, mustReachTheLauncher } from '../src/ranks/launcher.ts';
import { loadMpi } from '../src/ranks/mpi.ts';
import { command } from './resumes.ts';

// What launchers of MPI leave in the environment of the processes that they start.

describe('one of several processes knows it', () => {
  test.each<[string, Record<string, string>, { size: number; rank: number; isFirstHere: boolean; by: string }]>([
    [
      'Open MPI',
      { OMPI_COMM_WORLD_SIZE: '4', OMPI_COMM_WORLD_RANK: '3', OMPI_COMM_WORLD_LOCAL_RANK: '1' },
      { size: 4, rank: 3, isFirstHere: false, by: 'OMPI_COMM_WORLD_SIZE' },
    ],
    [
      'MPICH',
      { PMI_SIZE: '2', PMI_RANK: '1', MPI_LOCALRANKID: '0' },
      { size: 2, rank: 1, isFirstHere: true, by: 'PMI_SIZE' },
    ],
    [
      'srun',
      { SLURM_STEP_NUM_TASKS: '16', SLURM_NTASKS: '32', SLURM_PROCID: '5', SLURM_LOCALID: '0', SLURM_STEP_ID: '0' },
      { size: 16, rank: 5, isFirstHere: true, by: 'SLURM_STEP_NUM_TASKS' },
    ],
    [
      'an older srun',
      { SLURM_NTASKS: '3', SLURM_PROCID: '2', SLURM_LOCALID: '2', SLURM_STEP_ID: '0' },
      { size: 3, rank: 2, isFirstHere: false, by: 'SLURM_NTASKS' },
    ],
    [
      'mpirun in a job of Slurm, whose own number is another',
      { OMPI_COMM_WORLD_SIZE: '2', OMPI_COMM_WORLD_RANK: '0', SLURM_STEP_NUM_TASKS: '1', SLURM_NTASKS: '8' },
      { size: 2, rank: 0, isFirstHere: true, by: 'OMPI_COMM_WORLD_SIZE' },
    ],
  ])('%s', (_, environment, wanted) => {
    expect(launched(environment)).toMatchObject(wanted);
  });
});

describe('one process alone trains alone', () => {
  test.each<[string, Record<string, string>]>([
    ['without a launcher', {}],
    ['as one rank', { OMPI_COMM_WORLD_SIZE: '1', OMPI_COMM_WORLD_RANK: '0' }],
    ['in the batch script of a job that may have more', { SLURM_NTASKS: '16', SLURM_PROCID: '0' }],
    ['where the number is none', { PMI_SIZE: 'many' }],
  ])('%s', (_, environment) => {
    expect(launched(environment)).toBeUndefined();
  });
});

/** A command as Open MPI starts it, as one of two. */
function asRank(rank: number, ...args: readonly string[]): { status: number | null; stderr: string } {
  const env = { ...process.env, OMPI_COMM_WORLD_SIZE: '2', OMPI_COMM_WORLD_RANK: `${rank}` };
  return spawnSync(process.execPath, [command, ...args], { encoding: 'utf8', env });
}

test.each(['batch', 'sample'])('ranks of --engine %s are refused before they look for each other', engine => {
  const { status, stderr } = asRank(0, 'train', '--engine', engine);
  expect(stderr).toMatch(/^error: ranks train with the kernels; leave out --practice and --engine, or the launcher/);
  expect(status).toBe(2);
});

test('what is wrong with a training of ranks is said by one of them', () => {
  expect(asRank(0, 'train', '--steps', 'x')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/'--steps <n>'/),
  });
  expect(asRank(1, 'train', '--steps', 'x')).toMatchObject({ status: 2, stderr: '' });
  expect(asRank(1, 'train', '--engine', 'sample')).toMatchObject({ status: 2, stderr: '' });
});

test('other commands know no ranks: each process says what is wrong with what it was asked', () => {
  for (const name of ['sweep', 'grade'])
    expect(asRank(1, name, '--shard', '3/2')).toMatchObject({ status: 2, stderr: expect.stringMatching(/--shard/) });
});

test('a library that sees fewer processes than were started is refused, with what to do', () => {
  const bySrun = launched({ SLURM_STEP_NUM_TASKS: '16', SLURM_PROCID: '0' })!;
  expect(() => mustKnowEachOther(bySrun, { name: 'Open MPI 4.1', size: 1 })).toThrow(
    /^train: the launcher has started 16 ranks \(SLURM_STEP_NUM_TASKS\), of which Open MPI 4\.1 sees 1\. Tell srun .*--mpi=pmix/,
  );
  const byMpirun = launched({ PMI_SIZE: '2', PMI_RANK: '0' })!;
  expect(() => mustKnowEachOther(byMpirun, { name: 'Open MPI 4.1', size: 1 })).toThrow(/--mpi-library$/);
  expect(() => mustKnowEachOther(byMpirun, { name: 'MPICH 4.0', size: 2 })).not.toThrow();
});

describe('what npx starts has no connection to the launcher of MPICH', () => {
  const byMpich = launched({ PMI_SIZE: '2', PMI_RANK: '0' })!;

  test('nothing of the number, or a file of another kind, is said with what to do', () => {
    const file = openSync(import.meta.filename, 'r');
    for (const PMI_FD of ['1000000', `${file}`])
      expect(() => mustReachTheLauncher(byMpich, { PMI_FD })).toThrow(
        /^train: MPICH's launcher cannot be reached, .*: mpirun -n 2 node_modules\/\.bin\/longhand train$/,
      );
    closeSync(file);
  });

  test('a socket is one, and other launchers have none', () => {
    const program = `import { launched, mustReachTheLauncher } from ${JSON.stringify(new URL('../dist/ranks/launcher.js', import.meta.url).href)};
      mustReachTheLauncher(launched(process.env));`;
    const environment = { ...process.env, PMI_SIZE: '2', PMI_RANK: '0', PMI_FD: '3' };
    // 'pipe' is a socket on every system but Windows
    const stdio = ['ignore', 'ignore', 'pipe', 'pipe'] as const;
    const args = ['--input-type=module', '-e', program];
    const { stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env: environment, stdio: [...stdio] });
    expect(stderr).toBe('');
    const byOpenMpi = launched({ OMPI_COMM_WORLD_SIZE: '2', OMPI_COMM_WORLD_RANK: '0' })!;
    expect(() => mustReachTheLauncher(byOpenMpi, { PMI_FD: '1000000' })).not.toThrow();
  });
});

test('UCX is told to leave the heap to Node, unless somebody has told it otherwise', () => {
  const names = ['UCX_MEM_MALLOC_HOOKS', 'UCX_MEM_MALLOC_RELOC', 'UCX_MEM_MMAP_HOOK_MODE', 'UCX_ERROR_SIGNALS'];
  for (const name of names) vi.stubEnv(name, undefined);
  vi.stubEnv('UCX_MEM_MMAP_HOOK_MODE', 'bistro');
  try {
    expect(() => loadMpi(['/nowhere/libmpi.so'])).toThrow();
    expect(names.map(name => process.env[name])).toEqual(['n', 'n', 'bistro', '']);
  } finally {
    vi.unstubAllEnvs();
  }
});
