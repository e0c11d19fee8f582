import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as longhand from '../src/index.ts';
import { practicalCheckpoint } from './checkpoints.ts';
import { greyPng } from './drawn-back.ts';

// The examples in the docstrings run as they stand there.

interface Example {
  readonly of: string;
  readonly code: string;
}
const examples: Example[] = [];
for (const file of readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'))) {
  for (const [, doc, of] of readFileSync(`src/${file}`, 'utf8').matchAll(
    /\/\*\*((?:(?!\*\/)[\s\S])*?@example[\s\S]*?)\*\/\nexport (?:async )?function\*? (\w+)/g,
  )) {
    const lines = doc!.split('\n').map(line => line.replace(/^ \* ?/, ''));
    const from = lines.indexOf('@example') + 1;
    const length = lines.slice(from).findIndex(line => line.trim() === '' || line.startsWith('@'));
    examples.push({ of: of!, code: lines.slice(from, from + length).join('\n') });
  }
}

test('those who are called first have one', () => {
  const first = 'drawnDigits initialParameters loadData loadNetwork manualSeed predict sampleEngine saveNetwork';
  expect(examples.map(({ of }) => of).sort()).toEqual([...first.split(' '), 'tensor', 'train', 'wasmEngine', 'zeros']);
});

const AsyncFunction = (async () => {}).constructor as new (
  ...parts: string[]
) => (...values: unknown[]) => Promise<void>;

/** What an example prints. Its files are these: a network, a checkpoint and a picture. */
async function printed(code: string): Promise<string> {
  const lines: string[] = [];
  const inputs = [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ];
  const problem = longhand.problemOf({ name: 'xor', inputs, labels: [0, 1, 1, 0], test: 0.25 });
  const xor = longhand.networkOf(problem, longhand.initialParameters({ inputs: 2, hidden: 3, classes: 2 }));
  const files: Record<string, Uint8Array> = {
    'xor.safetensors': await longhand.saveNetwork(xor),
    'run/checkpoint.safetensors': await longhand.saveNetwork(practicalCheckpoint()),
    'digit.png': greyPng(longhand.drawnDigits({ count: 1 }).images, 28, 28),
  };
  const here = {
    ...longhand,
    console: { log: (...values: unknown[]) => lines.push(values.map(String).join(' ')) },
    readFile: async (name: string) => files[name],
    writeFile: async (_: string, bytes: Uint8Array) => void (await longhand.loadNetwork(bytes)),
  };
  await new AsyncFunction(...Object.keys(here), code)(...Object.values(here));
  return lines.join('\n');
}

test.each(examples)('that of $of', async ({ of, code }) => {
  const output = await printed(code);
  if (!['zeros', 'drawnDigits', 'saveNetwork'].includes(of)) expect(output).not.toBe('');
  // where a line says what it prints, it does
  for (const [, value] of code.matchAll(/console\.log\(.*\); \/\/ (tensor\(.*?\]\))/g)) expect(output).toContain(value);
});
