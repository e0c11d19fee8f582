/**
 * How a step's time depends on ranks, threads and the network, measured; a model of it, fitted to some of the runs and
 * held against the others; and what it says of machines that are not here.
 *
 *     KOFFI=/path/to/a/folder/with/koffi node bench/ranks.mjs              # on this machine
 *     KOFFI=… node bench/ranks.mjs --delay 100us --rate 1gbit --hosts 4     # as root, in namespaces with such a network
 *
 * It wants Open MPI (Debian: openmpi-bin) and, for namespaces, iproute2. Nothing else should run meanwhile.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    delay: { type: 'string' },
    rate: { type: 'string' },
    hosts: { type: 'string' },
    hidden: { type: 'string', default: '50' },
    samples: { type: 'string', default: '20000' },
    steps: { type: 'string', default: '300' },
    repeat: { type: 'string', default: '3' },
  },
});
const command = fileURLToPath(new URL('../dist/cli/longhand.js', import.meta.url));
const environment = {
  ...process.env,
  OMPI_ALLOW_RUN_AS_ROOT: '1',
  OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1',
  NODE_PATH: resolve(process.env.KOFFI ?? '.', 'node_modules'),
};
const cores = availableParallelism();

const parameters = hidden => hidden * (784 + 1) + 10 * (hidden + 1);

/** Milliseconds a step, and of these in messages: the fastest of some runs. */
async function measured({ ranks, threads, samples, hidden }, launcher = []) {
  const train = ['train', '--dataset', 'drawn', '--samples', `${samples}`, '--hidden', `${hidden}`];
  const all = [process.execPath, command, ...train, '--steps', options.steps, '--threads', `${threads}`];
  const mpirun = ['mpirun.openmpi', '--oversubscribe', '--bind-to', 'none', ...launcher, '-n', `${ranks}`];
  const [program, ...args] = ranks === 1 ? all : [...mpirun, ...all];
  let best;
  for (let i = 0; i < Number(options.repeat); i++) {
    const run = await timed(program, args);
    if (best === undefined || run.ms < best.ms) best = run;
  }
  return best;
}

/** The time between the log's first line and its last, and what is said of messages. */
async function timed(program, args) {
  const child = spawn(program, args, { env: environment });
  let [first, last, stderr] = [undefined, undefined, ''];
  child.stdout.setEncoding('utf8').on('data', text => {
    if (!text.includes('acc_train_loss')) return;
    last = performance.now();
    first ??= last;
  });
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text;
  });
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(stderr);
  const [, messages = '0'] = /of which ([\d.]+) s in messages/.exec(stderr) ?? [];
  return { ms: (last - first) / (options.steps - 1), messages: (1000 * messages) / options.steps };
}

/**
 * Least squares for few unknowns: solves (AᵀWA) x = AᵀWb, each row weighted by 1 / b, so that a hundredth counts alike in
 * long and in short times.
 */
function fitted(rows, times) {
  const n = rows[0].length;
  const m = Array.from({ length: n }, () => new Array(n + 1).fill(0));
  rows.forEach((row, k) => {
    const w = 1 / times[k] ** 2;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) m[i][j] += w * row[i] * row[j];
      m[i][n] += w * row[i] * times[k];
    }
  });
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      if (k === i) continue;
      const factor = m[k][i] / m[i][i];
      for (let j = i; j <= n; j++) m[k][j] -= factor * m[i][j];
    }
  }
  return m.map((row, i) => row[n] / row[i]);
}

/** What a step is made of: the work of a core, what each rank does for itself, and what is sent. */
const workOf = ({ ranks, threads, samples, hidden }) => {
  const used = Math.min(ranks * threads, cores);
  const test = Math.min(samples, 10_000);
  // a step looks at a training sample twice and at a test sample once
  return ((samples + test / 3) * hidden) / used;
};
const sentBytes = ({ ranks, hidden }) => 2 * 4 * parameters(hidden) * (1 - 1 / ranks);
/** Of what a rank computes, in which all take part, and what a step takes besides. */
const computing = run => [workOf(run), 1];
/** Of messages: three exchanges, the bytes, and the wait for whoever computes longest. */
const inMessages = run => [3, sentBytes(run), workOf(run)];

