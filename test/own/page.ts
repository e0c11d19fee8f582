import { frames } from '../../lab/own/frames.ts';
import { abandonCheck, check, prepareJudge } from '../../lab/own/judge.ts';

// What a page has that lets a learner's code run: for the tests, which call it.
Object.assign(globalThis, { own: { check, abandonCheck, prepareJudge, frames } });
