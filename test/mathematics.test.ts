import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { commandsOf } from './documented-commands.ts';

// docs/mathematics.md leads from each formula to its line. A line that moves takes the reader elsewhere.

const read = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
const text = read('docs/mathematics.md');
const lines = read('src/practical.ts').split('\n');

const links = [...text.matchAll(/\[line (\d+)\]\(\.\.\/src\/practical\.ts#L(\d+)\), `([^`]+)`/g)];

test.each(links.map(([, shown, linked, code]) => ({ shown, linked, code: code! })))(
  'line $shown is `$code`',
  ({ shown, linked, code }) => {
    expect(linked).toBe(shown);
    expect(lines[Number(linked) - 1]).toContain(code);
  },
);

test('every line of the mathematics is explained', () => {
  const explained = new Set(links.map(([, , linked]) => Number(linked)));
  const mathematics = lines.flatMap((line, i) =>
    /(=>|=|\.add_).*\)(;|$)/.test(line) && !line.includes('=> {') ? [i + 1] : [],
  );
  expect(mathematics.length).toBeGreaterThan(12);
  expect(mathematics.filter(line => !explained.has(line) && !lines[line - 1]!.includes('x0 = x'))).toEqual([]);
});

test('every drawing is there, and says to those who cannot see it what it shows', () => {
  const drawings = [...text.matchAll(/!\[([^\]]{20,})\]\((drawings\/\w+\.svg)\)/g)];
  expect(drawings).toHaveLength(5);
  for (const [, , file] of drawings) expect(read(`docs/${file}`)).toMatch(/<title>.{20,}<\/title>/);
});

const program = fileURLToPath(new URL('../dist/cli/longhand.js', import.meta.url));
const run = (command: string) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...command.split(' ')], {
    encoding: 'utf8',
  });
  return { command, status, log: stdout, notes: stderr };
};
// those that compare two engines take longer: test/long/mathematics.test.ts
const commands = commandsOf(text).filter(command => !/>|^compare/.test(command));

test('its commands are there and show what it says', () => {
  const [explained, usual, larger, saturated, ...others] = commands.map(run);
  expect(others).toEqual([]);
  expect([explained, usual, larger, saturated].map(one => one!.status)).toEqual([0, 0, 0, 0]);
  expect(explained!.log).toContain('A drawn 2.');
  expect(explained!.log).toContain('9 inputs, 3 hidden units,');
  expect(explained!.log).toContain('✓ Every derivative agrees with its two points.');
  const plateauEnds = (log: string) => {
    const errors = [...log.matchAll(/acc_train_error (\S+)%/g)].map(([, percent]) => Number(percent));
    return errors.findIndex(error => error < 75);
  };
  const [late, early] = [plateauEnds(usual!.log), plateauEnds(larger!.log)];
  expect(early).toBeGreaterThan(0);
  expect(late - early).toBeGreaterThanOrEqual(20);
  const firstLoss = (log: string) => Number(/^0 acc_train_loss (\S+)/m.exec(log)![1]);
  expect(firstLoss(usual!.log)).toBeCloseTo(810, 0);
  expect(firstLoss(saturated!.log)).toBeGreaterThan(9000);
});
