import { expect, test } from 'vitest';
import { aboutEngine, type EngineName, engineNames, makeEngine } from '../src/engine/engines.ts';
import { randomCase } from './conforming.ts';

test('every engine of the table can be made by its name, and says what it is', async () => {
  const { problem, parameters } = randomCase(7);
  expect(engineNames).toEqual(expect.arrayContaining(['wasm', 'sample']));
  for (const name of engineNames) {
    expect(aboutEngine(name)).not.toBe('');
    const engine = await makeEngine(name, problem, parameters);
    expect((await engine.step(0)).loss).toBeGreaterThan(0);
    await engine.dispose();
  }
});

test('an engine that there is not is an error, and never another engine', async () => {
  const { problem, parameters } = randomCase(7);
  for (const name of ['gpu', '', 'toString', '__proto__'] as string[] as EngineName[]) {
    await expect(makeEngine(name, problem, parameters)).rejects.toThrow(
      `there is no engine "${name}"; choose one of ${engineNames.join(', ')}`,
    );
  }
});
