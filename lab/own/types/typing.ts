/** The thread in which the types of a learner's files are checked. It brings the compiler along, which is large. */
import types from 'virtual:editor-types';
import { TypeChecker } from './checker.ts';
import type { FromTypes, ToTypes } from './types.ts';

const checker = new TypeChecker(types);
self.onmessage = ({ data: { id, sources } }: MessageEvent<ToTypes>) => {
  postMessage({ id, found: checker.diagnose(sources) } satisfies FromTypes);
};
