import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type Manner, teachersServer } from '../classroom.ts';
import { temporaryFolder } from '../made-files.ts';
import { mnistIsHere, wantsMnist } from '../mnist-here.ts';

const command = fileURLToPath(new URL('../../dist/cli/longhand.js', import.meta.url));

/** A pupil's `longhand data`, on a cache that all of the class share: what it says in the end, and its exit code. */
async function pupil(home: string, mirror: string): Promise<string> {
  const { PYTORCH_DATA_DIR: _, ...others } = process.env;
  const env = { ...others, http_proxy: '', https_proxy: 'http://127.0.0.1:1', LONGHAND_MIRROR: mirror };
  const child = spawn(process.execPath, [command, 'data'], {
    ...{ cwd: home, stdio: ['ignore', 'pipe', 'pipe'] },
    env: { ...env, HOME: home, XDG_CACHE_HOME: join(home, 'cache'), LOCALAPPDATA: home },
  });
  const code = new Promise(resolve => child.on('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout!), text(child.stderr!)]);
  return `${await code} ${stdout.replace(/ \(.*\n/, '') || stderr}`;
}

const manners: Manner[] = [
  { closes: 'at once', saysLength: true },
  { closes: 'at once', saysLength: false },
  { closes: 'late', saysLength: true },
  { closes: 'late', saysLength: false },
];

test.skipIf(!mnistIsHere).each(manners)(
  `eight pupils fetch MNIST at once from a server that closes $closes, says the length: $saysLength${wantsMnist}`,
  async manner => {
    const { folder, remove } = temporaryFolder();
    const server = await teachersServer(
      name => readFileSync(join(process.env.PYTORCH_DATA_DIR!, 'mnist', name)),
      manner,
    );
    const place = join(folder, process.platform === 'win32' ? 'longhand/Cache/mnist' : 'cache/longhand/mnist');
    const said = await Promise.all(Array.from({ length: 8 }, () => pupil(folder, server.url)));
    const good = `0 mnist: 60000 training and 10000 test images in ${place}, all files checked`;
    expect(said).toEqual(Array(8).fill(good));
    expect(readdirSync(place)).toHaveLength(4);
    await server.close();
    remove();
  },
);
