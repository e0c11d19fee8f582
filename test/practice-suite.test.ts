import { beforeAll, describe, expect } from 'vitest';
import * as practical from '../src/practical.ts';
import { startInProcess } from '../src/practice/answerer/in-process.ts';
import { toValue } from '../src/practice/answerer/values.ts';
import type { FunctionName, Value } from '../src/practice/protocol.ts';
import { transform } from '../src/practice/transform.ts';
import type { StageVerdict } from '../src/practice/verdict.ts';
import { Generator, type Tensor, zeros } from '../src/tensor/index.ts';
import { allOrOneIn, sharedTest, test } from './one-in.ts';
import { type Mistaken, mistakenWork, redStages, rightWork, unsaid, verdictOn, type Work } from './practice-suite.ts';

// What the judge makes of work that it was not made for.

const judgedWork = allOrOneIn(5, mistakenWork);

const ours = practical as Partial<Record<string, (...args: never[]) => unknown>> as Record<
  string,
  (...args: Tensor[]) => unknown
>;

describe('the suite itself', () => {
  test('is large enough, and every header is complete', () => {
    expect(mistakenWork.length).toBeGreaterThanOrEqual(70);
    expect(mistakenWork.filter(({ mistakes }) => mistakes.length === 2).length).toBeGreaterThanOrEqual(12);
    expect(rightWork.length).toBeGreaterThanOrEqual(30);
    for (const { name, stages, mistakes, kind } of mistakenWork) {
      expect({ name, said: stages.length > 0 && mistakes.length > 0 && kind !== undefined }).toEqual({
        name,
        said: true,
      });
    }
  });

  test('a word is looked for by itself, and an underscore is no difference', () => {
    const work = { ...mistakenWork[0]!, mentions: [['s1'], ['dlDx2', 'error'], ['x1', 't()']] };
    expect(unsaid('`dl_ds1` is `dl_dx2`; put .t() after it', work)).toEqual(['s1']);
    expect(unsaid('s1ᵀ', work)).toEqual(['dlDx2 | error', 'x1 | t()']);
  });

  // told without the judge: the numbers of what is right are those of practical.ts
  test.each(rightWork)('$name computes what practical.ts does', async ({ source }) => {
    const made = transform({ 'mine.ts': source });
    if (Array.isArray(made)) throw new Error(made.map(({ says }) => says).join('\n'));
    const { call } = await startInProcess(made);
    const random = (...size: number[]) => zeros(size, { dtype: 'float64' }).normal_(0, 0.7, generator);
    const generator = new Generator(5);

    /** The arguments as they are after the call, and what was returned: theirs and ours. */
    async function both(name: FunctionName, ...args: Tensor[]): Promise<[number[], number[]]> {
      const answer = await call({
        function: name,
        arguments: args.map(arg => toValue(arg)),
        inPlaceOf: {},
        substitutes: {},
      });
      if (answer.kind !== 'returned') throw new Error(JSON.stringify(answer));
      const result = ours[name]!(...args);
      return [
        [...answer.arguments, ...(name === 'backwardPass' ? [] : [answer.value])].flatMap(numbers),
        [...args, ...(name === 'backwardPass' ? [] : [result])].flatMap(value => numbers(toValue(value))),
      ];
    }
    const numbers = (value: Value): number[] =>
      value.kind === 'tensor' ? [...value.data] : value.kind === 'list' ? value.items.flatMap(numbers) : [NaN];

    const [v, t] = [random(3, 4), random(3, 4)];
    const [w1, b1, w2, b2, x] = [random(5, 7), random(5), random(3, 5), random(3), random(7)] as never[];
    const [x0, s1, x1, s2, x2] = practical.forwardPass(w1!, b1!, w2!, b2!, x!);
    const sums = [random(5, 7), random(5), random(3, 5), random(3)];
    for (const [got, wanted] of [
      await both('sigma', v),
      await both('dsigma', v),
      await both('loss', v, t),
      await both('dloss', v, t),
      await both('forwardPass', w1!, b1!, w2!, b2!, x!),
      await both('backwardPass', w1!, b1!, w2!, b2!, random(3), x0, s1, x1, s2, x2, ...sums),
    ]) {
      expect(got).toHaveLength(wanted.length);
      // one of them computes tanh in float32
      got.forEach((value, i) => {
        expect(value).toBeCloseTo(wanted[i]!, 5);
      });
    }
  });
});

describe('right work', () => {
  // over thirty seeds each: test/long
  test.each(rightWork)('$name passes, and no mistake is seen in it', async work => {
    expect(await faultsFound(work, 1)).toEqual([]);
  });
});

describe('mistaken work', () => {
  const judged: { work: Mistaken; red: readonly StageVerdict[]; passed: boolean }[] = [];
  beforeAll(async () => {
    for (const work of judgedWork) {
      const verdict = await verdictOn(work, 1);
      judged.push({ work, red: redStages(verdict), passed: verdict.passed });
    }
  }, 600_000);

  sharedTest('all of it is rejected', () => {
    expect(judged.filter(({ passed }) => passed).map(({ work }) => work.name)).toEqual([]);
  });

  sharedTest('the red stages are those with the mistake, and no other', () => {
    const wrong = judged.flatMap(({ work, red }) => {
      const [wanted, got] = [work.stages.join(' '), red.map(({ name }) => name).join(' ')];
      return wanted === got ? [] : [`${work.name}: ${got} where the mistake is at ${wanted}`];
    });
    console.log(`red at the right stages: ${rate(judged.length - wrong.length, judged.length)}`);
    expect(wrong).toEqual([]);
  });

  sharedTest('at least 95% of the single mistakes are named, in a sentence that says what any good one would', () => {
    const single = judged.filter(({ work }) => work.mistakes.length === 1 && work.kind !== 'unnamed');
    const silent = single.flatMap(({ work, red }) => {
      const said = red.map(({ says }) => says).join('\n');
      if (red.length === 0 || red.some(({ mistake }) => mistake === null)) return [`${work.name} has no name: ${said}`];
      const missing = unsaid(said, work);
      return missing.length === 0 ? [] : [`${work.name} says nothing of ${missing.join(', ')}: ${said}`];
    });
    const allSingle = judged.filter(({ work }) => work.mistakes.length === 1).length;
    console.log(
      `single mistakes named: ${rate(single.length - silent.length, single.length)}, ` +
        `and besides ${allSingle - single.length} that no checker can be expected to know\n${silent.join('\n')}`,
    );
    expect((single.length - silent.length) / single.length).toBeGreaterThanOrEqual(0.95);
  });
});

/** What the judge has against it, line by line. */
async function faultsFound(work: Work, seed: number): Promise<string[]> {
  const { stages } = await verdictOn(work, seed);
  return stages
    .filter(({ verdict, mistake }) => verdict !== 'passed' || mistake !== null)
    .map(({ name, verdict, says }) => `${name} ${verdict}: ${says}`);
}

const rate = (part: number, of: number): string => `${part} of ${of}, ${((100 * part) / of).toFixed(1)}%`;
