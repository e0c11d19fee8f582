/**
 * Measures Longhand beside the others, writes results.json and the tables that are made of it:
 *
 *     bench/run [--works default,full,dense] [--peers longhand,pytorch,…] [--rounds 15] [--out FILE]
 *     bench/run --tables      only the tables
 *
 * All peers of a work are there at once, each in a process of its own, and take turns: one works, the others wait. So
 * whatever slows the machine for a while slows them all, and the ratios within a round hold.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { start, takeTurns } from './contestant.mjs';
import { peers } from './peers.mjs';
import { resultsFile, writeTables } from './tables.mjs';
import { scales, works, writeWork } from './works.mjs';

const { values: options } = parseArgs({
  options: {
    works: { type: 'string', default: [...Object.keys(works), 'scales', 'process'].join() },
    peers: { type: 'string', default: Object.keys(peers).join() },
    rounds: { type: 'string', default: '15' },
    out: { type: 'string', default: resultsFile },
    tables: { type: 'boolean', default: false },
  },
});
const rounds = Number(options.rounds);
const say = text => process.stderr.write(`${text}\n`);

/** The newest Node, from the package that carries it for this system; undefined where that is not installed. */
function newestNode() {
  try {
    return createRequire(import.meta.url).resolve(`node-${process.platform}-${process.arch}/bin/node`);
  } catch {
    return undefined;
  }
}

/** Whoever of the peers can be started on a work, in every runtime and with every number of threads that it has. */
async function contestantsFor(work, folder, missing) {
  const nodes = [process.execPath, newestNode()].filter(Boolean);
  const contestants = [];
  for (const name of options.peers.split(',')) {
    const peer = peers[name];
    if (peer.sample && !works[work].sample) continue;
    for (const node of peer.program[0].endsWith('.mjs') ? nodes : [process.execPath]) {
      for (const threads of peer.threads) {
        try {
          const newest = node !== process.execPath;
          contestants.push({ name, threads, newest, ...(await start(peer, folder, threads, node)) });
        } catch (error) {
          missing[name] = error.message;
          say(`  ${name} is missing: ${error.message}`);
        }
      }
    }
  }
  return contestants;
}

/** Lets everybody take the first steps, and those go whose reports are not the reference's. */
async function check(contestants, reference, work, { N, M }, missing) {
  const right = [];
  for (const contestant of contestants) {
    const { reports } = await contestant.steps(reference.length);
    const wrong = reports.findIndex((report, step) => !agrees(report, reference[step], works[work].within, [N, M]));
    if (wrong < 0) right.push(contestant);
    else {
      missing[contestant.name] = `its step ${wrong} gives ${reports[wrong]}, the six functions ${reference[wrong]}`;
      say(`  ${contestant.name} is wrong: ${missing[contestant.name]}`);
    }
  }
  return right;
}

/** Errors within one sample, or within one of 1,000 where there are more. */
function agrees(report, reference, within, counts) {
  const [loss, ...errors] = report.map((value, i) => Math.abs(value - reference[i]));
  return loss <= within * reference[0] && errors.every((error, i) => error <= Math.max(1, counts[i] / 1000));
}

/** A folder for works, and everybody who works there, for as long as `measure` takes. */
async function inFolder(measure) {
  const folder = mkdtempSync(join(os.tmpdir(), 'longhand-bench-'));
  const everybody = [];
  try {
    return await measure(folder, everybody);
  } finally {
    for (const contestant of everybody) contestant.end();
    rmSync(folder, { recursive: true });
  }
}

function compare(work, missing) {
  say(works[work].title);
  return inFolder(async (folder, everybody) => {
    const sizes = await writeWork(folder, works[work]);
    const reference = await start(peers['longhand-sample'], folder, 1);
    everybody.push(reference);
    const { reports } = await reference.steps(works[work].checked);
    const contestants = await contestantsFor(work, folder, missing);
    everybody.push(...contestants);
    const right = await check(contestants, reports, work, sizes, missing);
    const times = await takeTurns(right, rounds, say);
    return right.map(({ name, runtime, newest, threads }, i) => ({ name, runtime, newest, threads, ms: times[i] }));
  });
}

/** Longhand alone, one thread, on works of many sizes: does the cost grow as the work does? */
function scale() {
  say('Longhand on works of many sizes');
  return inFolder(async (folder, everybody) => {
    for (const [i, work] of scales.entries()) {
      await writeWork(join(folder, String(i)), work);
      everybody.push(await start(peers.longhand, join(folder, String(i)), 1));
    }
    const times = await takeTurns(everybody, rounds, say);
    return scales.map(({ samples, hidden }, i) => ({ samples, hidden, ms: times[i] }));
  });
}

/** Seconds that `longhand train` takes as a whole, from its start to its end. */
function wholeProcess() {
  say('longhand train, the whole process');
  const command = fileURLToPath(new URL('../dist/cli/longhand.js', import.meta.url));
  return Array.from({ length: rounds }, () => {
    const begin = performance.now();
    const { status, stderr } = spawnSync(process.execPath, [command, 'train', '--dataset', 'mnist']);
    if (status !== 0) throw new Error(`longhand train: ${stderr}`);
    return (performance.now() - begin) / 1000;
  });
}

if (!options.tables) {
  const { dependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
  const results = {
    date: new Date().toISOString().slice(0, 10),
    machine: {
      processor: os.cpus()[0].model,
      cores: os.availableParallelism(),
      memory: `${Math.round(os.totalmem() / 2 ** 30)} GiB`,
      system: `${os.type()} ${os.release().split('-')[0]}, ${os.arch()}`,
    },
    versions: dependencies,
    missing: {},
    works: {},
  };
  for (const work of options.works.split(',')) {
    if (work === 'scales') results.scales = await scale();
    else if (work === 'process') results.process = wholeProcess();
    else results.works[work] = await compare(work, results.missing);
  }
  writeFileSync(options.out, `${JSON.stringify(results)}\n`);
}
if (options.out === resultsFile) writeTables();
