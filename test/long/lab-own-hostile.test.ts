import { createHash } from 'node:crypto';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath } from '../lab.ts';
import type { own as OwnOfThePage } from '../own/page.ts';
import { type OwnPage, serveOwnPage } from '../own-page.ts';
import { edited } from '../practice-right.ts';

// Code that wants something else of the page than an answer. Each of these succeeds where what holds it is taken away.

if (chromiumPath === undefined)
  console.warn('lab-own-hostile.test.ts: no Chromium found ($CHROMIUM_PATH), its tests are skipped');

declare global {
  var own: typeof OwnOfThePage;
}

/** Means that a frame may have lost. */
interface Lost {
  /** The policy in frame.html. */
  readonly policy?: boolean;
  /** That the worker takes away the names that a learner has no use for. */
  readonly names?: boolean;
  /** That the frame has no origin. */
  readonly sandbox?: boolean;
  /** That nobody but the answerer has the port. */
  readonly port?: boolean;
}

const served: OwnPage[] = [];
let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({ executablePath: chromiumPath!, args: ['--no-sandbox', '--disable-gpu'] });
});
afterAll(async () => {
  await browser?.close();
  for (const { close } of served) await close();
});

async function open(lost: Lost = {}): Promise<{ page: Page; asked: string[] }> {
  const host = await serveOwnPage();
  served.push(host);
  const frame = host.files.get('frame.html')!;
  const change = (what: string | RegExp, into: string) => {
    const before = frame.text;
    frame.text = before.replace(what, into);
    expect(frame.text).not.toBe(before);
  };
  if (lost.names) change(/Reflect\.deleteProperty\(\w+,\w+\)/, '0');
  if (lost.port) change(/(\w+)\.postMessage\.bind\(\1\)/, 'Math.send=$&');
  if (lost.sandbox) change('origin===`null`', 'true');
  const script = /<script>([\s\S]*)<\/script>/.exec(frame.text)![1]!;
  const hash = createHash('sha256').update(script).digest('base64');
  frame.text = frame.text.replace(/'sha256-[^']*'/, () => `'sha256-${hash}'`);
  if (lost.policy) change(/<meta http-equiv.*>/, '');
  const page = await browser.newPage();
  if (lost.sandbox)
    await page.addInitScript(() =>
      Object.defineProperty(HTMLIFrameElement.prototype, 'sandbox', { get: () => ({ add: () => {} }) }),
    );
  await page.goto(host.address);
  return { page, asked: host.asked };
}

/** A file whose `sigma` runs such a text as code of its own, outside of all supervision, and answers. */
const running = (text: string): string =>
  `export const sigma = (x: any): any => {\n  [].constructor.constructor(${JSON.stringify(text)})();\n  return x;\n};`;

/** Says of each of these whether it did it. */
const attempts = (of: Readonly<Record<string, string>>, address: string): string =>
  running(
    `const at = ${JSON.stringify(address)};${Object.entries(of)
      .map(
        ([name, text]) =>
          `(async () => { ${text} })().then(() => console.log('did ${name}'), error => console.log('held ${name}'));`,
      )
      .join('\n')}`,
  );

/** Those that did it. */
async function successes(page: Page, of: Readonly<Record<string, string>>): Promise<string[]> {
  const { printed } = await page.evaluate(source => own.probe(source, 1000), attempts(of, page.url()));
  expect(printed.match(/^(did|held) \w+$/gm)?.length).toBe(Object.keys(of).length);
  return [...printed.matchAll(/^did (\w+)$/gm)].map(([, name]) => name!).sort();
}

const network = {
  fetch: "await fetch(at + 'fetch', { mode: 'no-cors' });",
  xhr: "const r = new XMLHttpRequest(); r.open('GET', at + 'xhr', false); r.send();",
  socket:
    "await new Promise((_, no) => { const s = new WebSocket(at.replace('http', 'ws') + 'socket'); s.onerror = no; });",
  events: "await new Promise((_, no) => { const s = new EventSource(at + 'events'); s.onerror = no; });",
  script: "importScripts(at + 'script');",
  module: "await import(at + 'module');",
  font: "await new FontFace('a', 'url(' + at + 'font)').load();",
} as const;
const paths = Object.keys(network).map(name => `GET /${name}`);
const storage = {
  database:
    "await new Promise((yes, no) => { const r = indexedDB.open('x'); r.onsuccess = yes; r.onerror = () => no(r.error); });",
  caches: "await caches.open('x');",
  files: 'await navigator.storage.getDirectory();',
  channel: "new BroadcastChannel('x').postMessage(1);",
} as const;
const others = {
  worker: "new Worker(URL.createObjectURL(new Blob([''])));",
  message: 'postMessage(1);',
  compiler: 'new WebAssembly.Memory({ initial: 1 });',
  blob: "await import(URL.createObjectURL(new Blob(['export {}'], { type: 'text/javascript' })));",
  data: "await import('data:text/javascript,');",
} as const;
const reached = (asked: readonly string[]) => asked.filter(path => path !== 'GET /favicon.ico').sort();

