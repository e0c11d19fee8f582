import { execFileSync, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, request } from 'node:http';
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https';
import { type AddressInfo, connect, createServer as createSilentServer, type Socket } from 'node:net';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { DataError, NoDataError, type Progress, readDataSet, readSet } from '../src/prologue/sets.ts';
import { madeChecksums, madeFiles, madeGzips, madeSet, patched, temporaryFolder, writeFiles } from './made-files.ts';
import { type MisbehavingServer, misbehavingServer } from './misbehaving-server.ts';

vi.mock('node:fs', { spy: true });

let server: MisbehavingServer;
const removals: (() => void)[] = [];

function newFolder(): string {
  const { folder, remove } = temporaryFolder();
  removals.push(remove);
  return folder;
}

beforeAll(async () => {
  for (const name of [
    'http_proxy',
    'https_proxy',
    'no_proxy',
    'HTTP_PROXY',
    'HTTPS_PROXY',
    'NO_PROXY',
    'LONGHAND_MIRROR',
  ])
    vi.stubEnv(name, '');
  server = await misbehavingServer();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await server.close();
  for (const remove of removals) remove();
});

const FIRST = 'train-images-idx3-ubyte.gz';
const four = Object.keys(madeGzips);

/** Reads the small set from mirrors, each given by its behaviour, into a folder. */
function fetchFrom(behaviours: readonly string[], dataDir: string, more: { signal?: AbortSignal } = {}) {
  const mirrors = behaviours.map(behaviour => (behaviour.includes('://') ? behaviour : server.mirror(behaviour)));
  return readDataSet(madeSet(mirrors), { dataDir, download: true, ...more });
}

const filesIn = (folder: string) => (existsSync(folder) ? readdirSync(folder).sort() : []);

test('a set that lies nowhere is downloaded, verified, and found the next time', async () => {
  const dataDir = newFolder();
  const progress: Progress[] = [];
  const set = madeSet([server.mirror('good')]);
  const { train, source, downloaded } = await readDataSet(set, {
    dataDir,
    download: true,
    onProgress: how => progress.push(how),
  });
  expect(train.count).toBe(6);
  expect(source).toBe(`${dataDir}/made`);
  expect(downloaded).toEqual(four);
  expect(filesIn(source)).toEqual([...four].sort());
  for (const name of four)
    expect(new Uint8Array(readFileSync(join(source, name)))).toEqual(new Uint8Array(madeGzips[name]!));
  const length = madeGzips[FIRST]!.length;
  const from = new URL(server.mirror('good')).host;
  expect(progress.findLast(({ file }) => file === FIRST)).toEqual({
    file: FIRST,
    from,
    received: length,
    total: length,
  });
  expect(progress[0]).toEqual({ file: FIRST, from, received: 0, total: undefined }); // before anything came
  expect((await fetchFrom(['404'], dataDir)).downloaded).toEqual([]);
});

test('it is downloaded into the cache where no folder is given', async () => {
  const folder = newFolder();
  vi.stubEnv('XDG_CACHE_HOME', folder);
  vi.stubEnv('PYTORCH_DATA_DIR', join(folder, 'torch'));
  const { source } = await readDataSet(madeSet([server.mirror('good')]));
  expect(source).toBe(join(folder, 'longhand/made'));
});

