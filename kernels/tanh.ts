/**
 * tanh of four float32 at once, within 2 ulp, and its derivative.
 *
 * With y = −2|x|: tanh |x| = −(eʸ − 1) / (eʸ + 1) and tanh′ x = 4 eʸ / (eʸ + 1)². Both are taken from p = eʳ − 1,
 * y = k ln 2 + r, |r| ≤ ½ ln 2, so that neither loses digits: tanh where x is small, the derivative where it is
 * large and 1 − tanh² would be a difference of two nearly equal numbers. For |x| < ¼ the Taylor series of tanh is better
 * still by half an ulp.
 */
const FURTHEST = 0, MINUS_TWO = 1, INVERSE_LN2 = 2, LN2_HIGH = 3, LN2_LOW = 4, ONE = 5, TWO = 6, FOUR = 7;
const EXP_2 = 8, ROUNDER = 14, NEAR_INVERSE = 15, SMALL = 16, TANH_3 = 17;

/**
 * The constants lie in memory, from where one instruction brings each: V8 would make four of a constant in the code.
 * LN2_HIGH + LN2_LOW = ln 2, and k · LN2_HIGH is exact. e^(−2 · FURTHEST) is about the last that float32 holds in full;
 * the derivative is 0 beyond. From EXP_2 on 1/2!, 1/3!, … 1/7!, from TANH_3 on the series of
 * tanh. ROUNDER is 1.5 · 2²³.
 */
const constants = memory.data<f32>([
  43.5, -2, 1.44269504, 0.693359375, -2.12194440e-4, 1, 2, 4,
  1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120, 1.0 / 720, 1.0 / 5040, 12582912, 0.8, 0.25,
  -1.0 / 3, 2.0 / 15, -17.0 / 315, 62.0 / 2835,
]);
@inline function constant(i: i32): v128 { return v128.load32_splat(constants + 4 * i); }

/** eʳ − 1, |r| ≤ 0.347: the Taylor series to r⁷. */
@inline
function expm1Series(r: v128): v128 {
  let p = constant(EXP_2 + 5);
  p = f32x4.add(f32x4.mul(p, r), constant(EXP_2 + 4));
  p = f32x4.add(f32x4.mul(p, r), constant(EXP_2 + 3));
  p = f32x4.add(f32x4.mul(p, r), constant(EXP_2 + 2));
  p = f32x4.add(f32x4.mul(p, r), constant(EXP_2 + 1));
  p = f32x4.add(f32x4.mul(p, r), constant(EXP_2));
  return f32x4.add(f32x4.mul(f32x4.mul(r, r), p), r);
}

/** tanh x, 0 ≤ x < ¼: the Taylor series to x⁹. */
@inline
function tanhSeries(x: v128): v128 {
  const z = f32x4.mul(x, x);
  let p = constant(TANH_3 + 3);
  p = f32x4.add(f32x4.mul(p, z), constant(TANH_3 + 2));
  p = f32x4.add(f32x4.mul(p, z), constant(TANH_3 + 1));
  p = f32x4.add(f32x4.mul(p, z), constant(TANH_3));
  return f32x4.add(f32x4.mul(f32x4.mul(x, z), p), x);
}

/** tanh x; its derivative goes to the address `derivative` if asked for. */
@inline
function tanhOf(withDerivative: bool, x: v128, derivative: usize): v128 {
  const magnitude = f32x4.abs(x);
  // pmin keeps its first operand where the comparison is false: NaN stays
  const y = f32x4.mul(f32x4.pmin(magnitude, constant(FURTHEST)), constant(MINUS_TWO));
  const k = f32x4.nearest(f32x4.mul(y, constant(INVERSE_LN2)));
  const r = f32x4.sub(f32x4.sub(y, f32x4.mul(k, constant(LN2_HIGH))), f32x4.mul(k, constant(LN2_LOW)));
  const p = expm1Series(r);
  // 2ᵏ, put together from its exponent: k is in the low bits of k + 1.5 · 2²³; NaN makes nonsense here and stays in p
  const power = i32x4.add(i32x4.shl(f32x4.add(k, constant(ROUNDER)), 23), constant(ONE));
  const scaled = f32x4.mul(power, p);
  const less1 = f32x4.add(scaled, f32x4.sub(power, constant(ONE))); // eʸ − 1, in [−1, 0]
  const denominator = f32x4.add(less1, constant(TWO));
  if (withDerivative) {
    const e = f32x4.add(power, scaled);
    const d = f32x4.div(f32x4.mul(constant(FOUR), e), f32x4.mul(denominator, denominator));
    v128.store(derivative, v128.andnot(d, f32x4.gt(magnitude, constant(FURTHEST))));
  }
  // the sign of x goes onto the magnitude, so that −0 stays −0
  const quotient = f32x4.abs(f32x4.div(less1, denominator));
  // what rounding added to the denominator, a number between 1 and 2, is given back, near enough at 0.8 of itself
  const excess = f32x4.sub(f32x4.sub(denominator, constant(TWO)), less1);
  const corrected = f32x4.add(quotient, f32x4.mul(quotient, f32x4.mul(excess, constant(NEAR_INVERSE))));
  const result = v128.bitselect(tanhSeries(magnitude), corrected, f32x4.lt(magnitude, constant(SMALL)));
  return v128.or(result, v128.xor(x, magnitude));
}

@inline
export function tanh4(x: v128): v128 { return tanhOf(false, x, 0); }

/** The same; stores the derivative at an address. */
@inline
export function tanh4WithDerivative(x: v128, derivative: usize): v128 { return tanhOf(true, x, derivative); }

/** x ← tanh x over a number of vectors. */
export function tanhInPlace(x: usize, vectors: u32): void {
  for (const end = x + 16 * vectors; x < end; x += 16) v128.store(x, tanh4(v128.load(x)));
}

/** x ← tanh x, d ← tanh′ x over a number of vectors. */
export function tanhInPlaceWithDerivative(x: usize, d: usize, vectors: u32): void {
  for (const end = x + 16 * vectors; x < end; x += 16, d += 16) v128.store(x, tanh4WithDerivative(v128.load(x), d));
}
