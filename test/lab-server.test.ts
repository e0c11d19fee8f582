import { execFile } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { firefoxPath, startFirefox } from './firefox.ts';
import { chromiumPath, type OpenedLab, type RunningLab, runLab, startLab } from './lab.ts';
import { idx, temporaryFolder } from './made-files.ts';
import { mnistIsHere, wantsMnist } from './mnist-here.ts';
import { longTest, test } from './one-in.ts';
import { hasTerminals, Terminal } from './terminal.ts';

// `longhand lab`: what it serves and to whom, and the page under its policy.

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const longhand = join(root, 'dist/cli/longhand.js');
const { folder, remove } = temporaryFolder();
afterAll(remove);
const nothing = join(folder, 'nothing');
mkdirSync(nothing);

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** What the server answers to exactly this. */
function asked(
  address: string,
  path = '/',
  { method = 'GET', host }: { method?: string; host?: string } = {},
): Promise<Answer> {
  const { port } = new URL(address);
  return new Promise((resolve, reject) => {
    const headers = host === undefined ? {} : { host };
    const asking = request({ host: '127.0.0.1', port, path, method, headers }, response => {
      const parts: Buffer[] = [];
      response.on('data', part => parts.push(part));
      response.on('end', () => {
        const { statusCode: status = 0, headers } = response;
        resolve({ status, headers: headers as Record<string, string>, body: Buffer.concat(parts) });
      });
    });
    asking.once('error', reject).end();
  });
}

/** A command that fails: what it says, and with which code. */
async function failing(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return run(process.execPath, [longhand, 'lab', '--no-open', ...args], { cwd: folder, timeout: 60_000 }).then(
    () => expect.fail('it did not fail'),
    error => error,
  );
}