describe('in the cache, which is our own, a damaged file is fetched again, with a word about what was wrong', () => {
  const second = 'train-labels-idx1-ubyte';
  test.each([
    [
      'an empty file',
      `${second}.gz`,
      new Uint8Array(),
      /labels-idx1-ubyte\.gz: the file is empty; .* It is fetched again$/,
    ],
    [
      'one cut short',
      `${second}.gz`,
      madeGzips[`${second}.gz`]!.subarray(0, 20),
      /cut short at 20 bytes\. It is fetched/,
    ],
    ['one with a label 10', second, patched(madeFiles[second]!, 8, 10), /label 10 at index 0.*\. It is fetched again$/],
    [
      'one flipped',
      FIRST.slice(0, -3),
      patched(madeFiles[FIRST.slice(0, -3)]!, 99, 7),
      /its SHA-256 is .* It is fetched/,
    ],
    ['another file', `${second}.gz`, madeGzips['t10k-labels-idx1-ubyte.gz']!, /holds 4 labels.*sets\? It is fetched/],
  ])('%s', async (_, name, bytes, said) => {
    const folder = newFolder();
    vi.stubEnv('XDG_CACHE_HOME', folder);
    vi.stubEnv('PYTORCH_DATA_DIR', '');
    const place = join(folder, 'longhand/made');
    const { [`${name.replace('.gz', '')}.gz`]: replaced, ...others } = madeGzips;
    writeFiles(place, { ...others, [name]: bytes });
    const set = madeSet([server.mirror('good')]);
    const notes: string[] = [];
    const read = (download?: boolean) => readDataSet(set, { onNote: line => notes.push(line), download });
    await expect(read(false)).rejects.toThrow(/Move it away, and `longhand data made` fetches a good copy$/);
    const { train, downloaded } = await read();
    expect(train.images).toEqual(madeFiles[FIRST.slice(0, -3)]!.subarray(16));
    expect(downloaded).toEqual([`${name.replace('.gz', '')}.gz`]);
    expect(readFileSync(join(place, downloaded[0]!))).toEqual(Buffer.from(replaced!));
    expect(notes).toEqual([expect.stringMatching(said), `downloading The made set into ${place}`]);
    notes.length = 0;
    expect((await read()).downloaded).toEqual([]);
    expect(notes).toEqual([]);
  });

  test('where no mirror has it the damaged file stays, and the error says what is wrong with it and with them', async () => {
    const folder = newFolder();
    vi.stubEnv('XDG_CACHE_HOME', folder);
    writeFiles(join(folder, 'longhand/made'), { ...madeGzips, [FIRST]: new Uint8Array(3) });
    const failure = readDataSet(madeSet([server.mirror('404')]));
    await expect(failure).rejects.toThrow(NoDataError);
    await expect(failure).rejects.toThrow(
      /\(\S+gz: the file has 3 bytes.*\), and cannot be downloaded: .* answered 404/,
    );
    expect(filesIn(join(folder, 'longhand/made'))).toEqual([...four].sort());
  });
});

test('only what is missing is downloaded', async () => {
  const dataDir = newFolder();
  const { [FIRST]: first, ...others } = madeGzips;
  writeFiles(join(dataDir, 'made'), { ...others, [FIRST]: first! });
  expect((await fetchFrom([], dataDir)).downloaded).toEqual([]);
  const lacking = newFolder();
  writeFiles(join(lacking, 'made'), others);
  expect((await fetchFrom(['good'], lacking)).downloaded).toEqual([FIRST]);
});

const root = join(import.meta.dirname, '..');
// A process of its own runs the build, so that is made anew; where nothing changed it takes half a second.
/** Reads the small set in another process; its output is the number of training images, or the error. */
function another(mirror: string, dataDir: string, { prefix = [] as string[] } = {}) {
  const script = `
    import { idxPacking } from '${pathToFileURL(join(root, 'dist/prologue/catalogue.js'))}';
    import { readDataSet } from '${pathToFileURL(join(root, 'dist/prologue/sets.js'))}';
    const packing = idxPacking({ train: 6, test: 4 }, [28, 28], ${JSON.stringify(madeChecksums)});
    const set = { name: 'made', title: 'The made set', layouts: ['made'], packings: [packing], mirrors: ['${mirror}'] };
    readDataSet(set, { dataDir: '${dataDir}', download: true }).then(
      ({ train }) => console.log(train.count), error => console.log(error.name + ': ' + error.message));`;
  const [program, ...args] = [...prefix, process.execPath, '--input-type=module', '--eval', script];
  const env = { ...process.env, http_proxy: '', https_proxy: '' }; // other tests, at the same time, may set them
  const child = spawn(program!, args, { stdio: ['ignore', 'pipe', 'inherit'], env });
  let output = '';
  child.stdout.on('data', piece => {
    output += piece;
  });
  const end = new Promise<string>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve(output.trim()));
  });
  return { child, end };
}

