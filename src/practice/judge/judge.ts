import type { SourceError, Sources, StartAnswerer, Transformed } from '../protocol.ts';
import { functionAround, functionNames } from '../source/functions.ts';
import { transform } from '../transform.ts';
import { type StageName, type StageVerdict, stageNames, type Verdict } from '../verdict.ts';
import { examineBackward } from './backward/backward.ts';
import { backwardStages } from './backward/stages.ts';
import { Draws } from './draws.ts';
import { Examinee } from './examinee.ts';
import { type Finding, misbehaved, nowhere, waiting } from './finding.ts';
import { examineForward, forwardStages } from './forward.ts';
import { examineFunction } from './one-function.ts';
import { examineTraining, trainingStages } from './training/training.ts';

export interface JudgeOptions {
  /** All draws come from it: the same seed, the same verdict. */
  readonly seed: number;
  /** Judges no more than the functions that these stages are of. All of them where nothing is said. */
  readonly only?: readonly StageName[];
  /** Files that are not there, and are empty among the sources. */
  readonly gone?: readonly string[];
}

/**
 * The verdict on a learner's files, stage by stage. Whoever `start` starts runs their code and says what it gave; what
 * is right is known here alone.
 *
 * The files are those of a folder that `learn` made, or one that exports the six functions; of the training there are
 * stages only where a file `training.ts` or an export `train` is.
 */
export async function judge(
  sources: Sources,
  start: StartAnswerer,
  { seed, only, gone }: JudgeOptions,
): Promise<Verdict> {
  const { readable, errors } = readableOf(sources);
  const because = (findings: readonly Finding[]) => withUnreadable(findings, errors, sources);
  if (readable === undefined) return verdictOf(because(notRun(stagesOf(sources, undefined, only))), seed);
  const examinee = new Examinee(sources, readable, start, gone);
  try {
    const findings = await examine(examinee, seed, stagesOf(sources, readable, only));
    return verdictOf(errors.length === 0 ? findings : because(findings), seed);
  } finally {
    await examinee.end();
  }
}

/** The files that can be run: without those that cannot be read, and without what imports these. */
function readableOf(sources: Sources): { readable: Transformed | undefined; errors: readonly SourceError[] } {
  let left = sources;
  let first: readonly SourceError[] = [];
  while (Object.keys(left).length > 0) {
    const made = transform(left);
    if (!Array.isArray(made)) return { readable: made, errors: first };
    if (first.length === 0) first = made;
    const bad = new Set(made.map(({ file }) => file));
    left = Object.fromEntries(Object.entries(left).filter(([file]) => !bad.has(file)));
  }
  return { readable: undefined, errors: first };
}

/** The stages that are asked for. */
function stagesOf(
  sources: Sources,
  transformed: Transformed | undefined,
  only: readonly StageName[] = stageNames,
): readonly StageName[] {
  const asked =
    transformed?.functions.train !== undefined || Object.keys(sources).some(file => /(^|\/)training\.ts$/.test(file));
  const wanted = parts.filter(part => part.some(name => only.includes(name))).flat();
  return asked ? wanted : wanted.filter(name => !(trainingStages as readonly StageName[]).includes(name));
}

/** What is judged at once, of each function in their order. */
const parts: readonly (readonly StageName[])[] = [
  ['sigma'],
  ['dsigma'],
  ['loss'],
  ['dloss'],
  forwardStages,
  backwardStages,
  trainingStages,
];

async function examine(examinee: Examinee, seed: number, stages: readonly StageName[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  /** Each part draws from a seed of its own, so that what one asks for changes nothing for the others. */
  const examinations: readonly ((draws: Draws) => Promise<Finding[]>)[] = [
    async draws => [await examineFunction('sigma', examinee, draws)],
    async draws => [await examineFunction('dsigma', examinee, draws)],
    async draws => [await examineFunction('loss', examinee, draws)],
    async draws => [await examineFunction('dloss', examinee, draws)],
    draws => examineForward(examinee, draws),
    draws => examineBackward(examinee, draws),
    draws => examineTraining(examinee, draws),
  ];
  for (const [k, names] of parts.entries()) {
    if (!names.some(name => stages.includes(name))) continue;
    const [stopped] = findings.filter(({ verdict }) => verdict === 'failed').slice(-1);
    if (examinee.over) {
      const says = `It waits for \`${stopped?.stage ?? 'sigma'}\`, which stopped everything.`;
      findings.push(...names.map(name => waiting(name, nowhere, says)));
    } else findings.push(...(await examinations[k]!(new Draws(seed * 8 + k))));
  }
  return findings;
}

/** Nothing can be run. */
function notRun(stages: readonly StageName[]): Finding[] {
  return stages.map(stage => ({ ...waiting(stage, nowhere, ''), verdict: 'missing' }));
}

/**
 * What is not there because its file cannot be read: the first stage of the function in which that stands says why, or
 * the first of all where it stands in none; the others wait.
 */
function withUnreadable(findings: readonly Finding[], [error]: readonly SourceError[], sources: Sources): Finding[] {
  const { kind, says, file, line } = error!;
  const mistake = { syntax: 'cannot-be-read', import: 'import-not-allowed', forbidden: 'not-allowed' }[kind];
  const around = kind === 'syntax' ? functionAround(line, sources[file]!) : undefined;
  const own = around === undefined ? [] : parts[functionNames.indexOf(around)]!;
  // of a stub, and of a file with nothing in it, more is known than that it is not there
  const isUnknown = ({ verdict, mistake }: Finding) =>
    verdict === 'missing' && (mistake === null || mistake === 'not-exported');
  const missing = findings.filter(isUnknown);
  const first = missing.find(({ stage }) => own.includes(stage)) ?? missing[0];
  return findings.map(finding => {
    if (!isUnknown(finding)) return finding;
    if (finding !== first) return waiting(finding.stage, nowhere, `It waits for ${file} to be readable.`);
    return misbehaved(finding.stage, { file, line }, mistake, { file, says: says.replace(/\.$/, '') });
  });
}

/** Points and score. What has no name in the learner's code gives its point to what it flows into. */
function verdictOf(findings: readonly Finding[], seed: number): Verdict {
  const target = (stage: StageName): StageName => {
    const within = findings.find(finding => finding.stage === stage)?.within;
    return within === undefined ? stage : target(within);
  };
  const worth = new Map<StageName, number>();
  for (const { stage } of findings) worth.set(target(stage), (worth.get(target(stage)) ?? 0) + 1);
  const stages = findings.map(({ stage, verdict, mistake, says, file, line }): StageVerdict => {
    const of = worth.get(stage) ?? 0;
    return { name: stage, verdict, points: verdict === 'passed' ? of : 0, of, mistake, says, file, line };
  });
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const all = sum(stages.map(({ of }) => of));
  return {
    passed: stages.every(({ verdict }) => verdict === 'passed'),
    score: all === 0 ? 0 : sum(stages.map(({ points }) => points)) / all,
    seed,
    stages,
  };
}