describe('the server', () => {
  let lab: RunningLab;
  beforeAll(async () => {
    lab = await runLab(['--data-dir', nothing]);
  });
  afterAll(() => lab?.interrupt());

  test('prints the address, and nothing else to standard output; Ctrl-C ends it as it should be ended', async () => {
    const other = await runLab(['--data-dir', nothing]);
    expect(other.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    expect((await asked(other.address)).status).toBe(200);
    // a browser that holds its connection open does not hold the command
    const held = connect(Number(new URL(other.address).port), '127.0.0.1').on('error', () => {});
    expect(await other.interrupt()).toBe(0);
    held.destroy();
    expect(other.output()).toBe(`${other.address}\n`);
    expect(other.notes()).toMatch(/^longhand: .*Ctrl-C ends it\n$/);
  });

  test('answers to the names of this machine, and to no other', async () => {
    const { port } = new URL(lab.address);
    for (const host of ['localhost', '127.0.0.1', '[::1]', 'LOCALHOST'])
      expect((await asked(lab.address, '/', { host: `${host}:${port}` })).status, host).toBe(200);
    const strangers = ['evil.example', 'localhost', '127.0.0.1', 'localhost.evil.example', '0.0.0.0', `localhost@evil`];
    for (const host of [...strangers, `127.0.0.1:${Number(port) + 1}`, 'evil.example#127.0.0.1', ''])
      for (const path of ['/', '/lab.json', '/assets/', '/data/mnist/tiny/train/images']) {
        const { status, body } = await asked(lab.address, path, {
          host: host.includes(':') ? host : `${host}:${port}`,
        });
        if (['localhost', '127.0.0.1'].includes(host)) continue; // with the port they are ours
        expect(status, `${host} ${path}`).toBe(403);
        expect(body.toString()).toBe('The lab answers to 127.0.0.1 and localhost alone.\n');
      }
    for (const host of ['localhost', '127.0.0.1', 'evil.example'])
      expect((await asked(lab.address, '/', { host })).status, host).toBe(403);
  });

  test('a request of HTTP 1.0, which names no host, is refused too', async () => {
    const text = await new Promise<string>(resolve => {
      let heard = '';
      const socket = connect(Number(new URL(lab.address).port), '127.0.0.1');
      socket.on('data', data => (heard += data)).on('close', () => resolve(heard));
      socket.write('GET / HTTP/1.0\r\n\r\n');
    });
    expect(text).toMatch(/^HTTP\/1\.[01] 403 /);
  });

  test.runIf(process.platform === 'linux')('listens on 127.0.0.1 and nowhere else', async () => {
    const { port } = new URL(lab.address);
    const reached = (host: string) =>
      new Promise<boolean>(resolve => {
        const socket = connect(Number(port), host);
        socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      });
    expect(await reached('127.0.0.1')).toBe(true);
    for (const host of ['127.0.0.2', '::1']) expect(await reached(host), host).toBe(false);
  });

  test('takes GET and HEAD', async () => {
    const [page, head] = [await asked(lab.address), await asked(lab.address, '/', { method: 'HEAD' })];
    expect(head.body).toHaveLength(0);
    expect(head.headers['content-length']).toBe(`${page.body.length}`);
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND']) {
      const { status, headers } = await asked(lab.address, '/', { method });
      expect([method, status, headers.allow]).toEqual([method, 405, 'GET, HEAD']);
    }
  });

  test('serves the files of the page and no other of this machine', async () => {
    const page = readFileSync(join(root, 'lab/dist/index.html'));
    const ours = pathToFileURL(join(root, 'package.json'));
    for (const path of ['/', '/index.html', '/?settings=1', '/?../../package.json'])
      expect((await asked(lab.address, path)).body.equals(page), path).toBe(true);
    for (const file of readdirSync(join(root, 'lab/dist/assets')))
      expect((await asked(lab.address, `/assets/${file}`)).status, file).toBe(200);
    for (const path of [
      ...[
        '/../package.json',
        '/../../package.json',
        '/assets/../../package.json',
        '/..%2fpackage.json',
        '/%2e%2e/package.json',
      ],
      ...[
        '/..\\package.json',
        '//etc/passwd',
        '/etc/passwd',
        '//',
        '/assets',
        '/assets/',
        '/.',
        '/./index.html',
        '/index.html/',
      ],
      ...['/%69ndex.html', '/index.html%00', '/licenses.md', '/data', '/data/', '/data/mnist/../../package.json'],
      ...[
        '/data/mnist/tiny/train/images/../labels',
        '/data/cifar10/tiny/train/images',
        '/data/__proto__/tiny/train/images',
      ],
      ...['/run/checkpoint.safetensors', '/run/log.csv', '/constructor', '/__proto__', '*', 'http://evil.example/'],
      ...[`http://127.0.0.1:${new URL(lab.address).port}/`, ours.href, ours.pathname],
    ]) {
      const { status, body } = await asked(lab.address, path);
      expect([path, status, body.toString()]).toEqual([path, 404, 'There is nothing here.\n']);
    }
    expect((await asked(lab.address, 'index.html')).status).toBe(400);
  });

  test('every answer bears the policy, and may be kept only where its name says what is in it', async () => {
    const always = {
      'content-security-policy':
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; style-src 'self'; " +
        "img-src 'self' blob:; connect-src 'self'; frame-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; " +
        "frame-ancestors 'none'",
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    };
    // the frame in which a learner's code runs bears its own, which it says in itself; around it the page's alone may stand
    const frame = await asked(lab.address, '/frame.html');
    expect(frame.headers).toMatchObject({
      ...always,
      'content-security-policy': "frame-ancestors 'self'; sandbox allow-scripts",
    });
    expect(frame.body.toString()).toMatch(
      /http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-/,
    );
    const script = /assets\/[^"]+\.js/.exec(readFileSync(join(root, 'lab/dist/index.html'), 'utf8'))![0];
    const kept = 'public, max-age=31536000, immutable';
    for (const [path, options, type, caching] of [
      ['/', {}, 'text/html; charset=utf-8', 'no-store'],
      [`/${script}`, {}, 'text/javascript; charset=utf-8', kept],
      ['/icon.svg', {}, 'image/svg+xml', 'no-store'],
      ['/lab.json', {}, 'application/json', 'no-store'],
      ['/data/mnist/tiny/train/images', {}, 'text/plain; charset=utf-8', 'no-store'],
      ['/nothing', {}, 'text/plain; charset=utf-8', 'no-store'],
      ['/', { method: 'POST' }, 'text/plain; charset=utf-8', 'no-store'],
      ['/', { host: 'evil.example' }, 'text/plain; charset=utf-8', 'no-store'],
    ] as const) {
      const { headers } = await asked(lab.address, path, options);
      expect(headers, path).toMatchObject({ ...always, 'content-type': type, 'cache-control': caching });
      expect(Object.keys(headers).filter(name => name.startsWith('access-control'))).toEqual([]);
    }
  });

  test('says what is not on this machine, and how to have it', async () => {
    const { body } = await asked(lab.address, '/lab.json');
    const { data, missing, run } = JSON.parse(body.toString());
    expect({ data, run }).toEqual({ data: [], run: null });
    expect(missing.mnist).toBe(`MNIST is not in ${nothing}: \`longhand data --data-dir ${nothing}\` fetches it`);
    expect(Object.keys(missing)).toEqual(['mnist', 'fashion-mnist', 'kmnist']);
    const answer = await asked(lab.address, '/data/mnist/full/test/labels');
    expect([answer.status, answer.body.toString()]).toEqual([404, `${missing.mnist}\n`]);
  });

  test('a port in use is one line, unless nobody asked for it', async () => {
    const { port } = new URL(lab.address);
    const { code, stdout, stderr } = await failing('--port', port);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toBe(
      `longhand: lab: port ${port} is in use; choose another (--port), or leave it to the system (--port 0)\n`,
    );
    const usual = await Promise.all([0, 1].map(() => runLab(['--data-dir', nothing], { port: [] })));
    const ports = usual.map(({ address }) => Number(new URL(address).port));
    for (const one of usual) await one.interrupt();
    expect(new Set(ports).size).toBe(2);
    for (const port of ports) expect(port - 8784).toBeLessThanOrEqual(20);
    for (const wrong of ['65536', 'x']) expect((await failing('--port', wrong)).code).toBe(2);
  });

  test('a run that is none is refused before anything is served', async () => {
    const { code, stdout, stderr } = await failing('--port', '0', 'no-run');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^longhand: no-run.checkpoint\.safetensors: there is no such file\. .*\n$/);
  });
});