const failures: [behaviour: string, reason: RegExp][] = [
  ['403', /answered 403/],
  ['404', /answered 404/],
  ['500', /answered 500/],
  ['503', /answered 503/],
  ['204', /answered 204/],
  ['page', /sent a page of HTML or XML in place of the file/],
  ['empty', /sent 0 bytes whose SHA-256 is e3b0c442[0-9a-f]{56}, where [0-9a-f]{64} was wanted/],
  ['flipped', /sent \d+ bytes whose SHA-256 is [0-9a-f]{64}, where [0-9a-f]{64} was wanted/],
  ['reset', /broke off the connection/],
  ['short', /broke off the connection|sent another number of bytes|sent \d+ of \d+ bytes/],
  ['long', /sent \d+ bytes whose SHA-256|sent another number of bytes/],
  ['vast', /would send 1000000000000 bytes, where at most 5817 were wanted/],
  ['endless', /sends more than the 5817 bytes that were wanted/],
  ['nonsense', /failed: /],
  ['loop', /redirects more than 5 times/],
  ['nowhere', /answered 302/],
  ['file', /redirects to something that is not an http address/],
  ['ftp://127.0.0.1/', /is not an http address/],
  ['http://127.0.0.1:1/', /refuses the connection/],
  ['http://nowhere.invalid/', /is not known to the name server|cannot be looked up/],
];

/** How long the mirrors were waited for, by the words of the error: no busy machine makes that longer. */
const secondsIn = ({ message }: Error): number =>
  [...message.matchAll(/ for (\d+\.\d) seconds/g)].reduce((sum, [, seconds]) => sum + Number(seconds), 0);

describe('a mirror that fails is passed over', () => {
  test.concurrent.each(failures)('%s', async (behaviour, reason) => {
    const dataDir = newFolder();
    const failure = fetchFrom([behaviour], dataDir);
    await expect(failure).rejects.toThrow(NoDataError);
    await expect(failure).rejects.toThrow(reason);
    expect(filesIn(dataDir)).toEqual([]);
    expect((await fetchFrom([behaviour, 'good'], dataDir)).downloaded).toEqual(four);
    expect(filesIn(join(dataDir, 'made'))).toEqual([...four].sort());
  });

  test.concurrent.each(['silent', 'hung'])(
    '%s',
    async behaviour => {
      const dataDir = newFolder();
      const start = performance.now();
      expect((await fetchFrom([behaviour, 'good'], dataDir)).downloaded).toEqual(four);
      expect(performance.now() - start).toBeLessThan(40_000); // four seconds, where the machine is quiet
      expect(filesIn(join(dataDir, 'made'))).toEqual([...four].sort());
    },
    120_000,
  );

  test.concurrent('giving up takes less than ten seconds, however many are silent', async () => {
    const failure = fetchFrom(['silent', '404', 'hung', 'another/silent'], newFolder());
    await expect(failure).rejects.toThrow(
      /silent\/\S+ was silent for 4\.0 seconds; .*404; .* (was silent|sent less than 1000 bytes a second) for [12]\.\d seconds; .*/,
    );
    expect(
      secondsIn(
        await failure.then(
          () => new Error('it did not fail'),
          error => error,
        ),
      ),
    ).toBeLessThan(10);
  });

  test.concurrent('one that was silent is asked again where the others fail at once: it may have been busy', async () => {
    const dataDir = newFolder();
    const start = performance.now();
    expect((await fetchFrom(['busy', '404', 'reset'], dataDir)).downloaded).toEqual(four);
    expect(performance.now() - start).toBeGreaterThan(3900);
    expect(filesIn(join(dataDir, 'made'))).toEqual([...four].sort());
  });

  test.concurrent('without a network MNIST is given up for lost in less than ten seconds', async () => {
    const proxy = createServer().on('connect', () => {}); // takes the request for a tunnel, and says nothing
    await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve));
    vi.stubEnv('https_proxy', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/`);
    const failure = readSet('mnist', { dataDir: newFolder(), download: true });
    await expect(failure).rejects.toThrow(NoDataError);
    await expect(failure).rejects.toThrow(DataError);
    await expect(failure).rejects.toThrow(
      /ossci-datasets\S+ was silent for 4\.0 seconds; https:\/\/storage\.googleapis\.com\S+ (was silent|does not answer)/,
    );
    expect(
      secondsIn(
        await failure.then(
          () => new Error('it did not fail'),
          error => error,
        ),
      ),
    ).toBeLessThan(10);
    vi.stubEnv('https_proxy', '');
    proxy.closeAllConnections();
    proxy.close();
  });

  test.concurrent('a process that gave up ends: no connection that was being made holds it up', async () => {
    const open: Socket[] = [];
    const silent = createSilentServer(socket => open.push(socket)); // takes connections, and never says a word of TLS
    await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve));
    const { child, end } = another(`https://127.0.0.1:${(silent.address() as AddressInfo).port}/`, newFolder());
    let gaveUp = 0;
    child.stdout.once('data', () => {
      gaveUp = performance.now();
    });
    expect(await end).toMatch(/was silent for 8\.0 seconds|does not answer/);
    expect(performance.now() - gaveUp).toBeLessThan(1500); // counted from there, a busy machine makes no difference
    for (const socket of open) socket.destroy();
    silent.close();
  });
});

