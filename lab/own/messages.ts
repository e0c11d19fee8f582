import type { Request } from '../../src/practice/elsewhere.ts';

/** What the worker in the frame is asked. Nobody can guess the id. */
export interface Asked {
  readonly id: string;
  readonly request: Request;
}

/** The numbers in one answer. */
export const MOST_BYTES = 64 << 20;
/** Characters on the console, and how many times something is written there. */
export const MOST_OUTPUT = 64 << 10;
export const MOST_OUTPUTS = 1000;

/** What the page, which alone can make frames, is asked by those who need one. A port for the frame comes with `open`. */
export type FrameWish = { readonly open: number } | { readonly close: number };
