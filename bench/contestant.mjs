/** A peer at work in a process of its own, which takes steps when it is told to and otherwise waits. */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const cwd = fileURLToPath(new URL('peers', import.meta.url));
/** Debian's, which has python3-torch. */
const python = process.env.PYTHON ?? '/usr/bin/python3';

/**
 * What an environment may set for another purpose than this: which kernels libraries of linear algebra take, how their
 * threads wait, how V8 compiles. OPENBLAS_CORETYPE made numpy and PyTorch four times as slow. Every peer is to choose for
 * itself.
 */
const NOT_HANDED_ON = /^(OPENBLAS|GOTO|BLIS|NVPL|MKL|KMP|OMP|GOMP|ATEN|ONEDNN|DNNL|NPY|TORCH)_|^NODE_OPTIONS$/;

function environmentFor(threads) {
  const handedOn = Object.entries(process.env).filter(([name]) => !NOT_HANDED_ON.test(name));
  return { ...Object.fromEntries(handedOn), OPENBLAS_NUM_THREADS: threads, OMP_NUM_THREADS: threads };
}

/** Starts a peer on a work; where it does not get ready, throws with what it said was wrong. */
export async function start({ program: [file, ...rest] }, work, threads, node = process.execPath) {
  const count = String(threads === 'all' ? availableParallelism() : threads);
  const env = environmentFor(count);
  const child = spawn(file.endsWith('.py') ? python : node, [file, work, count, ...rest], { cwd, env });
  let said = '';
  child.stderr.on('data', text => {
    said = `${said}${text}`.slice(-5000);
  });
  const ended = new Promise((_, reject) => {
    child.once('error', reject);
    child.once('close', code => reject(new Error(reasonIn(said) ?? `it ended with ${code}`)));
  });
  ended.catch(() => {}); // it is meant to end when we are done
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { done, value } = await Promise.race([lines.next(), ended]);
    return done ? ended : JSON.parse(value);
  };
  const runtime = await answer();
  return {
    runtime,
    /** Takes some steps: the milliseconds they took together, and what each reported. */
    steps(count) {
      child.stdin.write(`${count}\n`);
      return answer();
    },
    end: () => child.kill('SIGKILL'),
  };
}

/** The line that says what is wrong, among those of a stack. */
function reasonIn(text) {
  return text.split('\n').findLast(line => /^\w*Error\b/.test(line));
}

const TURN = 100; // milliseconds, unless a single step takes longer
const PAUSE = 60; // the threads of the one before may go on looking for work for a while

/** Milliseconds a step, round by round. Everybody has a turn a round, each round another is first. */
export async function takeTurns(contestants, rounds, say) {
  const times = contestants.map(() => []);
  const perStep = [];
  for (const { steps } of contestants) perStep.push((await steps(1)).ms);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contestants.length; turn++) {
      const i = (turn + round) % contestants.length;
      await sleep(PAUSE);
      if (perStep[i] < TURN) await contestants[i].steps(1); // wakes its threads, fills the caches
      const count = Math.max(1, Math.round(TURN / perStep[i]));
      const { ms } = await contestants[i].steps(count);
      perStep[i] = ms / count;
      times[i].push(perStep[i]);
    }
    say(`  round ${round + 1} of ${rounds}`);
  }
  return times;
}