test('a redirect is followed', async () => {
  expect((await fetchFrom(['elsewhere'], newFolder())).downloaded).toEqual(four);
});

test('a file that the mirror unpacked or packed anew is good where the checksum of its contents is known', async () => {
  const plain = createServer((request, response) => response.end(madeFiles[request.url!.slice(1, -3)]));
  await new Promise<void>(resolve => plain.listen(0, '127.0.0.1', resolve));
  const mirror = `http://127.0.0.1:${(plain.address() as AddressInfo).port}/`;
  try {
    expect((await fetchFrom([mirror], newFolder())).train.count).toBe(6);
    const strict = readDataSet(madeSet([mirror], { sha256: false }), { dataDir: newFolder(), download: true });
    await expect(strict).rejects.toThrow(/whose SHA-256 is/);
  } finally {
    plain.closeAllConnections();
    plain.close();
  }
});

test('when all mirrors fail one line says where it looked, why each failed, and where to put the files', async () => {
  const dataDir = newFolder();
  const error: Error = await fetchFrom(['404', 'page'], dataDir).then(
    () => expect.unreachable(),
    reason => reason,
  );
  expect(error.message).toBe(
    `The made set is not in ${dataDir}, nor in its subfolders made, made/Made/raw, and cannot be downloaded: ` +
      `${server.mirror('404')}${FIRST} answered 404; ` +
      `${server.mirror('page')}${FIRST} sent a page of HTML or XML in place of the file. ` +
      `Put ${four.join(', ')} into ${dataDir}/made by hand`,
  );
});

test('the mirror that had the first file is asked first for the others', async () => {
  const before = server.asked.length;
  await fetchFrom(['503', 'good'], newFolder());
  expect(server.asked.slice(before).filter(url => url.startsWith('/503')).length).toBe(1);
});