/** Ranks in network namespaces, one a host, which mpirun starts as it would by ssh. */
function namespaces(count, { delay, rate }) {
  const ip = (...args) => execFileSync('ip', args);
  const names = Array.from({ length: count }, (_, i) => `longhand${i}`);
  ip('link', 'add', 'longhandbr', 'type', 'bridge');
  ip('addr', 'add', '10.77.0.254/24', 'dev', 'longhandbr');
  ip('link', 'set', 'longhandbr', 'up');
  names.forEach((name, i) => {
    ip('netns', 'add', name);
    ip('link', 'add', `lh${i}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
    ip('link', 'set', `lh${i}`, 'master', 'longhandbr', 'up');
    for (const device of ['lo', 'eth0']) ip('-n', name, 'link', 'set', device, 'up');
    ip('-n', name, 'addr', 'add', `10.77.0.${i + 1}/24`, 'dev', 'eth0');
    // what leaves a host is delayed and limited; what comes in was so at its sender
    const shape = (...how) => spawnSync('tc', ['-n', name, 'qdisc', 'add', 'dev', 'eth0', 'root', ...how]).status === 0;
    if (shape('netem', 'delay', delay, 'rate', rate, 'limit', '100000')) return;
    if (i === 0) console.log('this kernel has no netem: the rate is limited, and nothing delayed\n');
    if (!shape('tbf', 'rate', rate, 'burst', '128kb', 'limit', '64mb')) throw new Error('this kernel limits no rate');
  });
  // in the place of ssh: the host's address says which namespace
  const folder = mkdtempSync(join(tmpdir(), 'longhand-ranks-'));
  const agent = join(folder, 'agent');
  writeFileSync(
    agent,
    '#!/bin/sh\nn=$(echo $1 | cut -d. -f4); shift; exec ip netns exec longhand$((n - 1)) sh -c "$*"\n',
  );
  chmodSync(agent, 0o755);
  const hosts = join(folder, 'hosts');
  writeFileSync(hosts, names.map((_, i) => `10.77.0.${i + 1} slots=1\n`).join(''));
  const net = ['--mca', 'btl_tcp_if_include', '10.77.0.0/24', '--mca', 'oob_tcp_if_include', '10.77.0.0/24'];
  const launcher = [
    '--mca',
    'plm_rsh_agent',
    agent,
    '--mca',
    'btl',
    'tcp,self',
    '--mca',
    'pml',
    'ob1',
    ...net,
    '--hostfile',
    hosts,
  ];
  const remove = () => {
    for (const name of names) ip('netns', 'del', name);
    ip('link', 'del', 'longhandbr');
    rmSync(folder, { recursive: true });
  };
  return { launcher, remove };
}

const hidden = Number(options.hidden);
const samples = Number(options.samples);
const show = (run, { ms, messages }, model) =>
  console.log(
    `| ${run.ranks} | ${run.threads} | ${run.samples} | ${run.hidden} | ${ms.toFixed(2)} | ${messages.toFixed(2)} | ` +
      `${((100 * messages) / ms).toFixed(0)}% | ${model === undefined ? '' : model.toFixed(2)} |`,
  );
const head = () =>
  console.log(
    '| ranks | threads | samples | hidden | ms a step | in messages | share | model |\n|--:|--:|--:|--:|--:|--:|--:|--:|',
  );

console.log(`${cpus()[0].model}, ${cores} cores, Node ${process.version}\n`);
if (options.hosts === undefined) {
  const run = (ranks, threads, samples, hidden) => ({ ranks, threads, samples, hidden });
  const few = samples / 20;
  const runs = [
    run(1, 1, samples, hidden),
    run(1, 1, samples / 4, hidden),
    run(1, 1, samples, 4 * hidden),
    run(1, cores, samples, hidden),
    run(2, 1, samples, hidden),
    run(2, 1, few, hidden),
    run(2, 1, few, 8 * hidden),
  ];
  head();
  for (const one of runs) {
    Object.assign(one, await measured(one));
    show(one, one);
  }
  const [alone, two] = [1, 2].map(ranks => runs.filter(run => run.ranks === ranks));
  const compute = fitted(
    alone.map(computing),
    alone.map(({ ms }) => ms),
  );
  const messages = fitted(
    two.map(inMessages),
    two.map(({ messages }) => messages),
  );
  const product = (a, b) => a.reduce((sum, x, i) => sum + x * b[i], 0);
  const modelled = run => product(computing(run), compute) + product(inMessages(run), messages);
  const others = [
    run(2, 1, samples / 4, hidden),
    run(2, 1, samples, 2 * hidden),
    run(2, 1, few, 4 * hidden),
    run(2, 2, samples, hidden),
    run(4, 1, samples, hidden),
  ];
  console.log('\nwhat was not fitted:\n');
  head();
  // more ranks or threads than cores wait for each other, of which the model knows nothing
  for (const run of others) show(run, await measured(run), run.ranks * run.threads > cores ? undefined : modelled(run));
  const [latency, perByte, wait] = messages;
  console.log(
    `\na core: ${(1e6 * compute[0]).toFixed(1)} ns a sample and unit; a step besides: ${compute[1].toFixed(2)} ms`,
  );
  console.log(
    `messages: ${(1000 * latency).toFixed(0)} µs an exchange, ${(1e-6 / perByte).toFixed(2)} GB/s, ` +
      `and ${((100 * wait) / compute[0]).toFixed(0)}% of the work in waiting for the slower one`,
  );
  console.log('\n16 machines of 16 cores, 10 GbE (1.25 GB/s, 50 µs), 8,000,000 samples:\n');
  console.log('| hidden | compute | messages | ms a step | as fast as so many machines |\n|--:|--:|--:|--:|--:|');
  for (const units of [50, 200, 800]) {
    const work = ((8e6 + 3333) * units) / 256;
    const own = work * compute[0] + compute[1];
    // what this machine takes for a byte, to copy and to add it, and what the network takes; and the same share of waiting
    const bytes = sentBytes({ ranks: 16, hidden: units });
    const sending = 3 * 0.05 + bytes * perByte + bytes / 1.25e6 + work * wait;
    const one = 16 * work * compute[0] + compute[1];
    console.log(
      `| ${units} | ${own.toFixed(1)} | ${sending.toFixed(2)} | ${(own + sending).toFixed(1)} | ${(one / (own + sending)).toFixed(1)} |`,
    );
  }
} else {
  const count = Number(options.hosts);
  const { launcher, remove } = namespaces(count, { delay: options.delay ?? '50us', rate: options.rate ?? '1gbit' });
  try {
    head();
    const run = { ranks: count, threads: 1, samples, hidden };
    show(run, await measured(run, launcher));
  } finally {
    remove();
  }
}
