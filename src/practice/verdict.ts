/** What the judge says of a learner's work. `longhand check --json` prints it; nothing of the host is in it. */
export interface Verdict {
  readonly passed: boolean;
  /** The share of the points, 0 to 1. */
  readonly score: number;
  /** All random draws come from it: the same seed gives the same verdict. */
  readonly seed: number;
  /** In the order of the chain. */
  readonly stages: readonly StageVerdict[];
}

export interface StageVerdict {
  readonly name: StageName;
  /** `waiting` for an earlier one that is not right; `missing` where nothing is written yet. */
  readonly verdict: 'passed' | 'failed' | 'waiting' | 'missing';
  readonly points: number;
  /** 0 where the learner's code has no name for it: its points are those of the stage that it flows into. */
  readonly of: number;
  /** The mistake's name in the catalogue, null where none explains the numbers. */
  readonly mistake: string | null;
  /** What is wrong, in the learner's own terms; what it waits for; empty where it passed. */
  readonly says: string;
  /** The learner's file, relative to what was checked, and the line in it, from 1 on. */
  readonly file: string | null;
  readonly line: number | null;
}

/** Every stage, in the order in which each follows from those before it. */
export const stageNames = [
  'sigma',
  'dsigma',
  'loss',
  'dloss',
  's1',
  'x1',
  's2',
  'x2',
  'dl_dx2',
  'dl_ds2',
  'dl_dx1',
  'dl_ds1',
  'dl_dw2',
  'dl_db2',
  'dl_dw1',
  'dl_db1',
  'accumulation',
  'step',
  'loop',
] as const;

export type StageName = (typeof stageNames)[number];