describe('LONGHAND_MIRROR', () => {
  beforeEach(() => () => vi.stubEnv('LONGHAND_MIRROR', ''));

  test('is asked first, in a folder named as the set', async () => {
    const own = await misbehavingServer();
    vi.stubEnv('LONGHAND_MIRROR', own.mirror('school').slice(0, -1));
    try {
      await fetchFrom(['good'], newFolder()).catch(() => {});
      expect(own.asked[0]).toBe(`/school/made/${FIRST}`);
    } finally {
      await own.close();
    }
  });

  test('may hold a name and a password, which are sent to it, and to no other', async () => {
    const seen: (string | undefined)[] = [];
    const serve = (act: RequestListener) =>
      misbehavingServer(listener =>
        createServer((from, to) => {
          seen.push(from.headers.authorization);
          if (from.url!.startsWith('/good')) listener(from, to);
          else act(from, to);
        }),
      );
    const other = await serve(() => {});
    const own = await serve((from, to) => {
      const file = from.url!.split('/').at(-1);
      const place = from.url!.startsWith('/school') ? '/again/' : other.mirror('good');
      to.writeHead(302, { location: `${place}${file}` }).end();
    });
    vi.stubEnv('LONGHAND_MIRROR', own.mirror('school').replace('//', '//me:100%25%20%@'));
    try {
      await fetchFrom([], newFolder());
      const sent = `Basic ${Buffer.from('me:100% %').toString('base64')}`;
      expect(seen).toEqual(four.flatMap(() => [sent, sent, undefined]));
    } finally {
      await own.close();
      await other.close();
    }
  });

  test('may hold a password, which is not shown', async () => {
    vi.stubEnv('LONGHAND_MIRROR', 'http://me:secret@127.0.0.1:1/x');
    const failure = fetchFrom(['404'], newFolder());
    await expect(failure).rejects.toThrow(`http://127.0.0.1:1/x/made/${FIRST} refuses the connection; http`);
  });
});

const openssl = (() => {
  try {
    return execFileSync('openssl', ['version']).length > 0;
  } catch {
    return false;
  }
})();

describe.skipIf(!openssl)('by https', () => {
  let secure: SecureServer;
  let mirror: string;
  const names = new Set<string | false | null | undefined>();

  beforeAll(async () => {
    const folder = newFolder();
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const make = [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-subj',
      '/CN=localhost',
      '-keyout',
      key,
      '-out',
      cert,
    ];
    execFileSync('openssl', make, { stdio: 'ignore' });
    secure = createSecureServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
      names.add((request.socket as TLSSocket).servername);
      const [place, file] = request.url!.split('/').slice(-2);
      if (place === 'down') response.writeHead(302, { location: `${server.mirror('good')}${file}` }).end();
      else response.end(madeGzips[file!]);
    });
    await new Promise<void>(resolve => secure.listen(0, '127.0.0.1', resolve));
    mirror = `https://localhost:${(secure.address() as AddressInfo).port}/`;
  });
  afterAll(() => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', undefined);
    secure.closeAllConnections();
    secure.close();
  });

  test('a certificate that nobody vouches for is refused', async () => {
    await expect(fetchFrom([mirror], newFolder())).rejects.toThrow(/failed: self-signed certificate/);
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0'); // for the tests below
  });

  test('a redirect to http is refused', async () => {
    await expect(fetchFrom([`${mirror}down/`], newFolder())).rejects.toThrow(/redirects from https to http/);
  });

  test('a set is downloaded, also through the tunnel of a proxy', async () => {
    expect((await fetchFrom([mirror], newFolder())).downloaded).toEqual(four);
    const asked: string[] = [];
    const proxy = createServer().on('connect', ({ url }, from) => {
      asked.push(url!);
      const to = connect(Number(url!.split(':')[1]), '127.0.0.1', () => from.write('HTTP/1.1 200 OK\r\n\r\n'));
      from
        .on('error', () => {})
        .pipe(to.on('error', () => {}))
        .pipe(from);
    });
    await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve));
    vi.stubEnv('https_proxy', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
    try {
      expect((await fetchFrom([mirror], newFolder())).downloaded).toEqual(four);
      expect(asked).toEqual(four.map(() => new URL(mirror).host));
      expect([...names]).toEqual(['localhost']);
    } finally {
      vi.stubEnv('https_proxy', '');
      proxy.closeAllConnections();
      proxy.close();
    }
  });
});

