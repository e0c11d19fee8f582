import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { command } from './resumes.ts';

/** The folder in which `npm install --prefix` has put koffi, through which MPI is called. */
const koffi = process.env.KOFFI ?? '/nowhere';
const hasKoffi = existsSync(join(koffi, 'node_modules/koffi'));

/** An MPI whose launcher is on this machine. */
export interface Launcher {
  readonly name: string;
  readonly library: string;
  /** Why the tests with it are skipped, for the end of their names; empty where they are not. */
  readonly missing: string;
  readonly mpirun: string;
  readonly options: readonly string[];
}

const program = (...names: string[]) => names.find(name => spawnSync(name, ['--version']).status === 0);

function launcher(name: string, library: string, mpirun: string, options: readonly string[]): Launcher {
  const found = program(mpirun);
  const what = [...(found ? [] : [mpirun]), ...(hasKoffi ? [] : ['koffi in $KOFFI'])].join(' and no ');
  if (what !== '') console.warn(`no ${what}: the tests of ranks under ${name} are skipped`);
  return { name, library, mpirun, options, missing: what === '' ? '' : ` (skipped: no ${what})` };
}

export const openMpi: Launcher = launcher('Open MPI', 'libmpi.so.40', 'mpirun.openmpi', ['--oversubscribe']);
/** Its ranks never sleep while they wait, so that more of them than cores are hundreds of times as slow. */
export const mpich: Launcher = launcher('MPICH', 'libmpich.so.12', 'mpirun.mpich', []);

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A launcher at work. */
export interface Running {
  readonly ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): void;
  /** Kept once the log has come to a step. */
  reached(step: number): Promise<void>;
}

/** Starts `longhand train` as so many ranks. */
export function start({ mpirun, options }: Launcher, ranks: number, args: readonly string[], env = {}): Running {
  const child = spawn(mpirun, [...options, '-n', `${ranks}`, process.execPath, command, 'train', ...args], {
    env: {
      ...process.env,
      ...{ OMPI_ALLOW_RUN_AS_ROOT: '1', OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1' },
      NODE_PATH: join(koffi, 'node_modules'),
      ...env,
    },
  });
  let [stdout, stderr] = ['', ''];
  const waiting = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', text => {
    stdout += text;
    for (const look of waiting) look();
  });
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text;
  });
  const ended = once(child, 'close').then(([status]) => ({ status, stdout, stderr }));
  return {
    ended,
    kill: signal => void child.kill(signal),
    reached: step =>
      new Promise((resolve, reject) => {
        waiting.add(() => {
          const last = Number(/(?:^|\n)(\d+) acc_train_loss[^\n]*\n[^\n]*$/.exec(stdout)?.[1] ?? -1);
          if (last >= step) resolve();
        });
        void ended.then(() => reject(new Error(`it ended before step ${step}:\n${stdout}\n${stderr}`)));
      }),
  };
}

/** Runs `longhand train` as so many ranks, to its end. */
export const ranked = (launcher: Launcher, ranks: number, args: readonly string[], env = {}): Promise<Ended> =>
  start(launcher, ranks, args, env).ended;
