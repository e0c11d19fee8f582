// Of the lab `npm test` does what is quick, and one in a few cases; here all is done.
import '../lab-curves.test.ts';
import '../lab-draw.test.ts';
import '../lab-own.test.ts';
import '../lab-own-hostile.test.ts';
import '../lab-own-training.test.ts';
import '../lab-server.test.ts';
import '../lab-settings.test.ts';
import '../lab-static.test.ts';
import '../lab-units.test.ts';
import '../lab-write.test.ts';
