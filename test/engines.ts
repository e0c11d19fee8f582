import { type EngineName, type EngineOptions, engineNames, makeEngine } from '../src/engine/engines.ts';
import type { Engine, Parameters, Problem } from '../src/index.ts';

/** How a test makes an engine. Some have to load or start something first. */
export interface EngineUnderTest {
  readonly name: string;
  readonly make: (problem: Problem, parameters: Parameters) => Promise<Engine>;
  /** Whether a thousand steps on 1,000 samples are a matter of seconds, not of minutes. */
  readonly fast: boolean;
}

/** What an engine is tested with beside what it does unasked. */
const asked: Partial<Record<EngineName, readonly EngineOptions[]>> = {
  wasm: [{ threads: 1 }, { threads: 3 }],
};

function underTest(name: EngineName, options: EngineOptions): EngineUnderTest {
  const { threads } = options;
  return {
    name: threads === undefined ? name : `${name}, ${threads} thread${threads > 1 ? 's' : ''}`,
    make: (problem, parameters) => makeEngine(name, problem, parameters, options),
    fast: name !== 'sample',
  };
}

/** Every engine of the table: the golden logs and the conformance suite hold them all. */
export const engines: readonly EngineUnderTest[] = engineNames.flatMap(name =>
  (asked[name] ?? [{}]).map(options => underTest(name, options)),
);
