import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { commandsOf } from '../documented-commands.ts';
import { temporaryFolder } from '../made-files.ts';

// The last commands of docs/mathematics.md: kernels and functions, and where rounding parts them.

const program = fileURLToPath(new URL('../../dist/cli/longhand.js', import.meta.url));
const text = readFileSync(new URL('../../docs/mathematics.md', import.meta.url), 'utf8');

test('two right programs part as the text says', () => {
  const { folder, remove } = temporaryFolder();
  try {
    const commands = commandsOf(text).filter(command => />|^compare/.test(command));
    expect(commands).toHaveLength(3);
    for (const command of commands) {
      const [words, file] = command.split(' > ') as [string, string?];
      const options = { cwd: folder, encoding: 'utf8' } as const;
      const { status, stdout } = spawnSync(process.execPath, [program, ...words.split(' ')], options);
      expect([command, status]).toEqual([command, 0]);
      if (file !== undefined) writeFileSync(join(folder, file), stdout);
      else expect(stdout).toMatch(/^equal to rounding/);
    }
  } finally {
    remove();
  }
});
