/** A web server on this machine that does everything wrong that a mirror can do: `/BEHAVIOUR/FILE`. */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { madeGzips } from './made-files.ts';

type Behaviour = (response: ServerResponse, bytes: Uint8Array, request: IncomingMessage) => void;

function promise(response: ServerResponse, length: number): void {
  response.writeHead(200, { 'content-length': length });
}

const page = '<!DOCTYPE html><html><head><title>Login</title></head><body>Sign in to the network</body></html>';

let hasTime = false;

const behaviours: Record<string, Behaviour> = {
  good: (response, bytes) => response.end(bytes),
  403: response => response.writeHead(403).end('forbidden'),
  404: response => response.writeHead(404).end('not found'),
  500: response => response.writeHead(500).end(),
  503: response => response.writeHead(503).end(),
  204: response => response.writeHead(204).end(),
  page: response => response.writeHead(200, { 'content-type': 'text/html' }).end(page),
  empty: response => response.end(),
  flipped: (response, bytes) => response.end(Uint8Array.from(bytes, (byte, i) => (i === 40 ? byte ^ 1 : byte))),
  silent: () => {},
  /** Silent to whoever asks first. */
  busy: (response, bytes) => {
    if (hasTime) response.end(bytes);
    hasTime = true;
  },
  hung: (response, bytes) => {
    promise(response, bytes.length);
    response.write(bytes.subarray(0, 20));
  },
  reset: (response, bytes) => {
    promise(response, bytes.length);
    response.write(bytes.subarray(0, 20), () => response.socket?.resetAndDestroy());
  },
  short: (response, bytes) => {
    promise(response, bytes.length + 10);
    response.write(bytes, () => response.socket?.end());
  },
  long: (response, bytes) => {
    const head = `HTTP/1.1 200 OK\r\ncontent-length: ${bytes.length - 10}\r\n\r\n`;
    response.socket!.write(head);
    response.socket!.end(bytes);
  },
  vast: response => {
    promise(response, 1e12);
    response.write('x');
  },
  endless: response => {
    const more = () => {
      while (!response.destroyed && response.write(new Uint8Array(65536)));
    };
    response.writeHead(200).on('drain', more);
    more();
  },
  nonsense: response => response.socket!.end('This is not HTTP\r\n\r\n'),
  loop: (response, _, { url }) => response.writeHead(302, { location: url }).end(),
  nowhere: response => response.writeHead(302).end(),
  elsewhere: (response, _, { url }) => response.writeHead(301, { location: url!.replace('elsewhere', 'good') }).end(),
  file: response => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
};

export interface MisbehavingServer {
  /** The mirror that behaves in this way. */
  mirror(behaviour: string): string;
  /** What was asked for, in order. */
  readonly asked: string[];
  close(): Promise<void>;
}

/** Serves on 127.0.0.1 alone. `create` may make another kind of server than one of http, for other `files`. */
export async function misbehavingServer(
  create: (listener: RequestListener) => Server = createServer,
  files: Readonly<Record<string, Uint8Array>> = madeGzips,
): Promise<MisbehavingServer> {
  const asked: string[] = [];
  const server = create((request, response) => {
    asked.push(request.url!);
    const [behaviour, file] = request.url!.split('/').slice(-2);
    response.on('error', () => {});
    (behaviours[behaviour!] ?? behaviours.good!)(response, files[file!]!, request);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    asked,
    mirror: behaviour => `http://127.0.0.1:${port}/${behaviour}/`,
    close: () => {
      server.closeAllConnections();
      return new Promise(resolve => server.close(() => resolve()));
    },
  };
}
