/**
 * What every peer in JavaScript does: reads the work, gets ready, then takes as many gradient steps as each line of its
 * standard input asks for, and answers with how long they took and what each of them reported.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A work as works.mjs has written it: sizes, and float32 of every matrix, a row after the other. */
function readWork(folder) {
  const sizes = JSON.parse(readFileSync(join(folder, 'sizes.json'), 'utf8'));
  const read = name => {
    const { buffer, byteOffset, byteLength } = readFileSync(join(folder, `${name}.f32`));
    return new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
  };
  const names = ['trainInput', 'trainTarget', 'testInput', 'testTarget', 'w1', 'b1', 'w2', 'b2'];
  return { ...sizes, ...Object.fromEntries(names.map(name => [name, read(name)])) };
}

/** The class of each sample, from its row of targets. */
export function labelsOf(targets, classes) {
  return Int32Array.from({ length: targets.length / classes }, (_, n) => {
    const row = targets.subarray(n * classes, (n + 1) * classes);
    return row.indexOf(Math.max(...row));
  });
}

/**
 * `prepare` is given the work and the number of threads; it answers a function that takes one gradient step, then looks
 * at the test set, and answers [training loss, training errors, test errors], the errors as counts.
 */
export async function serve(prepare) {
  const [folder, threads] = process.argv.slice(2);
  const step = await prepare(readWork(folder), Number(threads));
  console.log(JSON.stringify(`Node ${process.versions.node}`));
  for await (const line of createInterface({ input: process.stdin })) {
    const reports = [];
    const start = performance.now();
    for (let steps = Number(line); steps > 0; steps--) reports.push(await step());
    const ms = performance.now() - start;
    console.log(JSON.stringify({ ms, reports }));
  }
  process.exit();
}