describe('a proxy that makes no tunnel', () => {
  const https = 'https://127.0.0.1:1/';
  test.each([
    ['hangs up', '', /broke off the connection/],
    ['wants a password', 'HTTP/1.1 407 No\r\n\r\n', /cannot be reached: the proxy wants a password/],
    ['refuses', 'HTTP/1.1 403 No\r\n\r\n', /cannot be reached: the proxy refuses \(403\)/],
  ])('and %s is asked once', async (_, answer, reason) => {
    let asked = 0;
    const proxy = createServer().on('connect', (_, socket) => {
      asked++;
      socket.end(answer);
    });
    await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve));
    vi.stubEnv('https_proxy', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
    try {
      await expect(fetchFrom([https], newFolder())).rejects.toThrow(reason);
      expect(asked).toBe(1);
    } finally {
      vi.stubEnv('https_proxy', '');
      proxy.closeAllConnections();
      proxy.close();
    }
  });

  test('wants a password for plain http too', async () => {
    const proxy = createServer((_, response) => response.writeHead(407).end());
    await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve));
    vi.stubEnv('http_proxy', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
    try {
      await expect(fetchFrom(['good'], newFolder())).rejects.toThrow(/cannot be reached: the proxy wants a password/);
    } finally {
      vi.stubEnv('http_proxy', '');
      proxy.close();
    }
  });
});

describe('a proxy', () => {
  /** A proxy as they stand in schools: it forwards plain http, and tunnels nothing. */
  async function withProxy(act: (address: string, asked: string[]) => Promise<void>): Promise<void> {
    const asked: string[] = [];
    const proxy = createServer((from, to) => {
      asked.push(from.url!);
      from.pipe(
        request(from.url!, { method: from.method }, answer =>
          answer.pipe(to.writeHead(answer.statusCode!, answer.headers)),
        ),
      );
    });
    await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve));
    try {
      await act(`127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked);
    } finally {
      for (const name of ['http_proxy', 'HTTP_PROXY', 'NO_PROXY', 'no_proxy']) vi.stubEnv(name, '');
      proxy.closeAllConnections();
      proxy.close();
    }
  }

  test.each(['http_proxy', 'HTTP_PROXY'])('in %s is used, with or without http:// before it', name =>
    withProxy(async (address, asked) => {
      if (name === 'HTTP_PROXY') vi.stubEnv('http_proxy', undefined);
      for (const spelling of [address, `http://${address}`, `http://${address}/`]) {
        vi.stubEnv(name, spelling);
        asked.length = 0;
        expect((await fetchFrom(['good'], newFolder())).downloaded).toEqual(four);
        expect(asked).toEqual(four.map(file => server.mirror('good') + file));
      }
    }),
  );

  test.each(['no_proxy', 'NO_PROXY'])('is not used for the hosts in %s', name =>
    withProxy(async (address, asked) => {
      if (name === 'NO_PROXY') vi.stubEnv('no_proxy', undefined);
      vi.stubEnv('http_proxy', address);
      vi.stubEnv(name, 'example.org,127.0.0.1');
      expect((await fetchFrom(['good'], newFolder())).downloaded).toEqual(four);
      expect(asked).toEqual([]);
    }),
  );

  test('that is not there is named among the reasons, and one that is no address', async () => {
    vi.stubEnv('http_proxy', '127.0.0.1:1');
    await expect(fetchFrom(['good'], newFolder())).rejects.toThrow(
      /refuses the connection; the proxy of HTTP_PROXY or HTTPS_PROXY was used/,
    );
    vi.stubEnv('http_proxy', 'http://:::');
    await expect(fetchFrom(['good'], newFolder())).rejects.toThrow(
      /the proxy in HTTP_PROXY or HTTPS_PROXY is not the address of an http proxy/,
    );
    vi.stubEnv('http_proxy', '');
  });
});

describe('a download that is stopped', () => {
  test('leaves nothing behind, and says why', async () => {
    const dataDir = newFolder();
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('enough')), 300);
    await expect(fetchFrom(['hung', 'good'], dataDir, { signal: stop.signal })).rejects.toThrow('enough');
    expect(filesIn(join(dataDir, 'made'))).toEqual([]);
    await expect(fetchFrom(['good'], dataDir, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/);
  });
});

