import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { peakOfGoneEngines } from '../gone-engines.ts';
import { mnistIsHere, wantsMnist } from '../mnist-here.ts';

const command = fileURLToPath(new URL('../../dist/cli/longhand.js', import.meta.url));
const saysPeak = 'data:text/javascript,process.on("exit",()=>console.error("peak",process.resourceUsage().maxRSS))';

/** The most memory that `longhand train` held, in MB. */
async function peakOf(...args: string[]): Promise<number> {
  const options = { maxBuffer: 1e8 };
  const { stderr } = await promisify(execFile)(
    process.execPath,
    ['--import', saysPeak, command, 'train', ...args],
    options,
  );
  return Number(/peak (\d+)/.exec(stderr)![1]) / 1000;
}

test.skipIf(!mnistIsHere)(`the full set is trained on and saved within 700 MB${wantsMnist}`, async () => {
  const run = await mkdtemp(join(tmpdir(), 'longhand-memory-'));
  try {
    const dataDir = process.env.PYTORCH_DATA_DIR!;
    const peak = await peakOf('--full', '--steps', '5', '--data-dir', dataDir, '--out', join(run, 'run'));
    console.log(`the full set: ${peak.toFixed(0)} MB`);
    expect(peak).toBeLessThan(700);
  } finally {
    await rm(run, { recursive: true });
  }
});

test('ten thousand steps take no more memory than a thousand', async () => {
  const settings = ['--dataset', 'drawn', '--tiny', '--hidden', '10'];
  const steps = (count: number) => peakOf(...settings, '--steps', String(count));
  const [few, many] = [await steps(1000), await steps(10_000)];
  console.log(`1,000 steps: ${few.toFixed(0)} MB; 10,000: ${many.toFixed(0)} MB`);
  expect(many).toBeLessThan(few + 40);
});

test('twenty engines of the full size, one after the other, stay within 1.2 GB', async () => {
  const peak = await peakOfGoneEngines({ samples: 60_000, inputs: 784, hidden: 50, engines: 20 });
  console.log(`twenty engines: ${peak.toFixed(0)} MB`);
  expect(peak).toBeLessThan(1200);
});

test('a million drawn digits are trained on within 3.4 kB each', async () => {
  const peak = await peakOf('--dataset', 'drawn', '--samples', '1000000', '--steps', '1');
  console.log(`a million drawn digits: ${peak.toFixed(0)} MB`);
  expect(peak).toBeLessThan(3400);
});
