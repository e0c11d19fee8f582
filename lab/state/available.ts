import { type Signal, signal } from '@preact/signals';
import type { DataSetName } from '../../src/prologue/load-data.ts';

/** The data sets that can be trained on here: those of this machine, and the digits that are drawn in the page. */
export const available: Signal<readonly DataSetName[]> = signal(['drawn']);
