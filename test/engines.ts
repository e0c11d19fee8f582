import type { Engine, Parameters, Problem } from '../src/index.ts';
import { sampleEngine } from '../src/index.ts';

/** How a test makes an engine. Some have to load or start something first. */
export interface EngineUnderTest {
  readonly name: string;
  readonly make: (problem: Problem, parameters: Parameters) => Engine | Promise<Engine>;
  /** Whether a thousand steps on 1,000 samples are a matter of seconds, not of minutes. */
  readonly fast: boolean;
}

/** Every engine that the golden logs hold. A new one is added here, and all of them are run on it. */
export const engines: readonly EngineUnderTest[] = [{ name: 'sample', make: sampleEngine, fast: false }];
