/**
 * Measures Longhand beside the others, writes results.json and the tables that are made of it:
 *
 *     bench/run [--works default,full,dense] [--peers longhand,pytorch,…] [--rounds 50] [--out FILE]
 *     bench/run --tables      only the tables
 *
 * All peers of a work are there at once, each in a process of its own, and take turns: one works, the others wait. So
 * whatever slows the machine for a while slows them all, and the ratios within a round hold.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
    rounds: { type: 'string', default: '50' },
    out: { type: 'string', default: resultsFile },
    tables: { type: 'boolean', default: false },
  },
});
const rounds = Number(options.rounds);
const say = text => process.stderr.write(`${text}\n`);

/** This Node, and the newest from the package that carries it for this system, where that is installed and another. */
const nodes = [process.execPath];
try {
  const newest = createRequire(import.meta.url).resolve(`node-${process.platform}-${process.arch}/bin/node`);
  if (spawnSync(newest, ['--version'], { encoding: 'utf8' }).stdout?.trim() !== process.version) nodes.push(newest);
} catch {
  say('the newest Node is not installed: everything is measured on this one');
}

/** Whoever of the peers can be started on a work, in every runtime and with every number of threads that it has. */
async function contestantsFor(work, folder, missing) {
  const contestants = [];
  for (const name of options.peers.split(',')) {
    const peer = peers[name];
    if (peer.sample && !works[work].sample) continue;
    for (const node of peer.program[0].endsWith('.mjs') ? nodes : nodes.slice(0, 1)) {
      for (const threads of peer.threads) {
        try {
          contestants.push({ name, threads, ...(await start(peer, folder, threads, node)) });
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

/**
 * The processor's name, and where Linux tells them its family and its widest vectors: cloud machines of many generations
 * have the same name.
 */
function processor() {
  const name = os.cpus()[0].model;
  if (!existsSync('/proc/cpuinfo')) return name;
  const info = readFileSync('/proc/cpuinfo', 'utf8');
  const family = /^cpu family\s*: (\d+)$/m.exec(info)?.[1];
  const vectors = ['avx512f', 'avx2'].find(flag => new RegExp(`^flags.* ${flag}\\b`, 'm').test(info));
  const more = [family && `family ${family}`, vectors?.toUpperCase()].filter(Boolean);
  return more.length === 0 ? name : `${name} (${more.join(', ')})`;
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
    return right.map(({ name, runtime, threads }, i) => ({ name, runtime, threads, ms: times[i] }));
  });
}

/** Longhand alone, one thread, on works of many sizes: does the cost grow as the work does? */
function scale() {
  say('Longhand on works of many sizes');
  return inFolder(async (folder, everybody) => {
    const measured = [];
    for (const [i, { samples, hidden, ...work }] of scales.entries()) {
      await writeWork(join(folder, String(i)), { samples, hidden, ...work });
      for (const node of nodes) {
        const contestant = await start(peers.longhand, join(folder, String(i)), 1, node);
        everybody.push(contestant);
        measured.push({ samples, hidden, runtime: contestant.runtime });
      }
    }
    const times = await takeTurns(everybody, rounds, say);
    return measured.map((scale, i) => ({ ...scale, ms: times[i] }));
  });
}

/** Seconds that `longhand train` takes as a whole, from its start to its end. */
function wholeProcess() {
  say('longhand train, the whole process');
  const command = fileURLToPath(new URL('../dist/cli/longhand.js', import.meta.url));
  const versionOf = node => spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim().slice(1);
  const measured = nodes.map(node => ({ runtime: `Node ${versionOf(node)}`, seconds: [] }));
  for (let round = 0; round < rounds; round++) {
    for (const [i, node] of nodes.entries()) {
      const begin = performance.now();
      const { status, stderr } = spawnSync(node, [command, 'train', '--dataset', 'mnist']);
      if (status !== 0) throw new Error(`longhand train: ${stderr}`);
      measured[i].seconds.push((performance.now() - begin) / 1000);
    }
  }
  return measured;
}

if (!options.tables) {
  const { dependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
  const results = {
    date: new Date().toISOString().slice(0, 10),
    machine: {
      processor: processor(),
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
