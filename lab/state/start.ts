import { followAddress } from './address-bar.ts';

/** Begins with what the page is to show first. */
export async function start(): Promise<void> {
  followAddress();
}
