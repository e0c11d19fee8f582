import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FileError } from '../../platform/file-error.ts';
import { LonghandError } from '../../tensor/index.ts';
import { POLICY } from './policy.ts';

/** What lies at an address. */
export interface Content {
  readonly type: string;
  /** One after the other. */
  readonly parts: readonly Uint8Array[];
  /** Whether it is never another, so that a browser may keep it. */
  readonly isForGood?: boolean;
  /** What it may do, where that is not what the page may. */
  readonly policy?: readonly string[];
}

/** What lies at a path, which begins with `/`; undefined where nothing does. What cannot be had now it throws. */
export type Contents = (path: string) => Content | undefined | Promise<Content | undefined>;

/** What somebody who asked for no port is given, if it is free. */
const USUAL_PORT = 8784;
const PORTS_TRIED = 20;

const headers: Readonly<Record<string, string>> = {
  'Content-Security-Policy': POLICY.join('; '),
  // with these two the page may share memory between threads
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

/** A server for the browsers of this machine. */
export interface RunningServer {
  /** `http://127.0.0.1:8784/` */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Serves on the loopback interface of this machine, on `port` (0: any) or, where none is asked for, on the first free one
 * from the usual one on. A path of a request is looked up and never taken for one of the disk.
 *
 * @throws LonghandError where the port cannot be had.
 */
export async function serve(contents: Contents, port: number | undefined): Promise<RunningServer> {
  let hosts: ReadonlySet<string> = new Set();
  const server = createServer((request, response) => {
    answer(request, response, contents, hosts).catch(error => response.destroy(error));
  });
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  for (let tried = port ?? USUAL_PORT; ; tried++) {
    try {
      await listen(tried);
      break;
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      const mayGoOn = port === undefined && tried < USUAL_PORT + PORTS_TRIED;
      if (code === 'EADDRINUSE' && mayGoOn) continue;
      const why =
        code === 'EADDRINUSE' ? 'is in use' : code === 'EACCES' ? 'is not for everybody' : `cannot be had: ${message}`;
      throw new LonghandError(
        `lab: port ${tried} ${why}; choose another (--port), or leave it to the system (--port 0)`,
        {
          cause,
        },
      );
    }
  }
  const { port: given } = server.address() as AddressInfo;
  hosts = hostsAt(given);
  return {
    address: `http://127.0.0.1:${given}/`,
    close: () =>
      new Promise(closed => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/**
 * What a browser on this machine calls this server. A page of a stranger can have its own name lead to 127.0.0.1; it is
 * told from us by the name that the browser still asks for.
 */
function hostsAt(port: number): ReadonlySet<string> {
  const names = ['localhost', '127.0.0.1', '[::1]'];
  return new Set([...names.map(name => `${name}:${port}`), ...(port === 80 ? names : [])]);
}

async function answer(
  { headers: { host = '' }, method, url = '' }: IncomingMessage,
  response: ServerResponse,
  contents: Contents,
  hosts: ReadonlySet<string>,
): Promise<void> {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  const refuse = (status: number, line: string): void => {
    response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
    response.end(method === 'HEAD' ? undefined : `${line}\n`);
  };
  if (!hosts.has(host.toLowerCase())) return refuse(403, 'The lab answers to 127.0.0.1 and localhost alone.');
  if (method !== 'GET' && method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    return refuse(405, 'The lab answers GET and HEAD alone.');
  }
  let content: Content | undefined;
  try {
    content = await contents(url.replace(/\?.*/, ''));
  } catch (error) {
    const isKnown = error instanceof LonghandError || error instanceof FileError;
    if (!isKnown) process.stderr.write(`longhand: ${url}: ${error} (this is a defect of longhand)\n`);
    return refuse(isKnown ? 404 : 500, isKnown ? error.message : 'The lab failed here; its terminal says how.');
  }
  if (content === undefined) return refuse(404, 'There is nothing here.');
  const { type, parts, isForGood = false, policy } = content;
  if (policy !== undefined) response.setHeader('Content-Security-Policy', policy.join('; '));
  response.writeHead(200, {
    'Content-Type': type,
    'Content-Length': parts.reduce((sum, { length }) => sum + length, 0),
    'Cache-Control': isForGood ? 'public, max-age=31536000, immutable' : 'no-store',
  });
  if (method === 'GET') for (const part of parts) response.write(part);
  response.end();
}
