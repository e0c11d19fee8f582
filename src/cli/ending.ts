import type { Listener, Training } from '../story.ts';
import type { StepReport } from '../train.ts';
import type { InterruptedError } from './interrupt.ts';
import { duration, stepCount } from './progress.ts';
import { summary } from './summary.ts';
import type { Terminal } from './terminal.ts';

/** Says what became of a training: how long it took, what stopped it and, where somebody looks on, how it went. */
export function ending(terminal: Terminal, stop: AbortSignal, folder: string | undefined): Listener {
  const reports: StepReport[] = [];
  let training: Training;
  let start: number;
  return {
    begins(begun) {
      training = begun;
      start = performance.now();
    },
    step(report) {
      reports.push(report);
    },
    async ends(done) {
      const { steps } = training.settings;
      const took = duration((performance.now() - start) / 1000);
      if (stop.aborted)
        terminal.note(`stopped by ${(stop.reason as InterruptedError).by} after ${done} of ${steps} steps, ${took}`);
      else if (reports.length > 0) terminal.note(`${stepCount(reports.length)} in ${took}`);
      else terminal.note(`this run has done its ${stepCount(done)} already; a larger --steps goes on with it`);

      const { columns, quiet } = terminal;
      if (columns !== undefined && !quiet) {
        const parameters = await training.engine.parameters();
        const { problem } = training;
        terminal.write(
          summary({ reports, done, steps, parameters, problem, folder, args: process.argv.slice(2), columns }),
        );
      } else if (folder !== undefined) terminal.note(`saved in ${folder}`);
    },
  };
}
