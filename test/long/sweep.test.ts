import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { temporaryFolder } from '../made-files.ts';
import { mnistIsHere, wantsMnist } from '../mnist-here.ts';

const command = fileURLToPath(new URL('../../dist/cli/longhand.js', import.meta.url));
const saysPeak = 'data:text/javascript,process.on("exit",()=>console.error("peak",process.resourceUsage().maxRSS))';
const { folder, remove } = temporaryFolder();
afterAll(remove);

test('three hundred runs, saved one by one, stay within 1.5 GB', async () => {
  const asked = '--dataset drawn --tiny --steps 20 --seed 0..99 --hidden 5,10,200 --out runs --plot curves.svg'.split(
    ' ',
  );
  const args = ['--import', saysPeak, command, 'sweep', ...asked];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: folder });
  const peak = Number(/peak (\d+)/.exec(stderr)![1]) / 1000;
  console.log(`three hundred runs: ${peak.toFixed(0)} MB`);
  expect(stdout.match(/^ *(5|10|200) +20 +100 /gm)).toHaveLength(3);
  expect(peak).toBeLessThan(1500);
});

// Our bits are the same on every machine, so the table and the picture are, too.
test.skipIf(!mnistIsHere)(
  `the table and the picture in README.md are those that its command makes${wantsMnist}`,
  async () => {
    const root = fileURLToPath(new URL('../..', import.meta.url));
    const [, options, table] = /^\$ npx longhand (sweep .*)\n([\s\S]*?)^```$/m.exec(
      readFileSync(`${root}README.md`, 'utf8'),
    )!;
    const here = { cwd: folder, maxBuffer: 2 ** 26 };
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [command, ...options!.split(' '), '--out', 'hundred'],
      here,
    );
    expect(stdout).toBe(table);
    expect(readFileSync(`${folder}/practical.svg`, 'utf8')).toBe(
      readFileSync(`${root}docs/pictures/practical.svg`, 'utf8'),
    );
  },
);
