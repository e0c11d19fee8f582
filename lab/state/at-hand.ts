import { type Signal, signal } from '@preact/signals';
import type { DataSetName } from '../../src/prologue/load-data.ts';
import type { SavedRun } from '../training/protocol.ts';

/** What can be had where the page comes from: from `longhand lab` on this machine, or from a host that hands out files. */
export interface AtHand {
  /** The data sets that can be trained on here. Drawn digits always are, for the page draws them. */
  readonly data: readonly DataSetName[];
  /** Of those that a page could show and this one cannot, why: a sentence each. */
  readonly missing: { readonly [Name in DataSetName]?: string };
  /** The run that `longhand lab` was asked to open. */
  readonly run: { readonly name: string; readonly hasLog: boolean } | undefined;
}

const alone: AtHand = {
  data: ['drawn'],
  missing: {
    mnist: 'MNIST is not here: this page comes without it. `npx longhand lab` shows it, on your own machine',
  },
  run: undefined,
};

export const atHand: Signal<AtHand> = signal(alone);

/** Asks what there is; a page on a host of files knows it, and asks nobody. */
export async function lookAround(): Promise<AtHand> {
  if (import.meta.env.MODE === 'static') return atHand.value;
  const response = await fetch('lab.json');
  if (!response.ok) return atHand.value;
  const { data, missing, run } = await response.json();
  atHand.value = { data: [...data, 'drawn'], missing, run: run ?? undefined };
  return atHand.value;
}

/** The data set that was wanted or, where it is not at hand, drawn digits. */
export function orDrawn(wanted: DataSetName): DataSetName {
  return atHand.value.data.includes(wanted) ? wanted : 'drawn';
}

/** The run that `longhand lab` was asked to open, as it is now. */
export async function runAtHand({ name, hasLog }: NonNullable<AtHand['run']>): Promise<SavedRun> {
  const file = async (path: string): Promise<Response> => {
    const response = await fetch(path);
    if (response.ok) return response;
    throw new Error((await response.text()).trim());
  };
  const [checkpoint, log] = await Promise.all([
    file('run/checkpoint.safetensors').then(response => response.arrayBuffer()),
    hasLog ? file('run/log.csv').then(response => response.text()) : undefined,
  ]);
  return { name, checkpoint: new Uint8Array(checkpoint), log };
}
