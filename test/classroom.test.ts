import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { download } from '../src/platform/download.ts';
import { type Manner, teachersServer } from './classroom.ts';
import { sha256Of, temporaryFolder } from './made-files.ts';

// Many downloads at once from a server that closes the connection after each answer, whenever it likes.

/** How many milliseconds the reader takes for each piece. */
let pause = 0;

vi.mock('undici', async original => {
  const undici = await original<typeof import('undici')>();
  const request = async (...[url, options]: Parameters<typeof undici.request>) => {
    const answer = await undici.request(url, options);
    const read = answer.body[Symbol.asyncIterator].bind(answer.body);
    answer.body[Symbol.asyncIterator] = async function* () {
      for await (const piece of { [Symbol.asyncIterator]: read }) {
        if (pause > 0) await wait(pause);
        yield piece;
      }
    };
    return answer;
  };
  return { ...undici, request };
});

const proxies = ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'];
const { folder, remove } = temporaryFolder();
beforeAll(() => {
  for (const name of proxies) vi.stubEnv(name, '');
});
afterAll(() => {
  vi.unstubAllEnvs();
  remove();
});

const big = Uint8Array.from({ length: 700_000 }, (_, i) => Math.imul(i, 2654435761) >>> 13);
const sum = sha256Of(big);

function fetchBig(url: string, path: string): Promise<string> {
  const refuse = async (bytes: Uint8Array) => (sha256Of(bytes) === sum ? undefined : `sent ${bytes.length} bytes`);
  return download({ urls: [`${url}big`], path, limit: 1e6, refuse });
}

const manners: Manner[] = (['at once', 'late', 'early', 'in the middle'] as const).flatMap(closes =>
  [true, false].map(saysLength => ({ closes, saysLength })),
);

describe.each(manners)('a server that closes $closes, and says the length: $saysLength', manner => {
  test.each([0, 20])('is read by six at once, each waiting %d ms before it takes a piece', async milliseconds => {
    pause = milliseconds;
    const server = await teachersServer(() => big, manner);
    const path = (pupil: number) => join(folder, `${manner.closes} ${manner.saysLength} ${milliseconds} ${pupil}`);
    const six = [1, 2, 3, 4, 5, 6];
    try {
      const all = await Promise.allSettled(six.map(pupil => fetchBig(server.url, path(pupil))));
      const whole = manner.closes === 'at once' || manner.closes === 'late';
      expect(all.map(({ status }) => status)).toEqual(six.map(() => (whole ? 'fulfilled' : 'rejected')));
      if (whole) for (const pupil of six) expect(sha256Of(readFileSync(path(pupil)))).toBe(sum);
      else
        for (const one of all)
          expect(String((one as PromiseRejectedResult).reason)).toMatch(
            /sent \d+ bytes$|sent another number of bytes than it said|broke off the connection/,
          );
    } finally {
      await server.close();
    }
  });
});

test('a reader that lets undici stop its parser dies of such a server: once it does not, transfer.ts may be simpler', async () => {
  const server = await teachersServer(() => big.subarray(0, 65536), { closes: 'late', saysLength: false });
  const script = `import { request } from 'undici';
    const { body } = await request('${server.url}big');
    setTimeout(() => console.log('alive'), 2000);`; // and the body is not read
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const stderr = await new Promise<string>(resolve => {
    execFile(process.execPath, ['--input-type=module', '--eval', script], { cwd }, (_, __, stderr) => resolve(stderr));
  });
  await server.close();
  expect(stderr).toContain('assert(!this.paused)');
});
