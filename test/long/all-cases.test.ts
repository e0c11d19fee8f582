// Of these `npm test` does one in a few cases; here all of them are done.
import '../hostile.test.ts';
import '../practice-suite.test.ts';
import '../practice-training.test.ts';
import '../predict.test.ts';
import '../save.test.ts';
import '../train-practice.test.ts';
import '../types.test.ts';
