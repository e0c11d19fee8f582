/**
 * The script of frame.html, which is all that this document has: a document without an origin, a network or storage,
 * in which a learner's code runs. The page gives it a port, and it gives the port to the worker in which the code runs,
 * so that whoever asks talks to that worker and to nobody else. No code of a learner's runs on this thread.
 */
import source from 'virtual:learner';

// opened in any other way than in a sandbox, it would have the origin of whoever serves it
if (origin === 'null') {
  const worker = new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
  addEventListener('message', ({ ports }) => worker.postMessage(null, [...ports]), { once: true });
}
