/**
 * A process that judges: it knows what is right, runs nothing of a submission's itself, and is started and, where it
 * takes too long, killed by the one that keeps the results. What it is sent, and what it answers, are whole messages.
 */
import { createHash } from 'node:crypto';
import { type Graded, plain } from '../../grade/graded.ts';
import { withoutNames } from '../../grade/same.ts';
import { workIn } from '../../grade/work.ts';
import { judge } from '../../judge/judge.ts';
import type { Sources } from '../../protocol.ts';
import { childAnswerers } from '../channel.ts';
import { answerersApart, SandboxLostError } from './apart.ts';
import { answers } from './sandbox.ts';

export interface JudgingRequest {
  readonly files: Sources;
  readonly seed: number;
  readonly startedBy: readonly string[];
  /** For all calls of the submission together. */
  readonly milliseconds: number;
}

export type Judged = Omit<Graded, 'submission' | 'student' | 'id' | 'late'>;
/** Nothing can be run any more, and why. */
export interface Lost {
  readonly lost: string;
}

process.on('disconnect', () => process.exit());
process.on('SIGTERM', () => process.exit());
process.on('message', async (request: JudgingRequest) => {
  let judged: Judged | Lost;
  try {
    judged = await judgedFrom(request);
  } catch (error) {
    const says = plain(String(error)).slice(0, 300);
    judged =
      error instanceof SandboxLostError
        ? { lost: error.message }
        : withoutVerdict(`Longhand could not judge it (${says}): please tell its authors`);
  }
  process.send!(judged);
});

async function judgedFrom({ files, seed, startedBy, milliseconds }: JudgingRequest): Promise<Judged> {
  const work = workIn(files);
  if (typeof work === 'string') return withoutVerdict(work);
  const start = answerersApart(childAnswerers({ startedBy }), { milliseconds, works: () => answers(startedBy) });
  const { passed, score, stages } = await judge(work, start, { seed });
  const said = stages.map(stage => ({ ...stage, says: plain(stage.says), file: stage.file && plain(stage.file) }));
  const program = withoutNames(work);
  return {
    passed,
    score,
    stages: said,
    reason: null,
    files: Object.keys(work).map(plain),
    program: program && createHash('sha256').update(program).digest('hex').slice(0, 16),
  };
}

function withoutVerdict(reason: string): Judged {
  return { passed: false, score: 0, stages: [], reason: plain(reason), files: [], program: null };
}
