import type { SourceError, Sources, StartAnswerer, Transformed } from '../protocol.ts';
import { transform } from '../transform.ts';
import { type StageName, type StageVerdict, stageNames, type Verdict } from '../verdict.ts';
import { backwardStages, examineBackward } from './backward.ts';
import { Draws } from './draws.ts';
import { Examinee } from './examinee.ts';
import { type Finding, failed, nowhere, waiting } from './finding.ts';
import { examineForward, forwardStages } from './forward.ts';
import { examineFunction } from './one-function.ts';
import { examineTraining, trainingStages } from './training.ts';

export interface JudgeOptions {
  /** All draws come from it: the same seed, the same verdict. */
  readonly seed: number;
}

/**
 * The verdict on a learner's files, stage by stage. Whoever `start` starts runs their code and says what it gave; what
 * is right is known here alone.
 *
 * The files are those of a folder that `learn` made, or one that exports the six functions; of the training there are
 * stages only where a file `training.ts` or an export `train` is.
 */
export async function judge(sources: Sources, start: StartAnswerer, { seed }: JudgeOptions): Promise<Verdict> {
  const transformed = transform(sources);
  if (Array.isArray(transformed)) return verdictOf(unreadable(transformed, stagesOf(sources, undefined)), seed);
  const examinee = new Examinee(sources, transformed, start);
  try {
    return verdictOf(await examine(examinee, seed, stagesOf(sources, transformed)), seed);
  } finally {
    await examinee.end();
  }
}

/** The stages that are asked for. */
function stagesOf(sources: Sources, transformed: Transformed | undefined): readonly StageName[] {
  const asked =
    transformed?.functions.train !== undefined || Object.keys(sources).some(file => /(^|\/)training\.ts$/.test(file));
  return asked ? stageNames : stageNames.filter(name => !(trainingStages as readonly StageName[]).includes(name));
}

async function examine(examinee: Examinee, seed: number, stages: readonly StageName[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  /** Each part draws from a seed of its own, so that what one asks for changes nothing for the others. */
  const parts: readonly [readonly StageName[], (draws: Draws) => Promise<Finding[]>][] = [
    [['sigma'], async draws => [await examineFunction('sigma', examinee, draws)]],
    [['dsigma'], async draws => [await examineFunction('dsigma', examinee, draws)]],
    [['loss'], async draws => [await examineFunction('loss', examinee, draws)]],
    [['dloss'], async draws => [await examineFunction('dloss', examinee, draws)]],
    [forwardStages, draws => examineForward(examinee, draws)],
    [backwardStages, draws => examineBackward(examinee, draws)],
    [trainingStages, draws => examineTraining(examinee, draws)],
  ];
  for (const [k, [names, part]] of parts.entries()) {
    if (!names.some(name => stages.includes(name))) continue;
    const [stopped] = findings.filter(({ verdict }) => verdict === 'failed').slice(-1);
    if (examinee.over) {
      const says = `It waits for \`${stopped?.stage ?? 'sigma'}\`, which stopped everything.`;
      findings.push(...names.map(name => waiting(name, nowhere, says)));
    } else findings.push(...(await part(new Draws(seed * 8 + k))));
  }
  return findings;
}

/** A file that cannot be read: the first of the stages says so, the others wait. */
function unreadable(errors: readonly SourceError[], stages: readonly StageName[]): Finding[] {
  const { kind, says, file, line } = errors[0]!;
  const ids = { syntax: 'cannot-be-read', import: 'import-not-allowed', forbidden: 'not-allowed' } as const;
  const sentence = `${file}, line ${line}: ${says.replace(/\.$/, '')}.`;
  const [first, ...others] = stages;
  return [
    failed(first!, { file, line }, ids[kind], sentence),
    ...others.map(stage => waiting(stage, nowhere, `It waits for ${file} to be readable.`)),
  ];
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
