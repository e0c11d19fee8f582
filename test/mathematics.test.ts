import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

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
