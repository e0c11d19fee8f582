import { expect, test } from 'vitest';
import { exercises, solutionTextOf } from '../../src/practice/exercises.ts';
import { chromiumPath, startLab } from '../lab.ts';
import { editorOf, exerciseIn, verdictIs } from '../writing.ts';

/** What a learner writes in place of `throw new Error('not written yet');`, line by line as they type it. */
function bodyOf(name: (typeof exercises)[number]['name']): string {
  const text = solutionTextOf(name);
  const arrow = text.indexOf('=> ') + '=> '.length;
  const body = text.slice(arrow);
  return body.startsWith('{') ? body.slice(1, body.lastIndexOf('\n};')).trim() : `return ${body.trim()}`;
}

/** One mistake on the way in each: what is typed wrong first, and what the judge calls it. */
const slips: Partial<Record<string, [right: string, wrong: string]>> = {
  sigma: ['tanh(x)', 'tanh(x).neg()'],
  dsigma: ['.pow(2)', ''],
  loss: ['.sum()', '.mean()'],
  dloss: ['sub(v, t)', 'sub(t, v)'],
  forwardPass: ['.add(b2)', ''],
  backwardPass: ['.t()', ''],
};

test.skipIf(chromiumPath === undefined)(
  'the whole practical from the keyboard, with a mistake on the way in every pass',
  async () => {
    const lab = await startLab();
    const page = await lab.open({ query: '#stage=write' });
    for (const { name, stages } of exercises) {
      await exerciseIn(page, name).press('Enter');
      const body = bodyOf(name);
      const [right, wrong] = slips[name] ?? [];
      // the editor indents by itself
      const type = (text: string) => page.keyboard.insertText(text);
      if (right !== undefined) {
        expect([name, body]).toEqual([name, expect.stringContaining(right)]);
        await type(body.replace(right, wrong!));
        await page.keyboard.press('Control+Enter');
        await verdictIs(page, 'not right yet');
        await page.keyboard.press('Control+z');
        await exerciseIn(page, name).press('Enter');
      }
      await type(body);
      await page.keyboard.press('Control+Enter');
      await verdictIs(page, `${name} is right`);
      expect(stages.length).toBeGreaterThan(0);
    }
    await page.getByText('You have written a neural network by hand.').waitFor();
    expect(await editorOf(page).count()).toBe(1);
    await page.context().close();
    await lab.close();
  },
);