test('sends of a data set what is used, to the byte', async () => {
  // Fashion-MNIST, for of its unpacked files nobody knows the checksums
  const data = join(folder, 'data');
  mkdirSync(join(data, 'fashion-mnist'), { recursive: true });
  const images = Uint8Array.from({ length: 1000 * 784 }, (_, i) => (i * 7) % 251);
  const labels = Uint8Array.from({ length: 60_000 }, (_, i) => (i * 3) % 10);
  for (const [set, count] of [
    ['train', 60_000],
    ['t10k', 10_000],
  ] as const) {
    const file = openSync(join(data, `fashion-mnist/${set}-images-idx3-ubyte`), 'w');
    const head = Buffer.alloc(16);
    head.writeUInt32BE(0x00000803);
    for (const [i, dim] of [count, 28, 28].entries()) head.writeUInt32BE(dim, 4 + 4 * i);
    writeSync(file, head);
    writeSync(file, images);
    writeSync(file, Buffer.from([1]), 0, 1, 16 + 784 * count - 1); // what lies between are zeros
    closeSync(file);
    writeFileSync(
      join(data, `fashion-mnist/${set}-labels-idx1-ubyte`),
      idx([count], { values: labels.subarray(0, count) }),
    );
  }
  const lab = await runLab(['--data-dir', data]);
  try {
    expect(JSON.parse((await asked(lab.address, '/lab.json')).body.toString()).data).toEqual(['fashion-mnist']);
    for (const [size, train, test] of [
      ['tiny', 500, 100],
      ['reduced', 1000, 1000],
      ['full', 60_000, 10_000],
    ] as const)
      for (const [set, count] of [
        ['train', train],
        ['test', test],
      ] as const) {
        const at = `/data/fashion-mnist/${size}/${set}`;
        const seen = Math.min(count, 1000);
        const { headers, body } = await asked(lab.address, `${at}/images`);
        expect([headers['content-length'], body.length]).toEqual([`${16 + 784 * count}`, 16 + 784 * count]);
        expect(body.subarray(0, 16)).toEqual(Buffer.from(idx([count, 28, 28], { values: new Uint8Array() })));
        expect(body.subarray(16, 16 + 784 * seen).equals(images.subarray(0, 784 * seen))).toBe(true);
        const answer = await asked(lab.address, `${at}/labels`);
        expect(answer.body.equals(idx([count], { values: labels.subarray(0, count) }))).toBe(true);
      }
  } finally {
    await lab.interrupt();
    rmSync(data, { recursive: true });
  }
});

