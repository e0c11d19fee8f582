import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';

/** A terminal of its own for a command: what it shows, and keys that are pressed. Python has pseudo-terminals, Node has not. */
const script = `
import fcntl, json, os, pty, select, struct, sys, termios
rows, columns, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
master, slave = pty.openpty()
fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
pid = os.fork()
if pid == 0:
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for fd in (0, 1, 2): os.dup2(slave, fd)
    os.execvp(command[0], command)
os.write(2, b'%d' % pid)
keys, status = [0], None
while True:
    ready = select.select([master] + keys, [], [], 0.02)[0]
    if 0 in ready:
        data = os.read(0, 1024)
        if data: os.write(master, data)
        else: keys = []
    if master in ready: os.write(1, os.read(master, 65536))
    elif status is not None: break
    if status is None:
        ended, code = os.waitpid(pid, os.WNOHANG)
        if ended: status = code
modes = termios.tcgetattr(slave)[3]
os.write(1, b'\\0' + json.dumps({
    'code': os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status),
    'isAsItWas': bool(modes & termios.ECHO) and bool(modes & termios.ICANON),
}).encode())
`;

export const hasTerminals: boolean =
  process.platform !== 'win32' && spawnSync('python3', ['-c', 'import pty, termios']).status === 0;
if (!hasTerminals) console.warn('no python3 with pseudo-terminals, tests that press keys are skipped');

export interface Ending {
  readonly code: number;
  /** Whether lines are edited and keys shown again, as before the command. */
  readonly isAsItWas: boolean;
}

export class Terminal {
  readonly #child: ChildProcess;
  #output = '';
  #pid = '';
  readonly #ended: Promise<unknown>;

  constructor(
    command: readonly string[],
    { cwd, env = {}, rows = 24, columns = 80 }: { cwd: string; env?: object; rows?: number; columns?: number },
  ) {
    const surroundings = { ...process.env, TERM: 'xterm-256color', LANG: 'C.UTF-8', LC_ALL: '', NO_COLOR: '1', ...env };
    this.#child = spawn('python3', ['-c', script, String(rows), String(columns), ...command], {
      cwd,
      env: { ...surroundings, FORCE_COLOR: undefined },
    });
    this.#child.stdout!.setEncoding('utf8').on('data', text => {
      this.#output += text;
    });
    this.#child.stderr!.setEncoding('utf8').on('data', text => {
      this.#pid += text;
    });
    this.#ended = once(this.#child, 'close');
  }

  press(keys: string): void {
    this.#child.stdin!.write(keys);
  }

  kill(signal: NodeJS.Signals): void {
    process.kill(Number(this.#pid), signal);
  }

  /** All that was written so far. */
  get output(): string {
    return this.#output;
  }

  /** What stands on the screen now. */
  get lines(): string[] {
    const page = this.#output.slice(this.#output.lastIndexOf('\x1b[H') + 3);
    return stripVTControlCharacters(page).split('\r\n');
  }

  get screen(): string {
    return this.lines.join('\n');
  }

  /** Waits until these texts are on the screen, wherever their lines break. */
  async shows(...texts: string[]): Promise<string> {
    const isThere = (text: string) => this.screen.replaceAll(/\s+/g, ' ').includes(text);
    for (const begun = performance.now(); !texts.every(isThere); ) {
      if (performance.now() - begun > 30_000)
        throw new Error(`waited for ${texts.join(', ')}; what is shown:\n${this.screen}`);
      await new Promise(resolve => setTimeout(resolve, 10));
    }
    return this.screen;
  }

  async end(): Promise<Ending> {
    await this.#ended;
    return JSON.parse(this.#output.slice(this.#output.lastIndexOf('\0') + 1));
  }
}
