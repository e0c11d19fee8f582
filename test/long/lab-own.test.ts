import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Session } from '../../lab/training/session.ts';
import type { JudgeOptions } from '../../src/practice/judge/judge.ts';
import type { Sources } from '../../src/practice/protocol.ts';
import { loadData } from '../../src/prologue/load-data.ts';
import { defaults } from '../../src/settings/table.ts';
import { chromiumPath } from '../lab.ts';
import type { own as OwnOfThePage } from '../own/page.ts';
import type { Trained, TrainingAsked } from '../own/training.ts';
import { type OwnPage, serveOwnPage } from '../own-page.ts';
import { edited } from '../practice-right.ts';
import { mistakenWork, rightWork, verdictOn } from '../practice-suite.ts';

// A learner's code in the page: judged in a thread of it, answered in a frame without an origin.

if (chromiumPath === undefined)
  console.warn('lab-own.test.ts: no Chromium found ($CHROMIUM_PATH), its tests are skipped');

declare global {
  var own: typeof OwnOfThePage;
}

describe.skipIf(chromiumPath === undefined)('a learner’s code in the page', () => {
  let served: OwnPage;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    served = await serveOwnPage();
    browser = await chromium.launch({ executablePath: chromiumPath!, args: ['--no-sandbox', '--disable-gpu'] });
    page = await browser.newPage();
    await page.goto(served.address);
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  const check = (sources: Sources, options: JudgeOptions) =>
    page.evaluate(([sources, options]) => own.check(sources, options), [sources, options] as const);

  // what Node says of all of them is of test/practice-suite.test.ts
  const someWork = [...mistakenWork, ...rightWork].filter((_, i) => i % 5 === 0);
  test.each(someWork)('the verdict is that of Node, letter by letter: $name', async work => {
    const checked = await check({ 'mine.ts': work.source }, { seed: 1 });
    expect(JSON.stringify(checked!.verdict)).toBe(JSON.stringify(await verdictOn(work, 1)));
  });

  describe('the lab’s session with a learner’s functions', () => {
    const counting = (at: string) => edited([['const dlDx2 =', `if (++calls > 2500) { ${at} }\n  const dlDx2 =`]]);
    const withCalls = (at: string) => `let calls = 0;\n${counting(at)}`;
    const train = (asked: TrainingAsked) => page.evaluate(asked => own.train(asked), asked);
    const lineOf = (source: string) => source.split('\n').findIndex(line => line.includes('++calls')) + 1;

    test('ours train to the same numbers as in Node', async () => {
      const data = await loadData({ dataset: 'drawn', tiny: true, oneHotLabels: true, normalize: true, log: () => {} });
      const settings = { ...defaults, dataset: 'drawn', size: 'tiny', hidden: 10, steps: 5, engine: 'batch' } as const;
      const session = await Session.begin(settings, data as never, 1);
      while ((await session.next()) !== undefined);
      expect(await train({ sources: { 'mine.ts': edited([]) }, steps: 5 })).toEqual({
        losses: session.reports.map(({ trainLoss }) => trainLoss),
        stopped: undefined,
        step: 4,
      });
    });

    test.each([
      ['throws', "throw new Error('tired');", /^step \d: mine\.ts:(\d+): .*tired/],
      ['does not end', 'while (true) {}', /^step \d: mine\.ts:(\d+): `backwardPass` did not come to an end/],
    ])('where one of them %s it stops, says where, and can be gone back in', async (_, at, says) => {
      const source = withCalls(at);
      const trained = (await train({ sources: { 'mine.ts': source }, steps: 9 })) as Exclude<
        Trained,
        { failed: string }
      >;
      expect(trained.stopped).toMatch(says);
      expect(Number(says.exec(trained.stopped!)![1])).toBe(lineOf(source));
      expect(trained.losses.length).toBeGreaterThan(0);
      expect(trained.step).toBe(trained.losses.length - 1);
    });

    test('it is ended at once, whatever the code does', async () => {
      const source = withCalls("/^(a+)+$/.test('a'.repeat(60) + '!');");
      const trained = (await train({ sources: { 'mine.ts': source }, steps: 9, end: 1500 })) as { failed: string };
      expect(trained.failed).toMatch(/ended/);
    });
  });
});