test('where the page is not built one line says what to do', async () => {
  const clone = join(folder, 'clone');
  mkdirSync(clone);
  cpSync(join(root, 'dist'), join(clone, 'dist'), { recursive: true });
  cpSync(join(root, 'package.json'), join(clone, 'package.json'));
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'), 'junction');
  const start = run(process.execPath, [join(clone, 'dist/cli/longhand.js'), 'lab', '--port', '0'], { timeout: 60_000 });
  const { code, stdout, stderr } = await start.then(
    () => expect.fail('it did not fail'),
    error => error,
  );
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toBe('longhand: lab: the page is not built; in a clone `npm run lab` builds it and opens it\n');
});

describe.skipIf(!hasTerminals || process.platform !== 'linux')('a browser', () => {
  const programs = join(folder, 'programs');
  const opened = join(folder, 'opened');
  mkdirSync(programs);
  writeFileSync(join(programs, 'xdg-open'), `#!/bin/sh\necho "$#" "$@" > "${opened}"\n`);
  chmodSync(join(programs, 'xdg-open'), 0o755);

  /** What is opened where somebody starts the lab on a terminal, with these surroundings. */
  async function openedBy(
    env: Record<string, string>,
    { args = [], isAwaited = false }: { args?: string[]; isAwaited?: boolean } = {},
  ): Promise<{ opened?: string; address: string }> {
    rmSync(opened, { force: true });
    const surroundings = { CI: '', SSH_CONNECTION: '', DISPLAY: ':99', WAYLAND_DISPLAY: '', PATH: programs, ...env };
    const command = [
      'env',
      ...Object.entries(surroundings).map(([name, value]) => `${name}=${value}`),
      process.execPath,
    ];
    const lab = [longhand, 'lab', '--port', '0', '--data-dir', nothing, ...args];
    const terminal = new Terminal([...command, ...lab], { cwd: folder });
    await expect.poll(() => terminal.output, { timeout: 60_000 }).toMatch(/Ctrl-C ends it/);
    const [address] = /http:\S+/.exec(terminal.output)!;
    if (isAwaited)
      await expect.poll(() => existsSync(opened) && readFileSync(opened, 'utf8'), { timeout: 60_000 }).toMatch(/\n$/);
    terminal.press('\x03');
    expect((await terminal.end()).code).toBe(0);
    return { address, ...(existsSync(opened) ? { opened: readFileSync(opened, 'utf8') } : {}) };
  }

  test('is opened with the address, where somebody sits before a screen and has one', async () => {
    const { opened, address } = await openedBy({}, { isAwaited: true });
    expect(opened).toBe(`1 ${address}\n`);
    expect((await openedBy({}, { args: ['--no-open'] })).opened).toBeUndefined();
    expect((await openedBy({ DISPLAY: '' })).opened).toBeUndefined();
    expect((await openedBy({ PATH: folder })).opened).toBeUndefined();
  });
});

if (chromiumPath === undefined)
  console.warn('lab-server.test.ts: no Chromium found ($CHROMIUM_PATH), some of its tests are skipped');

/** Waits until so many steps are taken. */
const steps = (page: Page, count: number): Promise<unknown> =>
  page.waitForFunction(count => Number(document.querySelector('.count .number')?.textContent) >= count, count);

