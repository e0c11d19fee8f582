import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes longest, on a clean clone too, where Vitest does not know it from the last time. */
const slowest = [
  ...['long/golden', 'long/ranks', 'long/practice', 'long/drawn', 'long/thousand-steps', 'long/batch'],
  ...['long/sweep', 'long/memory', 'long/checkpoints', 'long/grade'],
  ...['predict', 'sweep', 'cli', 'readme', 'train-practice', 'resume', 'grade', 'download', 'samples', 'learn'],
  ...['start', 'lab-everyone', 'lab-server', 'check', 'lab-write', 'browser', 'page', 'package'],
].map(name => `/test/${name}.test.ts`);

/** Begins with the slowest files: those that begin last keep everybody waiting. */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = slowest.findIndex(name => moduleId.endsWith(name));
      return at < 0 ? slowest.length : at;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}
