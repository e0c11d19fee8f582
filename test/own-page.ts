import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { framePage } from '../lab/frame-page.ts';

// A page that has nothing but what lets a learner's code run, built and served as the lab is.

const types: Readonly<Record<string, string>> = { html: 'text/html', js: 'text/javascript' };

export const policy = {
  page: "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; style-src 'self'; img-src 'self' blob:; connect-src 'self'; frame-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

/** A file that is served: what it says, and with what it comes. */
export interface Served {
  text: string;
  readonly headers: Record<string, string>;
}

export interface OwnPage {
  readonly address: string;
  /** The files by their names: a test may change one. */
  readonly files: Map<string, Served>;
  /** What was asked for that is no file of the page. */
  readonly asked: string[];
  close(): Promise<void>;
}

let built: Promise<Map<string, string>> | undefined;

/** Built once. */
async function builtFiles(): Promise<Map<string, string>> {
  const { output } = (await build({
    root: fileURLToPath(new URL('own', import.meta.url)),
    configFile: false,
    base: './',
    logLevel: 'warn',
    plugins: [framePage()],
    resolve: { conditions: ['longhand-source', 'browser', 'module', 'import', 'default'] },
    worker: { format: 'es' },
    build: { write: false, target: 'es2022', modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  })) as unknown as { output: { fileName: string; code?: string; source?: string }[] };
  return new Map(output.map(({ fileName, code, source }) => [fileName, code ?? `${source}`]));
}

export async function serveOwnPage(): Promise<OwnPage> {
  built ??= builtFiles();
  const files = new Map<string, Served>();
  for (const [name, text] of await built) {
    const headers: Record<string, string> = {
      'content-type': types[name.slice(name.lastIndexOf('.') + 1)] ?? 'text/plain',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-resource-policy': 'same-origin',
    };
    if (name !== 'frame.html') headers['content-security-policy'] = policy.page;
    // Firefox asks whether a document without an origin may have it
    else headers['cross-origin-resource-policy'] = 'cross-origin';
    files.set(name, { text, headers });
  }
  const asked: string[] = [];
  const server = createServer(({ url, method }, answer) => {
    const name = new URL(url!, 'http://here').pathname.slice(1) || 'index.html';
    const file = files.get(name);
    if (file === undefined) {
      asked.push(`${method} ${url}`);
      answer.writeHead(404).end();
    } else answer.writeHead(200, file.headers).end(file.text);
  });
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}/`,
    files,
    asked,
    close: () => new Promise(closed => server.close(() => closed())),
  };
}
