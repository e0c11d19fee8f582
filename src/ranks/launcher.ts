import { fstatSync } from 'node:fs';
import { LonghandError } from '../tensor/errors.ts';

/** What a launcher of MPI says of the processes that it has started. */
export interface Launched {
  /** How many, and the number of this one, from 0. */
  readonly size: number;
  readonly rank: number;
  /** Whether this is the first one on its machine. */
  readonly isFirstHere: boolean;
  /** The variable that says how many. */
  readonly by: string;
  /** The libraries that the launcher may belong to, by the names that systems have for them. */
  readonly libraries: readonly string[];
}

const mac = process.platform === 'darwin';
const openMpi = mac ? ['libmpi.40.dylib', '/opt/homebrew/lib/libmpi.40.dylib'] : ['libmpi.so.40'];
const mpich = mac ? ['libmpi.12.dylib', '/opt/homebrew/lib/libmpi.12.dylib'] : ['libmpich.so.12', 'libmpi.so.12'];

const slurm = { rank: 'SLURM_PROCID', here: 'SLURM_LOCALID', libraries: [...openMpi, ...mpich] };

/**
 * The launchers, by the variable that says how many processes there are. mpirun itself may have been started by Slurm,
 * whose variables then tell of something else, so Slurm comes last. In a batch script SLURM_NTASKS says how many there
 * may be and not how many there are: only within a step, which srun makes, it does.
 */
const launchers: readonly {
  readonly size: string;
  readonly rank: string;
  /** The number of the process on its machine. */
  readonly here: string;
  /** The variable without which the number of processes counts for nothing. */
  readonly within?: string;
  readonly libraries: readonly string[];
}[] = [
  {
    size: 'OMPI_COMM_WORLD_SIZE',
    rank: 'OMPI_COMM_WORLD_RANK',
    here: 'OMPI_COMM_WORLD_LOCAL_RANK',
    libraries: openMpi,
  },
  { size: 'PMI_SIZE', rank: 'PMI_RANK', here: 'MPI_LOCALRANKID', libraries: mpich },
  { size: 'SLURM_STEP_NUM_TASKS', ...slurm },
  { size: 'SLURM_NTASKS', within: 'SLURM_STEP_ID', ...slurm },
];

/** Whether this process is one of several, and which. */
export function launched(environment: NodeJS.ProcessEnv = process.env): Launched | undefined {
  for (const { size: by, rank, here, within, libraries } of launchers) {
    const size = Number(environment[by]);
    if (!Number.isInteger(size) || (within !== undefined && environment[within] === undefined)) continue;
    if (size <= 1) return undefined;
    const [number, numberHere] = [rank, here].map(name => Number(environment[name] ?? 0)) as [number, number];
    return { size, rank: number, isFirstHere: numberHere === 0, by, libraries };
  }
  return undefined;
}

/**
 * MPICH's library speaks to its launcher through a socket that a process has from it, and npx keeps from those that it
 * starts. What has the socket's number there is a file of Node's own, into which the library would write.
 *
 * @throws LonghandError where there is no such socket.
 */
export function mustReachTheLauncher({ size, by }: Launched, { PMI_FD }: NodeJS.ProcessEnv = process.env): void {
  if (by !== 'PMI_SIZE' || PMI_FD === undefined || isSocket(Number(PMI_FD))) return;
  throw new LonghandError(
    "train: MPICH's launcher cannot be reached, for npx and npm do not hand on its connection (PMI_FD). Let it start " +
      `longhand itself: mpirun -n ${size} node_modules/.bin/longhand train`,
  );
}

function isSocket(file: number): boolean {
  try {
    return fstatSync(file).isSocket();
  } catch {
    return false; // there is none of this number
  }
}

/** @throws LonghandError where a library knows nothing of the launcher: each process would train all by itself. */
export function mustKnowEachOther({ size, by }: Launched, library: { name: string; size: number }): void {
  if (library.size === size) return;
  const advice = by.startsWith('SLURM')
    ? 'Tell srun which MPI it is, --mpi=pmix or --mpi=pmi2 (`srun --mpi=list` shows what there is), or use mpirun'
    : 'Start it with the mpirun that belongs to this library, or name the library of your mpirun with --mpi-library';
  throw new LonghandError(
    `train: the launcher has started ${size} ranks (${by}), of which ${library.name} sees ${library.size}. ${advice}`,
  );
}
