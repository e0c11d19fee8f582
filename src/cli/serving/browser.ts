import { spawn } from 'node:child_process';

/** Whether somebody sits before this machine's screen, as far as can be told. */
export function hasScreen(): boolean {
  const { CI, SSH_CONNECTION, DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (!process.stdout.isTTY || CI || SSH_CONNECTION) return false;
  // without one xdg-open would start a browser in the terminal
  const needsDisplay = !['win32', 'darwin'].includes(process.platform);
  return !needsDisplay || Boolean(DISPLAY || WAYLAND_DISPLAY);
}

/** Opens an address in the browser of whoever sits there. Where that fails nothing is lost: the address is printed. */
export function openBrowser(address: string): void {
  const [command, ...args] = opener();
  const opening = spawn(command, [...args, address], { stdio: 'ignore', detached: true, windowsHide: true });
  opening.on('error', () => {});
  opening.unref();
}

/** No shell reads the address, but on Windows, where `start` is a word of the shell; no character of ours means anything there. */
function opener(): [string, ...string[]] {
  switch (process.platform) {
    case 'win32':
      return ['cmd', '/c', 'start', ''];
    case 'darwin':
      return ['open'];
    default:
      return ['xdg-open'];
  }
}
