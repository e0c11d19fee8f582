import { batch, effect } from '@preact/signals';
import { shows } from './controls.ts';
import { offered } from './own.ts';
import { type GivenFile, runAmong } from './run-files.ts';
import { isPreparing, open, refused } from './trainer.ts';
import { stage } from './view.ts';

/**
 * Opens the run among these files, or offers a learner's functions to the editor where they are such. Where there is
 * neither, `refused` says why, and all stays as it was.
 */
export async function openFiles(files: readonly GivenFile[]): Promise<boolean> {
  try {
    if (shows('write') && files.some(({ path }) => /\.(ts|zip)$/i.test(path))) {
      const { workAmong } = await import('../write/given.ts');
      const work = await workAmong(files);
      if (work !== undefined) {
        batch(() => {
          offered.value = work;
          stage.value = 'write';
        });
        return true;
      }
    }
    open(await runAmong(files));
  } catch (error) {
    refused.value = (error as Error).message;
    return false;
  }
  await prepared();
  return refused.value === undefined;
}

/** When the trainer is ready, or has said no. */
export function prepared(): Promise<void> {
  return new Promise(resolve => {
    const stop = effect(() => {
      if (isPreparing.value) return;
      resolve();
      queueMicrotask(() => stop());
    });
  });
}
