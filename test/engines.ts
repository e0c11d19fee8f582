import type { Engine, Parameters, Problem } from '../src/index.ts';
import { sampleEngine, wasmEngine } from '../src/index.ts';

/** How a test makes an engine. Some have to load or start something first. */
export interface EngineUnderTest {
  readonly name: string;
  readonly make: (problem: Problem, parameters: Parameters) => Engine | Promise<Engine>;
  /** Whether a thousand steps on 1,000 samples are a matter of seconds, not of minutes. */
  readonly fast: boolean;
}

const wasm = (threads: number): EngineUnderTest => ({
  name: `wasm, ${threads} thread${threads > 1 ? 's' : ''}`,
  make: (problem, parameters) => wasmEngine(problem, parameters, { threads }),
  fast: true,
});

/** Every engine that the golden logs and the conformance suite hold. A new one is added here. */
export const engines: readonly EngineUnderTest[] = [
  { name: 'sample', make: sampleEngine, fast: false },
  wasm(1),
  wasm(3),
];
