import { existsSync, readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { mnistIsHere } from './mnist-here.ts';

/** A server on this machine that browsers get the built files from. */
export interface BuiltPages {
  /** Of an empty page, which may import what was built: `http://127.0.0.1:12345/`. */
  readonly address: string;
  readonly port: number;
  /** The paths that were asked for. */
  readonly asked: string[];
  /** What a page posted to /posted. */
  readonly posted: Promise<string>;
  close(): void;
}

/**
 * Serves dist as it is, with an import map in place of a bundler. `script` is run in the page; `/?policy=P` has it under
 * the content security policy P.
 */
export async function serveBuilt(script = ''): Promise<BuiltPages> {
  const asked: string[] = [];
  let post: (text: string) => void;
  const posted = new Promise<string>(resolve => {
    post = resolve;
  });
  const server = createServer(async (request, response) => {
    const { pathname: path, searchParams } = new URL(request.url!, 'http://localhost');
    asked.push(path);
    // these two headers let a page share memory between threads
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    const policy = searchParams.get('policy');
    if (policy !== null) response.setHeader('Content-Security-Policy', policy);
    if (path === '/posted') {
      let text = '';
      for await (const chunk of request) text += chunk;
      response.end();
      post(text);
    } else {
      answer(response, path, script);
    }
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}/`, port, asked, posted, close: () => void server.close() };
}

function answer(response: ServerResponse, path: string, script: string): void {
  if (path === '/') {
    response.setHeader('Content-Type', 'text/html');
    const imports = {
      '#platform': '/dist/platform/browser.js',
      '@noble/hashes/sha2.js': '/node_modules/@noble/hashes/sha2.js',
    };
    const module = script === '' ? '' : `<script type="module">${script}</script>`;
    response.end(`<script type="importmap">${JSON.stringify({ imports })}</script>${module}`);
  } else if (/^\/(dist(\/[\w-]+(\.\w+)?)+|test\/bits|node_modules\/@noble\/hashes\/\w+)\.js$/.test(path)) {
    response.setHeader('Content-Type', 'text/javascript');
    response.end(readFileSync(new URL(`..${path}`, import.meta.url)));
  } else if (mnistIsHere && path.startsWith('/data/mnist/')) {
    const file = join(process.env.PYTORCH_DATA_DIR!, path.slice('/data/'.length));
    response.statusCode = existsSync(file) ? 200 : 404;
    response.end(existsSync(file) ? readFileSync(file) : '');
  } else {
    response.statusCode = 404;
    response.end();
  }
}
