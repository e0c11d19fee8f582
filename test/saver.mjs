// Saves checkpoints of growing steps until it is killed, and says of each that it is saved: `saver.mjs DIR saveFile`,
// or `saver.mjs DIR inPlace` for the careless way.
import { writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { saveFile, sweep } from '../dist/platform/durable/draft.js';
import { encodeCheckpoint } from '../dist/run/checkpoint.js';
import { readCheckpoint } from '../dist/run/run.js';

const [, , folder = '', how] = process.argv;
const path = join(folder, 'checkpoint.safetensors');
sweep(folder, ['checkpoint.safetensors']);
const start = await readCheckpoint(folder);
for (let step = start.step + 1; ; ) {
  // made beforehand, so that between two saves little else is done
  const files = [];
  for (let i = 0; i < 20; i++) files.push(await encodeCheckpoint({ ...start, step: step + i }));
  for (const bytes of files) {
    if (how === 'saveFile') saveFile(path, bytes);
    else writeFileSync(path, bytes);
    writeSync(1, `${step++}\n`);
  }
}
