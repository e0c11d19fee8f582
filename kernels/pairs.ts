/**
 * Two neighbouring vectors at a time, so that V8 can join them into one of 256 bits (docs/engine.md). It joins what is
 * stored side by side, and from there whatever both halves do alike, as long as no store lies between two loads that it
 * would do at once. So: first load both, then compute both, then store both.
 */

/** u at x and v after it. The upper one first: then V8 need not store the lower one twice. */
@inline
export function storeBoth(x: usize, u: v128, v: v128): void {
  v128.store(x, v, 16);
  v128.store(x, u);
}