describe('a disk that fails ends the download, with its own reason', () => {
  test.each([
    ['ENOSPC', 'the disk is full'],
    ['EDQUOT', 'the disk quota is used up'],
    ['EROFS', 'the file system is read-only'],
  ])('%s', async (code, reason) => {
    const dataDir = newFolder();
    const { writeSync } = await vi.importActual<typeof fs>('node:fs');
    let failed = 0;
    const write = vi.mocked(fs.writeSync).mockImplementation(((file: number, bytes: Uint8Array, offset: number) => {
      if (bytes.length !== madeGzips[FIRST]!.length) return writeSync(file, bytes, offset); // of the test's runner
      failed++;
      throw Object.assign(new Error(code), { code });
    }) as typeof writeSync);
    try {
      const failure = fetchFrom(['good', 'good'], dataDir);
      await expect(failure).rejects.toThrow(NoDataError);
      await expect(failure).rejects.toThrow(`${dataDir}/made/${FIRST}: cannot be written: ${reason}. Put`);
      expect(failed).toBe(1);
    } finally {
      write.mockReset();
    }
    expect(filesIn(join(dataDir, 'made'))).toEqual([]);
  });

  test('a file in the place of the folder', async () => {
    const dataDir = newFolder();
    writeFileSync(join(dataDir, 'made'), '');
    await expect(fetchFrom(['good'], dataDir)).rejects.toThrow(/made: cannot be written: a file stands where a folder/);
  });
});

describe('other processes', () => {
  const until = async (condition: () => boolean) => {
    while (!condition()) await new Promise(resolve => setTimeout(resolve, 10));
  };

  test('four that download at once all end well', async () => {
    const dataDir = newFolder();
    const all = [1, 2, 3, 4].map(() => another(server.mirror('good'), dataDir).end);
    expect(await Promise.all(all)).toEqual(['6', '6', '6', '6']);
    expect(filesIn(join(dataDir, 'made'))).toEqual([...four].sort());
  });

  test.skipIf(process.platform === 'win32')(
    'one that is killed leaves nothing that is trusted, or stays',
    async () => {
      const dataDir = newFolder();
      const place = join(dataDir, 'made');
      for (let time = 0; time < 3; time++) {
        const { child, end } = another(server.mirror('hung'), dataDir);
        await until(() => filesIn(place).some(name => name.endsWith('.tmp')));
        await new Promise(resolve => setTimeout(resolve, 100 * time));
        child.kill('SIGKILL');
        await end;
        expect(filesIn(place)).toEqual([expect.stringMatching(/^train-images-idx3-ubyte\.gz\..*\.tmp$/)]);
      }
      expect((await fetchFrom(['good'], dataDir)).downloaded).toEqual(four);
      expect(filesIn(place)).toEqual([...four].sort());
    },
    120_000,
  );

  // root may read and write whatever it likes, but for one who gave up these rights
  const asAnybody =
    process.getuid?.() === 0 ? { prefix: ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] } : {};
  test.skipIf(process.platform === 'win32')(
    'one that may not write, or read, says so',
    async () => {
      const dataDir = newFolder();
      chmodSync(dataDir, 0o555);
      expect(await another(server.mirror('good'), dataDir, asAnybody).end).toContain(
        `NoDataError: The made set is not in ${dataDir}, nor in its subfolders made, and cannot be downloaded: ${dataDir}/made: ` +
          'cannot be written: permission denied. Put',
      );
      const unreadable = newFolder();
      writeFiles(join(unreadable, 'made'), madeGzips);
      chmodSync(unreadable, 0o755);
      chmodSync(join(unreadable, 'made', FIRST), 0o000);
      expect(await another(server.mirror('good'), unreadable, asAnybody).end).toContain(
        `DataError: ${unreadable}/made/${FIRST}: cannot be read: permission denied`,
      );
      chmodSync(dataDir, 0o755);
    },
    120_000,
  );

  test.skipIf(process.platform !== 'linux')(
    'one whose files may not grow says so, and leaves nothing',
    async () => {
      const dataDir = newFolder();
      mkdirSync(join(dataDir, 'made'));
      const { end } = another(server.mirror('good'), dataDir, { prefix: ['prlimit', '--fsize=20'] });
      expect(await end).toContain('cannot be written: the file would be larger than is allowed here');
      expect(filesIn(join(dataDir, 'made'))).toEqual([]);
    },
    120_000,
  );
});
