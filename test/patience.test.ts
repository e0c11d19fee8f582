import * as dns from 'node:dns';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { download } from '../src/platform/download.ts';
import { temporaryFolder } from './made-files.ts';

// How long a download waits. The clock that it looks at runs four times too fast here, so that
// no test takes long; much faster, and a machine that is busy would be found impatient.

const SPEED = 4;
vi.mock('node:dns', { spy: true });

const { folder, remove } = temporaryFolder();
/** Sends two thousand bytes a second at `/slow/`, one at `/trickle/`, twelve times. */
const server = createServer((request, response) => {
  response.on('error', () => {});
  let pieces = 0;
  const timer = setInterval(() => {
    response.write(new Uint8Array(request.url!.startsWith('/slow') ? 2000 : 1));
    if (++pieces < 12 && !response.destroyed) return;
    clearInterval(timer);
    response.end();
  }, 1000 / SPEED);
});
let mirror: (behaviour: string) => string;

beforeAll(async () => {
  for (const name of ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY']) vi.stubEnv(name, '');
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  mirror = behaviour => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${behaviour}/file`;
  const real = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => SPEED * real());
});
afterAll(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
  remove();
});

const fetchFrom = (...urls: string[]) =>
  download({ urls, path: join(folder, 'file'), limit: 1e6, refuse: async () => undefined });

/** A look-up that ends after so many seconds of the fast clock, in silence. */
function silentNameServers(seconds: number): { asked: string[] } {
  const asked: string[] = [];
  const silence = Object.assign(new Error('no answer'), { code: 'EAI_AGAIN' });
  vi.mocked(dns.lookup).mockImplementation(((host: string, _: unknown, callback: (error: Error) => void) => {
    asked.push(host);
    setTimeout(callback, (1000 * seconds) / SPEED, silence);
  }) as never);
  return { asked };
}

test('a slow download takes its time', async () => {
  const start = performance.now();
  expect(await fetchFrom(mirror('slow'))).toBe(mirror('slow'));
  expect(performance.now() - start).toBeGreaterThan(11_000);
});

test('one that trickles is given up', async () => {
  const start = performance.now();
  await expect(fetchFrom(mirror('trickle'))).rejects.toThrow(/sent less than 1000 bytes a second for 8\.0 seconds/);
  expect(performance.now() - start).toBeLessThan(10_000);
});

test.each([0.1, 1, 3, 6, 30])(
  'where the name servers are silent for %d seconds, look-ups and all are over in ten, and the reason is theirs',
  async seconds => {
    const { asked } = silentNameServers(seconds);
    const start = performance.now();
    await expect(fetchFrom('https://one.example/file', 'https://two.example/file')).rejects.toThrow(
      /one\.example\S+ cannot be looked up: no name server answers; \S+two\.example\S+ cannot be looked up: no name/,
    );
    expect(performance.now() - start).toBeLessThan(10_000);
    const each = seconds < 2 ? 2 : 1; // a question that was lost is asked again
    if (seconds < 4) expect(asked).toEqual(['one.example', 'two.example'].flatMap(host => Array(each).fill(host)));
    else expect(asked).toEqual(['one.example']); // the other would keep the process still longer
  },
);
