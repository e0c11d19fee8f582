// Loaded before `longhand` by NODE_OPTIONS: what befalls a rank once the file $FAULT_FILE is there, which names the rank
// and what: a signal, or `exit`, which ends it as if it were done.
import { existsSync, readFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const { FAULT_FILE = '', OMPI_COMM_WORLD_RANK, PMI_RANK } = process.env;
const rank = OMPI_COMM_WORLD_RANK ?? PMI_RANK;
if (isMainThread && rank !== undefined) {
  const look = setInterval(() => {
    if (!existsSync(FAULT_FILE)) return;
    clearInterval(look);
    const [who, what] = readFileSync(FAULT_FILE, 'utf8').split(' ');
    if (who !== rank) return;
    if (what === 'exit') process.exit(0);
    process.kill(process.pid, what);
  }, 2);
  look.unref();
}
