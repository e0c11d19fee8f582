import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes longest, on a clean clone too, where Vitest does not know it from the last time. */
const slowest = [
  ...['long/thousand-steps', 'long/practice', 'long/practice-suite', 'long/drawn', 'long/golden', 'long/classroom'],
  ...['long/predict', 'long/checkpoints', 'long/grade'],
  ...['cli', 'train-practice', 'resume', 'grade', 'learn', 'download', 'package', 'readme', 'lab-server', 'start'],
  ...['lab-everyone', 'lab-write', 'browser', 'page'],
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
