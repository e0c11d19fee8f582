/** `longhand/engine`: the reference and the fast engine, which compute the same sums. */
export type { Engine, Parameters, Problem, SampleSet, StepResult } from './engine.ts';
export { sampleEngine } from './sample.ts';
export { ThreadError } from './thread-error.ts';
export { type WasmEngineOptions, wasmEngine } from './wasm.ts';
