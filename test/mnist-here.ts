import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type LoadOptions, loadData, type OneHotData } from '../src/index.ts';

const root = process.env.PYTORCH_DATA_DIR;

/** Whether real MNIST lies where PyTorch's variable says. */
export const mnistIsHere: boolean = root !== undefined && existsSync(join(root, 'mnist', 'train-images-idx3-ubyte.gz'));

/** Put at the end of a test's name where MNIST is needed: it says why the test was skipped. */
export const wantsMnist: string = mnistIsHere
  ? ''
  : ' (skipped: no MNIST; set PYTORCH_DATA_DIR to the folder that holds mnist/)';

/** Normalised MNIST with one-hot targets, as the practical loads it. */
export function mnist(size: Pick<LoadOptions, 'tiny' | 'full'> = {}): Promise<OneHotData<784>> {
  return loadData({ ...size, dataDir: root!, download: false, oneHotLabels: true, normalize: true, log: () => {} });
}
