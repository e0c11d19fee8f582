/** Random whole numbers below a bound: xorshift32, so that a storm can be repeated. */
export function dice(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