describe.skipIf(chromiumPath === undefined)('the page', () => {
  let lab: OpenedLab;
  beforeAll(async () => {
    lab = await startLab();
  });
  afterAll(() => lab?.close());

  test('trains under the policy, with threads; its first load is small, and asks nobody else', async () => {
    const requests: string[] = [];
    const page = await lab.open({
      async prepare(page) {
        page.on('request', request => requests.push(request.url()));
        await page.addInitScript(() => {
          const [violations, threads]: string[][] = [[], []];
          Object.assign(globalThis, { violations, threads });
          addEventListener('securitypolicyviolation', ({ violatedDirective }) => violations!.push(violatedDirective));
          new BroadcastChannel('threads').onmessage = ({ data }) => threads!.push(data);
        });
        // a machine of four cores, and a word of each thread that the trainer starts
        await page.route(/worker-[^/]*\.js$/, async route => {
          const response = await route.fetch();
          const before = `
            Object.defineProperty(navigator, 'hardwareConcurrency', { value: 4 });
            globalThis.Worker = class extends Worker {
              constructor(address) {
                super(address);
                new BroadcastChannel('threads').postMessage(String(address));
              }
            };`;
          await route.fulfill({ response, body: before + (await response.text()) });
        });
      },
    });
    expect(await page.evaluate('crossOriginIsolated')).toBe(true);
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await steps(page, 5);
    expect(requests.filter(url => !url.startsWith(lab.address) && !url.startsWith('blob:'))).toEqual([]);
    expect(requests.filter(url => url.includes('/data/'))).toEqual([]);
    let bytes = 0;
    for (const url of new Set(requests.filter(url => url.startsWith(lab.address)))) {
      const { status, body, headers } = await asked(lab.address, new URL(url).pathname);
      expect([url, status]).toEqual([url, 200]);
      if (/javascript|css/.test(headers['content-type']!)) bytes += gzipSync(body).length;
    }
    expect(requests.some(url => /worker-[^/]*\.js$/.test(url))).toBe(true);
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(200_000);
    expect(await page.evaluate('violations')).toEqual([]);
    // beside the trainer's own
    expect(await page.evaluate('threads')).toEqual(Array(3).fill(expect.stringMatching(/^blob:/)));
  });

  test('what is loaded later and could not be is asked for once more', async () => {
    let isDown = true;
    const page = await lab.browser.newPage();
    await page.route(/\/draw-[^/]*\.js$/, route => (isDown ? route.abort() : route.continue()));
    await page.goto(lab.address);
    await page.getByRole('button', { name: 'Draw a digit' }).click();
    const alert = page.getByRole('alert').filter({ hasText: 'The sheet could not be loaded' });
    await alert.waitFor();
    isDown = false;
    await alert.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('region', { name: 'Draw a digit' }).waitFor();
    expect(await alert.count()).toBe(0);
    await page.close();
  });

  test('runs nothing that was put into it, and speaks to nobody else', async () => {
    const page = await lab.browser.newPage();
    await page.goto(lab.address);
    const refused = async (fault: string): Promise<unknown> =>
      page.evaluate(`(async () => {
        let refused;
        addEventListener('securitypolicyviolation', event => (refused = event.effectiveDirective), { once: true });
        const add = (name, attributes) => document.body.append(Object.assign(document.createElement(name), attributes));
        try { await (${fault}); } catch {}
        for (let i = 0; i < 50 && refused === undefined; i++) await new Promise(resolve => setTimeout(resolve, 10));
        return refused;
      })()`);
    const other = 'http://127.0.0.1:9/';
    // what is not refused, here nothing but a word of its own, is seen not to be
    expect(await refused(`fetch('lab.json')`)).toBeUndefined();
    for (const [fault, directive] of [
      [`add('script', { textContent: 'ran = true' })`, 'script-src-elem'],
      [`add('script', { src: '${other}' })`, 'script-src-elem'],
      [`add('script', { src: 'data:text/javascript,ran=true' })`, 'script-src-elem'],
      [`document.body.setAttribute('onclick', 'ran = true')`, 'script-src-attr'],
      [`setTimeout('ran = true')`, 'script-src'],
      [`fetch('${other}')`, 'connect-src'],
      [`navigator.sendBeacon('${other}', 'x')`, 'connect-src'],
      [`new WebSocket('ws://127.0.0.1:9/')`, 'connect-src'],
      [`new Worker('data:text/javascript,0')`, 'worker-src'],
      [`add('style', { textContent: 'body { color: red }' })`, 'style-src-elem'],
      [`add('img', { src: '${other}' })`, 'img-src'],
      [`add('iframe', { src: '${other}' })`, 'frame-src'],
      [`add('object', { data: '${other}' })`, 'object-src'],
      [`add('audio', { src: '${other}' })`, 'media-src'],
      [`add('base', { href: '${other}' })`, 'base-uri'],
      [`(add('form', { action: '${other}', id: 'f' }), document.querySelector('#f').submit())`, 'form-action'],
    ] as const)
      expect([fault, await refused(fault)]).toEqual([fault, directive]);
    // in a turn of its own, for what a debugger evaluates may evaluate as it likes
    const evaluation = 'setTimeout(() => { try { resolve(eval("1")); } catch (error) { resolve(error.name); } })';
    expect(await page.evaluate(`new Promise(resolve => ${evaluation})`)).toBe('EvalError');
    expect(await page.evaluate('typeof ran')).toBe('undefined');
    await page.close();
  });

  test('is in no frame of another page', async () => {
    const page = await lab.browser.newPage();
    await page.route('http://elsewhere.example/', route =>
      route.fulfill({ contentType: 'text/html', body: `<iframe src="${lab.address}"></iframe>` }),
    );
    await page.goto('http://elsewhere.example/');
    await page.waitForLoadState('networkidle');
    expect(await page.frames()[1]!.locator('.play').count()).toBe(0);
    await page.close();
  });
});

