import { execFileSync, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { describe, expect } from 'vitest';
import { childAnswerers, nodeCommand } from '../dist/practice/node/channel.js';
import { answerersApart } from '../dist/practice/node/grade/apart.js';
import { bubblewrap, probeSandbox } from '../dist/practice/node/grade/sandbox.js';
import { startInProcess } from '../src/practice/answerer/in-process.ts';
import { references } from '../src/practice/judge/examinee.ts';
import { judge } from '../src/practice/judge/judge.ts';
import type { StartAnswerer } from '../src/practice/protocol.ts';
import { hostileSubmissions, solutionsStolen } from './hostile-submissions.ts';
import { oneIn, sharedTest, test } from './one-in.ts';

// Code that wants marks, or the machine, instead of being right. Where bubblewrap works it is what stands around.

const sandbox = await probeSandbox();
const hasBubblewrap = sandbox.isolation === 2;
if (!hasBubblewrap) console.log(`without bubblewrap: ${sandbox.says}`);

const quick: StartAnswerer = childAnswerers({ startedBy: sandbox.startedBy, milliseconds: 150 });
const works = async () => true;
const seed = 1;
const stage = async (name: string, source: string, start: StartAnswerer) =>
  (await judge({ 'mine.ts': source }, start, { seed })).stages.find(stage => stage.name === name)!;

describe.concurrent('no pass for one that', () => {
  sharedTest.each(oneIn(2, hostileSubmissions))('%s', async (_, source) => {
    const { passed, score, stages } = await judge(
      { 'mine.ts': source },
      answerersApart(quick, { milliseconds: 30_000, works }),
      { seed },
    );
    expect([passed, score]).toEqual([false, 0]);
    expect(stages.filter(({ verdict }) => verdict === 'passed')).toEqual([]);
    expect(stages.find(({ verdict }) => verdict === 'failed')?.says).not.toMatch(/node:|\bat .*:\d+:\d+/);
  });
});

describe("Longhand's own solution is no way to pass, for one that", () => {
  test.each(solutionsStolen)('%s', async (_, source) => {
    const { passed, score, stages } = await judge({ 'mine.ts': source }, startInProcess, { seed });
    expect([passed, score]).toEqual([false, 0]);
    expect(stages.some(({ verdict }) => verdict === 'failed')).toBe(true);
  });
});

describe('a process for each function', () => {
  // sigma is right, and while it is asked makes a table of what stands in for dsigma
  const thief = `import { arange, full, maximum, minimum } from 'longhand/tensor';
    let table: any;
    export const sigma = (x: any) => {
      table ??= dsigma(arange(400_002).double().div(1e4).sub(20));
      return x.tanh();
    };
    export const dsigma = (x: any): any => {
      if (table === undefined) return x;
      const all = x.double().reshape(-1);
      const within = (least: number, most: number) =>
        minimum(maximum(all, full(all.shape, least).double()), full(all.shape, most).double());
      const at = within(-20, 20).add(20).mul(1e4);
      const i = at.long();
      const rest = at.sub(i.double());
      const [below, above] = [table.indexSelect(0, i), table.indexSelect(0, i.add(1))];
      return below.add(above.sub(below).mul(rest)).view(...x.shape);
    };`;
  const slow = childAnswerers({ startedBy: sandbox.startedBy });

  /** Shows each function the references of all others, later ones too. */
  const careless: StartAnswerer = async transformed => {
    const answerer = await slow(transformed);
    const { train, ...others } = transformed.functions;
    const inPlaceOf = (asked: string) =>
      Object.fromEntries(Object.entries(references).filter(([name]) => name !== asked && name in others));
    return {
      call: call => answerer.call({ ...call, inPlaceOf: inPlaceOf(call.function) }),
      end: () => answerer.end(),
    };
  };

  test('and the references of later stages would be missed: one function hands the next what it was shown', async () => {
    expect(await stage('dsigma', thief, careless)).toMatchObject({ verdict: 'passed' });
  });

  test('each alone keeps it from that', async () => {
    expect(await stage('dsigma', thief, slow)).toMatchObject({ verdict: 'failed' });
    const apart = answerersApart(careless, { milliseconds: 30_000, works });
    expect(await stage('dsigma', thief, apart)).toMatchObject({ verdict: 'failed' });
  });

  test('is shown the references of earlier stages and no others', async () => {
    const shown: [string, string[]][] = [];
    const listening: StartAnswerer = async transformed => {
      const answerer = await startInProcess(transformed);
      return {
        call: call => {
          shown.push([call.function, Object.keys(call.inPlaceOf)]);
          return answerer.call(call);
        },
        end: () => answerer.end(),
      };
    };
    const source = ['sigma', 'dsigma', 'loss', 'dloss', 'forwardPass', 'backwardPass', 'train']
      .map(name => `export const ${name} = (...all: any[]) => all[0];`)
      .join('\n');
    const order = ['sigma', 'dsigma', 'loss', 'dloss', 'forwardPass', 'backwardPass', 'train'];
    await judge({ 'mine.ts': source }, answerersApart(listening, { milliseconds: 30_000, works }), { seed });
    expect([...new Set(shown.map(([name]) => name))]).toEqual(order);
    for (const [name, references] of shown) {
      expect(references).toEqual(order.filter(other => references.includes(other)));
      for (const other of references) expect(order.indexOf(other)).toBeLessThan(order.indexOf(name));
    }
  });

  test('is not asked again once the time of the submission is over', async () => {
    const source = 'export const sigma = (x: any) => x.tanh();\nexport const dsigma = (x: any) => x;';
    const verdict = await judge({ 'mine.ts': source }, answerersApart(startInProcess, { milliseconds: -1, works }), {
      seed,
    });
    expect(verdict.stages.map(({ verdict }) => verdict)).toEqual(['failed', ...Array(16).fill('waiting')]);
  });
});

describe.skipIf(!hasBubblewrap)('bubblewrap', () => {
  /** What a program finds that runs in place of the runner. */
  const found = (command: readonly string[], port: number): Promise<Record<string, string>> => {
    const spy = `
      const { readFileSync, readdirSync, writeFileSync } = process.getBuiltinModule('node:fs');
      const { connect } = process.getBuiltinModule('node:net');
      const tried = f => { try { f(); return 'yes' } catch (error) { return error.code ?? 'no' } };
      const said = {
        secret: process.env.SECRET ?? 'no',
        passwd: tried(() => readFileSync('/etc/passwd')),
        home: tried(() => readdirSync('/root')),
        house: tried(() => readFileSync(${JSON.stringify(`${process.cwd()}/src/practical.ts`)})),
        built: tried(() => readFileSync(${JSON.stringify(`${process.cwd()}/dist/practical.js`)})),
        processes: tried(() => readdirSync('/proc/1')),
        writes: tried(() => writeFileSync('/tmp/longhand-spy', '')),
        kills: tried(() => process.kill(${process.pid}, 0)),
        starts: tried(() => { const { error } = process.getBuiltinModule('node:child_process').spawnSync('/bin/ls'); if (error) throw error; }),
      };
      const end = network => console.log(JSON.stringify({ ...said, network }));
      connect(${port}, '127.0.0.1').on('connect', () => { end('yes'); process.exit() }).on('error', error => end(error.code));`;
    const [program, ...args] = [...command, '-e', spy];
    return Promise.resolve(
      JSON.parse(execFileSync(program!, args, { encoding: 'utf8', env: { SECRET: 'yes', PATH: process.env.PATH } })),
    );
  };
  const listening = async <T>(act: (port: number) => Promise<T>): Promise<T> => {
    const server = createServer(socket => socket.end());
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    try {
      return await act((server.address() as { port: number }).port);
    } finally {
      server.close();
    }
  };

  test('shows nothing of the machine, even to one that got past the permissions of Node', async () => {
    const inside = await listening(port => found([...bubblewrap(), process.execPath], port));
    expect(inside).toEqual({
      secret: 'no',
      passwd: 'ENOENT',
      home: 'ENOENT',
      house: 'ENOENT',
      built: 'ENOENT',
      processes: 'ENOENT',
      writes: expect.stringMatching(/^(ENOENT|EROFS)$/), // where Node itself lies below /tmp, the folder is there
      kills: 'ESRCH',
      starts: 'ENOENT',
      network: 'ECONNREFUSED',
    });
  });

  test('is what does it: without it all of that is there', async () => {
    const outside = await listening(async port => found([process.execPath], port));
    expect(outside).toMatchObject({ secret: 'yes', passwd: 'yes', house: 'yes', built: 'yes', kills: 'yes' });
    expect(outside).toMatchObject({ processes: 'yes', writes: 'yes', starts: 'yes', network: 'yes' });
  });

  test('and Node without it keeps files and processes away, the network not', async () => {
    const command = nodeCommand().slice(0, -1);
    const outside = await listening(async port => found(command, port));
    expect(outside).toMatchObject({ passwd: 'ERR_ACCESS_DENIED', built: 'ERR_ACCESS_DENIED' });
    expect(outside).toMatchObject({ writes: 'ERR_ACCESS_DENIED', starts: 'ERR_ACCESS_DENIED' });
  });

  test('ends with whoever started it', async () => {
    const script = `import { spawn } from 'node:child_process';
      const [program, ...args] = ${JSON.stringify([...bubblewrap(), process.execPath, '-e', 'setInterval(() => {}, 1e6); 0x10c6'])};
      spawn(program, args, { stdio: 'ignore', detached: true }).unref();
      setTimeout(() => process.kill(process.pid, 'SIGKILL'), 300);`;
    spawnSync(process.execPath, ['--input-type=module', '-e', script]);
    const left = () =>
      execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' })
        .split('\n')
        .filter(line => line.endsWith('0x10c6'));
    await expect.poll(left, { timeout: 20_000 }).toEqual([]);
  });
});

test.skipIf(process.platform !== 'linux')('no file may have a byte, few may be open, and none of a core', () => {
  const [shell, option, limits] = nodeCommand();
  const shown = limits!.replace(/exec .*/, 'ulimit -f; ulimit -n; ulimit -c');
  expect(spawnSync(shell!, [option!, shown], { encoding: 'utf8' }).stdout).toBe('0\n64\n0\n');
});
