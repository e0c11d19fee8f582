import type { Engine, Parameters, Problem } from '../../src/engine/engine.ts';
import type { Elsewhere } from '../../src/practice/elsewhere.ts';
import { PracticeError, practiceEngine } from '../../src/practice/practice-engine.ts';
import type { Transformed } from '../../src/practice/protocol.ts';

/**
 * The practical's loop with a learner's six functions, in a frame. Where their code ends the frame, in an endless loop or
 * by an error, the promise says so; what is asked afterwards is asked of a new frame, with the parameters as they were
 * before that step. So a training that has stopped can still be looked at and gone back in.
 *
 * @throws PracticeError from every one of its promises, as `practiceEngine`.
 */
export async function ownEngine(
  transformed: Transformed,
  problem: Problem,
  parameters: Parameters,
  open: () => Elsewhere,
  /** Told where the functions cannot be run for all samples at once, and why. */
  onSampleBySample: (says: string) => void = () => {},
): Promise<Engine> {
  let known = parameters;
  let place: Elsewhere;
  const begin = (): Promise<Engine> => {
    place = open();
    return practiceEngine(transformed, problem, known, place, { onSampleBySample });
  };
  let engine = begin();
  const { trainCount, testCount } = await engine;
  let isDisposed = false;

  const asked = async <T>(what: (engine: Engine) => Promise<T>): Promise<T> => {
    if (isDisposed) throw new PracticeError('afterwards', 'the training was ended');
    if (place.isOver) engine = begin();
    return what(await engine);
  };

  return {
    trainCount,
    testCount,
    async step(eta) {
      const result = await asked(engine => engine.step(eta));
      known = await asked(engine => engine.parameters());
      return result;
    },
    testErrors: () => asked(engine => engine.testErrors()),
    responses: set => asked(engine => engine.responses(set)),
    parameters: () => (place.isOver ? Promise.resolve(known) : asked(engine => engine.parameters())),
    async setParameters(others) {
      known = others;
      await asked(engine => engine.setParameters(others));
    },
    gradients: () => asked(engine => engine.gradients()),
    async dispose() {
      isDisposed = true;
      place.kill();
    },
  };
}
