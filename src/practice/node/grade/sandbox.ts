import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Transformed } from '../../protocol.ts';
import { childAnswerers, runnersFiles } from '../channel.ts';

/**
 * How well submissions are kept apart from the machine. 2: bubblewrap and Node's permissions, two fences of different
 * makers. 1: Node's permissions alone, which keep files and processes away, but not the network. 0: nothing that works.
 */
export type Isolation = 0 | 1 | 2;

export interface Sandbox {
  readonly isolation: Isolation;
  /** What the channel's process is started by. */
  readonly startedBy: readonly string[];
  /** Why it is no more, and what to do about it; empty at level 2. */
  readonly says: string;
}

/** Where a system has the libraries that Node and the shell need. */
const LIBRARIES = ['/lib', '/lib64', '/lib32', '/usr/lib', '/usr/lib64', '/nix/store', '/gnu/store'];

/**
 * Nothing but Node, a shell that sets limits, their libraries and the runner's own files, all of them read-only: no
 * network, no home, no /proc, no /tmp, no environment, no process of others, and an end together with whoever started it.
 */
export function bubblewrap(): string[] {
  const readOnly = (path: string, at = path) => ['--ro-bind', path, at];
  const libraries = LIBRARIES.filter(path => existsSync(path));
  // Longhand itself may lie among the libraries, and its solutions with it
  const house = dirname(runnersFiles[0]!);
  const hidden = libraries.some(path => house.startsWith(`${path}/`)) ? ['--tmpfs', house] : [];
  return [
    whereIsBubblewrap() ?? 'bwrap',
    ...['--unshare-all', '--die-with-parent', '--new-session', '--clearenv', '--cap-drop', 'ALL'],
    ...libraries.flatMap(path => readOnly(path)),
    ...hidden,
    ...['--ro-bind-try', '/etc/ld.so.cache', '/etc/ld.so.cache'],
    ...readOnly(realpathSync('/bin/sh'), '/bin/sh'),
    ...readOnly(realpathSync(process.execPath), process.execPath),
    ...runnersFiles.flatMap(path => readOnly(path)),
    ...['--remount-ro', '/', '--chdir', '/', '--'],
  ];
}

/** Looked for here, since what is started has no environment to look in. */
function whereIsBubblewrap(): string | undefined {
  const folders = (process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin').split(':');
  return folders.map(folder => join(folder, 'bwrap')).find(path => existsSync(path));
}

/** Tries what there is on this machine, the strongest first, by having a submission answer. */
export async function probeSandbox(most: Isolation = 2): Promise<Sandbox> {
  const why = most < 2 ? '' : whyNoBubblewrap();
  if (most === 2 && why === '') {
    const startedBy = bubblewrap();
    if (await answers(startedBy)) return { isolation: 2, startedBy, says: '' };
  }
  const says = why || `bubblewrap does not start Node here. ${elsewhere}`;
  return { isolation: (await answers([])) ? 1 : 0, startedBy: [], says };
}

const elsewhere = 'A Linux machine of your own, or a virtual one, has what is needed.';

/** Why bubblewrap cannot be used, and what to do about it; empty where it can. */
function whyNoBubblewrap(): string {
  if (process.platform === 'darwin')
    return 'bubblewrap, which keeps submissions apart, is for Linux: on a Mac grade in a virtual machine with Linux.';
  if (process.platform === 'win32')
    return 'bubblewrap, which keeps submissions apart, is for Linux: on Windows grade in WSL 2 (`wsl --install`).';
  if (whereIsBubblewrap() === undefined)
    return 'bubblewrap, which keeps submissions apart, is not installed: `apt-get install bubblewrap` (or dnf, pacman, apk).';
  const [program, ...args] = bubblewrap();
  const tried = spawnSync(program!, [...args, '/bin/sh', '-c', ':'], { encoding: 'utf8', env: {} });
  if (tried.status === 0) return '';
  const [said = ''] = (tried.error?.message ?? tried.stderr).split('\n');
  return (
    `bubblewrap is not allowed to work here (${said.replace(/^bwrap: /, '').trim()}). In Docker start the container with ` +
    '--security-opt seccomp=unconfined --security-opt apparmor=unconfined and, as root in it, --cap-add SYS_ADMIN; ' +
    'on Ubuntu 24.04 and later set `sysctl kernel.apparmor_restrict_unprivileged_userns=0`; WSL 1 cannot, WSL 2 can.'
  );
}

/** Whether a process that is started so answers what it is asked. */
export async function answers(startedBy: readonly string[]): Promise<boolean> {
  const place = { exportedAs: 'sigma', exportedFrom: 'probe.ts', file: 'probe.ts', line: 1 };
  const facts = { ...place, parameters: ['x'], returns: true, characters: 0, untouched: false, changes: {} };
  const probe: Transformed = {
    modules: { 'probe.ts': '' },
    sites: [],
    loops: [],
    functions: { sigma: facts },
    misspelt: [],
  };
  const answerer = await childAnswerers({ startedBy })(probe);
  try {
    const answer = await answerer.call({ function: 'sigma', arguments: [], inPlaceOf: {}, substitutes: {} });
    return answer.kind === 'threw'; // nothing is exported there: that somebody says so is what counts
  } finally {
    await answerer.end();
  }
}