describe.skipIf(chromiumPath === undefined)('code that', () => {
  test('wants the network, storage or workers gets none', async () => {
    const { page, asked } = await open();
    expect(await successes(page, { ...network, ...storage, ...others })).toEqual([]);
    expect(reached(asked)).toEqual([]);
  });

  test('finds the names that were taken away still gets no network, and no storage', async () => {
    const { page, asked } = await open({ names: true });
    expect(await successes(page, { ...network, ...storage, ...others })).toEqual([
      'channel',
      'compiler',
      'message',
      'worker',
    ]);
    expect(reached(asked)).toEqual([]);
  });

  test('finds no policy can import, and no more', async () => {
    const { page, asked } = await open({ policy: true });
    expect(await successes(page, { ...network, ...storage, ...others })).toEqual(['data']);
    expect(reached(asked)).toEqual(['GET /module']);
  });

  test('finds neither reaches the network in every way', async () => {
    const { page, asked } = await open({ names: true, policy: true });
    expect(await successes(page, { ...network, ...others })).toEqual(['blob', 'compiler', 'data', 'message', 'worker']);
    expect(reached(asked)).toEqual([...paths].sort());
  });

  test('finds an origin has storage', async () => {
    const { page } = await open({ names: true, sandbox: true });
    expect(await successes(page, storage)).toEqual(['caches', 'channel', 'database', 'files']);
  });
});

/** What a script in the frame's own document can do, where no code of a learner's comes. */
const inTheFrame = async (page: Page) => {
  await page.evaluate(() => own.prepareJudge());
  const dialogs: string[] = [];
  page.on('dialog', dialog => {
    dialogs.push(dialog.message());
    dialog.dismiss();
  });
  await page.waitForFunction(() => document.querySelector('iframe') !== null);
  const frame = await (await page.$('iframe'))!.contentFrame();
  await frame!.waitForLoadState();
  const did = await frame!.evaluate(async () => {
    const did: string[] = [];
    const attempt = async (name: string, act: () => unknown) => {
      try {
        if (await act()) did.push(name);
      } catch {
        // held
      }
    };
    await attempt('parent', () => parent.document.title.length > 0);
    await attempt('window', () => window.open('about:blank') !== null);
    await attempt('storage', () => localStorage.length >= 0);
    await attempt('cookies', () => document.cookie.length >= 0);
    alert('from the frame');
    return did;
  });
  return [...did, ...dialogs.map(() => 'dialog')];
};

describe.skipIf(chromiumPath === undefined)('a script in the frame', () => {
  test('has no reach into the page, opens no window and shows no dialog', async () => {
    expect(await inTheFrame((await open()).page)).toEqual([]);
  });

  test('has all of it where the frame is none of ours', async () => {
    expect(await inTheFrame((await open({ sandbox: true })).page)).toEqual([
      'parent',
      'window',
      'storage',
      'cookies',
      'dialog',
    ]);
  });

  test('does not lead the page away', async () => {
    const { page } = await open();
    await page.evaluate(() => own.prepareJudge());
    const frame = await (await page.waitForSelector('iframe', { state: 'attached' })).contentFrame();
    await frame!.waitForLoadState();
    await frame!.evaluate(() => {
      try {
        top!.location.href = 'about:blank';
      } catch {
        // held
      }
    });
    expect(await page.evaluate(() => typeof own.check)).toBe('function');
  });

  test('opened by itself it runs nobody’s code, for there it would have an origin', async () => {
    const { page } = await open();
    const workers = async (address: string) => {
      await page.goto(address);
      await page.evaluate(() => new Promise(resolve => setTimeout(resolve, 300)));
      return page.workers().length;
    };
    expect(await workers(`${page.url()}frame.html`)).toBe(0);
    expect(await workers(`${(await open({ sandbox: true })).page.url()}frame.html`)).toBe(1);
  });
});

