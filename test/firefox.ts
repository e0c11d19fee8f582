import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { WebSocket } from 'undici';
import { temporaryFolder } from './made-files.ts';

export const firefoxPath: string | undefined = [
  process.env.FIREFOX_PATH,
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
].find(path => path !== undefined && existsSync(path));

/** A Firefox without a window, told by WebDriver BiDi what to do. Source: https://w3c.github.io/webdriver-bidi/ */
export interface Firefox {
  goTo(address: string): Promise<void>;
  /** The value of an expression in the page, as JSON; a promise is waited for. */
  evaluate(expression: string): Promise<unknown>;
  close(): Promise<void>;
}

export async function startFirefox(): Promise<Firefox> {
  const profile = temporaryFolder();
  const args = ['--headless', '--no-remote', '--profile', profile.folder, '--remote-debugging-port', '0'];
  const child: ChildProcess = spawn(firefoxPath!, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise(resolve => child.once('close', resolve));
  const address = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stderr!.on('data', part => {
      text += part;
      const [, found] = /WebDriver BiDi listening on (ws:\S+)/.exec(text) ?? [];
      if (found !== undefined) resolve(found);
    });
    ended.then(() => reject(new Error(`Firefox ended: ${text}`)));
  });
  const socket = new WebSocket(`${address}/session`);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = () => reject(new Error(`Firefox does not answer at ${address}`));
  });
  const asked: ((answer: { result?: unknown; message?: string }) => void)[] = [];
  socket.onmessage = ({ data }) => {
    const answer = JSON.parse(data as string);
    if (typeof answer.id === 'number') asked[answer.id]!(answer);
  };
  const ask = async <T>(method: string, params: object): Promise<T> => {
    const answer = await new Promise<{ result?: unknown; message?: string }>(resolve => {
      socket.send(JSON.stringify({ id: asked.push(resolve) - 1, method, params }));
    });
    if (answer.result === undefined) throw new Error(`${method}: ${answer.message}`);
    return answer.result as T;
  };
  await ask('session.new', { capabilities: {} });
  const { contexts } = await ask<{ contexts: { context: string }[] }>('browsingContext.getTree', {});
  const { context } = contexts[0]!;
  return {
    async goTo(url) {
      await ask('browsingContext.navigate', { context, url, wait: 'complete' });
    },
    async evaluate(expression) {
      const answer = await ask<{ result?: { value: string }; exceptionDetails?: { text: string } }>('script.evaluate', {
        expression: `(async () => JSON.stringify(await (${expression})) ?? 'null')()`,
        target: { context },
        awaitPromise: true,
      });
      if (answer.result === undefined) throw new Error(answer.exceptionDetails?.text);
      return JSON.parse(answer.result.value);
    },
    async close() {
      child.kill();
      await ended;
      profile.remove();
    },
  };
}
