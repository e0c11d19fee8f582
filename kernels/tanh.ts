/**
 * tanh of four float32 at once, within 2 ulp, and its derivative.
 *
 * With y = −2|x|: tanh |x| = −(eʸ − 1) / (eʸ + 1) and tanh′ x = 4 eʸ / (eʸ + 1)². Both are taken from p = eʳ − 1,
 * y = k ln 2 + r, |r| ≤ ½ ln 2, so that neither loses digits: tanh where x is small, the derivative where it is
 * large and 1 − tanh² would be a difference of two nearly equal numbers. For |x| < ¼ the Taylor series of tanh is better
 * still by half an ulp.
 *
 * The constants come from memory, before the loop: V8 would make a constant in the code anew each time, in four
 * instructions.
 */
const constants = memory.data<f32>([
  43.5, -2, 1.44269504, 0.693359375, -2.12194440e-4, 1, 2, 4, 12582912, 0.8, 0.25,
  1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120, 1.0 / 720, 1.0 / 5040,
  -1.0 / 3, 2.0 / 15, -17.0 / 315, 62.0 / 2835,
]);
@inline function constant(i: i32): v128 { return v128.load32_splat(constants + 4 * i); }

/** x ← tanh x over a number of vectors; d ← tanh′ x if asked for. */
@inline
function tanhOf(withDerivative: bool, x: usize, d: usize, vectors: u32): void {
  const furthest = constant(0); // e^(−2 · 43.5) is about the last that float32 holds in full; tanh′ is 0 beyond
  const minusTwo = constant(1);
  const inverseLn2 = constant(2);
  const ln2High = constant(3); // 10 bits, so that k · ln2High is exact
  const ln2Low = constant(4);
  const one = constant(5);
  const two = constant(6);
  const four = constant(7);
  const rounder = constant(8); // 1.5 · 2²³: a small whole number added to it lies in its low bits
  const nearInverse = constant(9);
  const small = constant(10);
  const e2 = constant(11), e3 = constant(12), e4 = constant(13), e5 = constant(14), e6 = constant(15), e7 = constant(16);
  const t3 = constant(17), t5 = constant(18), t7 = constant(19), t9 = constant(20);

  for (const end = x + 16 * vectors; x < end; x += 16) {
    const value = v128.load(x);
    const magnitude = f32x4.abs(value);
    // pmin keeps its first operand where the comparison is false: NaN stays
    const y = f32x4.mul(f32x4.pmin(magnitude, furthest), minusTwo);
    const k = f32x4.nearest(f32x4.mul(y, inverseLn2));
    const r = f32x4.sub(f32x4.sub(y, f32x4.mul(k, ln2High)), f32x4.mul(k, ln2Low));

    // p = eʳ − 1 by the Taylor series to r⁷
    let p = f32x4.add(f32x4.mul(e7, r), e6);
    p = f32x4.add(f32x4.mul(p, r), e5);
    p = f32x4.add(f32x4.mul(p, r), e4);
    p = f32x4.add(f32x4.mul(p, r), e3);
    p = f32x4.add(f32x4.mul(p, r), e2);
    p = f32x4.add(f32x4.mul(f32x4.mul(r, r), p), r);

    const power = i32x4.add(i32x4.shl(f32x4.add(k, rounder), 23), one); // 2ᵏ; nonsense for NaN, which stays in p
    const scaled = f32x4.mul(power, p);
    const less1 = f32x4.add(scaled, f32x4.sub(power, one)); // eʸ − 1, in [−1, 0]
    const denominator = f32x4.add(less1, two);
    if (withDerivative) {
      const e = f32x4.add(power, scaled);
      const derivative = f32x4.div(f32x4.mul(four, e), f32x4.mul(denominator, denominator));
      v128.store(d, v128.andnot(derivative, f32x4.gt(magnitude, furthest)));
      d += 16;
    }
    const quotient = f32x4.abs(f32x4.div(less1, denominator));
    // what rounding added to the denominator, a number between 1 and 2, is given back, near enough at 0.8 of itself
    const excess = f32x4.sub(f32x4.sub(denominator, two), less1);
    const corrected = f32x4.add(quotient, f32x4.mul(quotient, f32x4.mul(excess, nearInverse)));

    // x + x³ (−1/3 + …) to x⁹
    const z = f32x4.mul(magnitude, magnitude);
    let s = f32x4.add(f32x4.mul(t9, z), t7);
    s = f32x4.add(f32x4.mul(s, z), t5);
    s = f32x4.add(f32x4.mul(s, z), t3);
    s = f32x4.add(f32x4.mul(f32x4.mul(magnitude, z), s), magnitude);

    const result = v128.bitselect(s, corrected, f32x4.lt(magnitude, small));
    // the sign goes back onto the magnitude, so that −0 stays −0
    v128.store(x, v128.or(result, v128.xor(value, magnitude)));
  }
}

/** x ← tanh x over a number of vectors. */
export function tanhInPlace(x: usize, vectors: u32): void {
  tanhOf(false, x, 0, vectors);
}

/** x ← tanh x, d ← tanh′ x over a number of vectors. */
export function tanhInPlaceWithDerivative(x: usize, d: usize, vectors: u32): void {
  tanhOf(true, x, d, vectors);
}