describe.skipIf(chromiumPath === undefined)('whoever forges answers', () => {
  const forged: readonly (readonly [string, string])[] = [
    ['one with another id', 'Math.send({ id: "0", message: { kind: "returned" } });'],
    ['one without an id', 'Math.send({ kind: "returned", value: { kind: "number", value: 1 } });'],
    ['nothing', 'Math.send(undefined);'],
    ['a second start', 'Math.send({ isReady: true });'],
    ['very many', 'for (let i = 0; i < 1e5; i++) Math.send({ id: i });'],
    ['very large ones', 'for (let i = 0; i < 20; i++) Math.send({ id: "0", message: new Float64Array(1e7) });'],
    ['too much output', 'for (let i = 0; i < 1e5; i++) Math.send({ output: "x".repeat(1000) });'],
  ];
  let page: Page;
  beforeAll(async () => {
    if (chromiumPath !== undefined) page = (await open({ port: true })).page;
  });

  test.each(forged)('%s: the frame ends, and the page lives', async (_, text) => {
    const { answer } = await page.evaluate(source => own.probe(source, 0), running(text));
    expect(answer).toMatchObject({ kind: 'died' });
    expect(await page.evaluate(() => document.querySelectorAll('iframe').length)).toBeLessThanOrEqual(1);
  });

  test('nobody has the port', async () => {
    const { page } = await open();
    const { answer, printed } = await page.evaluate(
      source => own.probe(source, 0),
      running('console.log(typeof Math.send);'),
    );
    expect([answer.kind, printed]).toEqual(['returned', 'undefined\n']);
  });
});

/** The stage that says so, where it is not the function itself. */
const stagesOf: Readonly<Record<string, string>> = {
  ...{ sigma: 'sigma', dsigma: 'dsigma', loss: 'loss', dloss: 'dloss' },
  ...{ forwardPass: 's1', backwardPass: 'dl_dx2' },
};

const endless: readonly (readonly [string, string, string])[] = [
  ['sigma', 'x.tanh();', '(() => { while (true) {} })();'],
  ['dsigma', 'sub(1, x.tanh().pow(2));', '(() => { for (;;); })();'],
  ['loss', 't.sub(v).pow(2).sum()', '(() => { do {} while (true); })()'],
  ['dloss', 'mul(2, v.sub(t))', '[1].map(() => { for (;;); })'],
  ['forwardPass', 'const x0 = x;', 'const x0 = x; while (true) {}'],
  ['backwardPass', 'const dlDx2 =', 'while (true) {}\n  const dlDx2 ='],
];

describe.skipIf(chromiumPath === undefined)('code that does not come to an end', () => {
  let page: Page;
  beforeAll(async () => {
    if (chromiumPath !== undefined) page = (await open()).page;
  });
  const says = async (source: string): Promise<string> => {
    const checked = await page.evaluate(source => own.check({ 'mine.ts': source }, { seed: 1 }), source);
    return checked!.verdict.stages.find(({ verdict }) => verdict === 'failed')!.says;
  };

  test.each(endless)('in %s is stopped, and told by function and line', async (name, from, to) => {
    const source = edited([[from, to]]);
    const line = source.split('\n').findIndex(text => /while|for \(|do \{/.test(text)) + 1;
    const checked = await page.evaluate(source => own.check({ 'mine.ts': source }, { seed: 1 }), source);
    const stopped = checked!.verdict.stages.find(({ verdict }) => verdict === 'failed')!;
    expect(stopped.says).toMatch(/does not come to an end: it was stopped/);
    expect([stagesOf[name], stopped.file, stopped.line]).toEqual([stopped.name, 'mine.ts', line]);
  });

  test.each([
    ['while it is loaded', `while (true) {}\n${edited([])}`],
    ['in a regular expression', edited([['x.tanh();', "/^(a+)+$/.test('a'.repeat(40) + '!');"]])],
    ['in a text of its own', running('while (true) {}')],
    ['in a getter', edited([['x.tanh();', '({ get kind() { while (true) {} } }).kind;']])],
  ] as const)('%s is stopped, and the page lives', async (_, source) => {
    expect(await says(source)).toMatch(/did not come to an end|does not (come to an )?end/);
    expect(
      (await page.evaluate(source => own.check({ 'mine.ts': source }, { seed: 1 }), edited([])))!.verdict.passed,
    ).toBe(true);
  });
});
