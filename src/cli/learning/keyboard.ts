import { emitKeypressEvents, type Key } from 'node:readline';

export interface Keyboard {
  /** A single key, in lower case. */
  readonly onKey: (key: string) => void;
  /** After the program was suspended and goes on: the screen is somebody else's. */
  readonly onReturn: () => void;
  /** To be ended: `null` by Ctrl-D or because the terminal is gone, else by this signal. */
  readonly onEnd: (signal: NodeJS.Signals | null) => void;
}

/**
 * Single keys without Enter. The terminal is put back as it was however this process ends, unless it is killed with -9.
 *
 * @returns what ends it.
 */
export function readKeys({ onKey, onReturn, onEnd }: Keyboard): () => void {
  const { stdin } = process;
  const raw = (on: boolean) => {
    if (stdin.isTTY) stdin.setRawMode(on);
  };
  const restore = () => raw(false);
  const onKeypress = (_: unknown, { name, ctrl, meta, sequence = '' }: Key) => {
    if (ctrl && name === 'c') onEnd('SIGINT');
    else if (ctrl && name === 'd') onEnd(null);
    else if (ctrl && name === 'z') suspend();
    else if (!ctrl && !meta && sequence.length === 1) onKey(sequence.toLowerCase()); // arrows and their like are longer
  };
  const suspend = () => {
    if (process.platform === 'win32') return;
    raw(false);
    process.once('SIGCONT', () => {
      raw(true);
      onReturn();
    });
    process.kill(process.pid, 'SIGTSTP');
  };
  const onSignal = (signal: NodeJS.Signals) => onEnd(signal);
  const onClose = () => onEnd(null);

  process.on('exit', restore);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  raw(true);
  emitKeypressEvents(stdin);
  stdin.on('keypress', onKeypress).on('end', onClose).on('error', onClose).resume();
  return () => {
    stdin.off('keypress', onKeypress).off('end', onClose).off('error', onClose).pause();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, onSignal);
    restore();
    process.off('exit', restore);
  };
}
