import { effect } from '@preact/signals';
import { type GivenFile, runAmong } from './run-files.ts';
import { isPreparing, open, refused } from './trainer.ts';

/** Opens the run among these files. Where there is none that can be, `refused` says why, and all stays as it was. */
export async function openFiles(files: readonly GivenFile[]): Promise<boolean> {
  try {
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