describe.skipIf(chromiumPath === undefined)('the page of a run', () => {
  longTest('opens it where it was saved, and goes on', async () => {
    const train = [
      'train',
      '--dataset',
      'drawn',
      '--tiny',
      '--steps',
      '8',
      '--hidden',
      '10',
      '--out',
      'a run',
      '--quiet',
    ];
    await run(process.execPath, [longhand, ...train], { cwd: folder });
    const lab = await startLab(['--data-dir', nothing, join(folder, 'a run')]);
    try {
      const page = await lab.open();
      expect(await page.locator('.count').textContent()).toMatch(/^8\s*of 8 /);
      const { run: about } = JSON.parse((await asked(lab.address, '/lab.json')).body.toString());
      expect(about).toEqual({ name: join(folder, 'a run'), hasLog: true });
      for (const file of ['checkpoint.safetensors', 'log.csv'])
        expect((await asked(lab.address, `/run/${file}`)).body.equals(readFileSync(join(folder, 'a run', file)))).toBe(
          true,
        );
      await page.getByRole('slider', { name: /Back in time/ }).fill('3');
      await page.waitForFunction(() => document.querySelector('.count .number')?.textContent === '3');
      // the run goes on meanwhile, and the page shows it when it is loaded again
      await run(process.execPath, [longhand, 'train', '--resume', 'a run', '--steps', '9', '--quiet'], { cwd: folder });
      await page.reload();
      await page.waitForFunction(() => document.querySelector('.count .number')?.textContent === '9');
    } finally {
      await lab.close();
    }
  });

  longTest.skipIf(!mnistIsHere)(`of MNIST: on, where MNIST lies${wantsMnist}`, async () => {
    const lab = await startLab(['--data-dir', process.env.PYTORCH_DATA_DIR!]);
    try {
      const requests: string[] = [];
      const page = await lab.open({
        prepare: async page => page.on('request', request => requests.push(request.url())),
      });
      const data = requests.map(url => url.slice(lab.address.length)).filter(path => path.startsWith('data/'));
      expect(data.sort()).toEqual(
        ['test', 'train'].flatMap(set => ['images', 'labels'].map(kind => `data/mnist/reduced/${set}/${kind}`)),
      );
      await page.getByRole('button', { name: 'Play' }).click();
      await steps(page, 3);
    } finally {
      await lab.close();
    }
  });
});

if (firefoxPath === undefined) console.warn('lab-server.test.ts: no Firefox found ($FIREFOX_PATH): it is skipped');

const inFirefox = firefoxPath === undefined ? test.skip : longTest;
inFirefox('the same page trains in Firefox, with threads', async () => {
  const lab = await runLab(['--data-dir', nothing]);
  const firefox = await startFirefox();
  const until = (condition: string): Promise<unknown> =>
    firefox.evaluate(`new Promise(resolve => {
      const look = () => (${condition} ? resolve() : setTimeout(look, 20));
      look();
    })`);
  try {
    await firefox.goTo(lab.address);
    expect(await firefox.evaluate('crossOriginIsolated')).toBe(true);
    await firefox.evaluate(`void addEventListener('securitypolicyviolation', () => (globalThis.isViolated = true))`);
    await until(`document.querySelector('.play:not(:disabled)')`);
    await firefox.evaluate(`document.querySelector('.play').click()`);
    await until(`Number(document.querySelector('.count .number').textContent) >= 5`);
    expect(await firefox.evaluate('globalThis.isViolated')).toBeNull();
  } finally {
    await firefox.close();
    await lab.interrupt();
  }
});
