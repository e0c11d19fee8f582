import { nextTurn } from '#platform';
import { Reference } from '../../src/compare/beside.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { makeEngine } from '../../src/engine/engines.ts';
import { answerersElsewhere } from '../../src/practice/elsewhere.ts';
import type { Answerer, FunctionName, Sources, Transformed } from '../../src/practice/protocol.ts';
import { transform } from '../../src/practice/transform.ts';
import type { OneHotData } from '../../src/prologue/load-data.ts';
import type { Settings } from '../../src/settings/table.ts';
import { LonghandError } from '../../src/tensor/index.ts';
import { FramePlace } from '../own/frame-place.ts';
import { ownEngine } from '../own/own-engine.ts';
import { type OwnWay, ownWayOf } from '../own/own-way.ts';
import type { Given } from '../sample/way.ts';
import { Beside } from './beside.ts';
import { History } from './history.ts';
import type { BesideNews, Numbers } from './protocol.ts';
import { Session } from './session.ts';

// What the trainer needs for a learner's functions. It is loaded when they are first asked for.

const sixNames: readonly FunctionName[] = ['sigma', 'dsigma', 'loss', 'dloss', 'forwardPass', 'backwardPass'];

/** Their steps take longer, so more of them are kept than of Longhand's: where there is memory, the practical's 1,000. */
const MOST_BYTES = ((navigator as { deviceMemory?: number }).deviceMemory ?? 4) >= 4 ? 192 * 2 ** 20 : 64 * 2 ** 20;

/**
 * Reads a learner's files.
 *
 * @throws LonghandError where a file cannot be read, or not all six functions are written.
 */
export function readyToTrain(sources: Sources): Transformed {
  const made = transform(sources);
  if (Array.isArray(made)) {
    const [{ file, line, says }] = made as [(typeof made)[number]];
    throw new LonghandError(`${file}:${line}: ${says}`);
  }
  const { functions, misspelt } = made;
  const missing = sixNames.filter(name => functions[name] === undefined || functions[name].untouched);
  if (missing.length === 0) return made;
  const near = misspelt.find(({ meant }) => meant === missing[0]);
  const advice = near === undefined ? '' : `; is \`${near.name}\`, ${near.file}:${near.line}, meant for it?`;
  const names = missing.map(name => `\`${name}\``).join(', ');
  throw new LonghandError(`${names} ${missing.length === 1 ? 'is' : 'are'} still to be written${advice}`);
}

export interface OwnTraining {
  readonly session: Session;
  readonly beside: Beside;
  /** Follows a sample with their functions; it has a frame of its own, which `end` takes away. */
  readonly follow: (network: Numbers, given: Given) => Promise<OwnWay>;
  readonly end: () => Promise<void>;
}

/** A training of a learner's functions, at its start, and Longhand's own beside it. */
export async function beginOwn(
  sources: Sources,
  settings: Settings,
  data: OneHotData,
  { frames, threads, tell }: { frames: MessagePort; threads: number | undefined; tell: (news: BesideNews) => void },
): Promise<OwnTraining> {
  const transformed = readyToTrain(sources);
  const open = () => new FramePlace(frames);
  let onSampleBySample = (_says: string): void => {};
  const session = await Session.begin(settings, data, threads, new History(MOST_BYTES), (problem, parameters) =>
    ownEngine(transformed, problem, parameters, open, says => onSampleBySample(says)),
  );
  const { problem, engine } = session.training;
  const start = await engine.parameters();
  const makeOurs = () => makeEngine('wasm', problem, start, { threads });
  const { eta, zeta, steps } = settings;
  const sizes = { train: engine.trainCount, test: engine.testCount };
  const beside = new Beside(
    new Reference(await makeOurs(), eta),
    steps,
    { sizes, zeta, classes: problem.trainTarget.size(1) },
    // the weights are those of the reference: no other seed need be tried
    { engine: async () => unhurried(await makeOurs()), start: () => start, startOf: () => start, eta, seeds: [] },
    tell,
  );
  onSampleBySample = says => beside.sayOneByOne(says);
  let answerer: Promise<Answerer> | undefined;
  return {
    ...{ session, beside },
    async follow(network, given) {
      answerer ??= answerersElsewhere(open)(transformed);
      return ownWayOf({ sources, transformed, answerer: await answerer }, network, given);
    },
    end: async () => (await answerer)?.end(),
  };
}

/** The same engine, which gives messages a turn before each step: it is stepped hundreds of times on end. */
function unhurried(engine: Engine): Engine {
  return {
    ...{ trainCount: engine.trainCount, testCount: engine.testCount },
    async step(eta) {
      await nextTurn();
      return engine.step(eta);
    },
    testErrors: () => engine.testErrors(),
    responses: set => engine.responses(set),
    parameters: () => engine.parameters(),
    setParameters: parameters => engine.setParameters(parameters),
    gradients: () => engine.gradients(),
    dispose: () => engine.dispose(),
  };
}
