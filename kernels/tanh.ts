/**
 * tanh of four float32 at once, within 2 ulp, and its derivative.
 *
 * With y = −2|x|: tanh |x| = −(eʸ − 1) / (eʸ + 1) and tanh′ x = 4 eʸ / (eʸ + 1)². Both are taken from p = eʳ − 1,
 * y = k ln 2 + r, |r| ≤ ½ ln 2, so that neither loses digits: tanh where x is small, the derivative where it is large
 * and 1 − tanh² would be a difference of two nearly equal numbers.
 */
const LN2_HIGH: f32 = 0.693359375; // 10 bits, so that k · LN2_HIGH is exact
const LN2_LOW: f32 = -2.12194440e-4;
const FURTHEST: f32 = 43.5; // e^(−2·43.5) is the last that float32 holds in full; the derivative is 0 beyond

@inline function constant(x: f32): v128 { return f32x4.splat(x); }

/** What `tanh4` leaves for `tanhDerivative4`: 2ᵏ(1 + p) = eʸ and eʸ + 1, in this thread's globals, that is registers. */
@inline
function clampedY(x: v128): v128 {
  // pmin keeps its first operand, here |x|, where the comparison is false: NaN stays
  return f32x4.mul(f32x4.pmin(f32x4.abs(x), constant(FURTHEST)), constant(-2));
}

@inline
function exponentOf(y: v128): v128 {
  return f32x4.nearest(f32x4.mul(y, constant(1.44269504)));
}

/** eʳ − 1, |r| ≤ 0.347: the Taylor series to r⁷. */
@inline
function expm1Series(r: v128): v128 {
  let p = constant(1.0 / 5040);
  p = f32x4.add(f32x4.mul(p, r), constant(1.0 / 720));
  p = f32x4.add(f32x4.mul(p, r), constant(1.0 / 120));
  p = f32x4.add(f32x4.mul(p, r), constant(1.0 / 24));
  p = f32x4.add(f32x4.mul(p, r), constant(1.0 / 6));
  p = f32x4.add(f32x4.mul(p, r), constant(0.5));
  return f32x4.add(f32x4.mul(f32x4.mul(r, r), p), r);
}

/** tanh in place over `vectors` vectors; the derivative goes to `derivative` unless that is 0. */
@inline
function tanhOf(withDerivative: bool, x: v128, derivative: usize): v128 {
  const y = clampedY(x);
  const k = exponentOf(y);
  const r = f32x4.sub(f32x4.sub(y, f32x4.mul(k, constant(LN2_HIGH))), f32x4.mul(k, constant(LN2_LOW)));
  const p = expm1Series(r);
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(k), i32x4.splat(127)), 23); // 2ᵏ
  const scaled = f32x4.mul(power, p);
  const less1 = f32x4.add(scaled, f32x4.sub(power, constant(1))); // eʸ − 1, in [−1, 0]
  const denominator = f32x4.add(less1, constant(2));
  if (withDerivative) {
    const e = f32x4.add(power, scaled);
    const d = f32x4.div(f32x4.mul(constant(4), e), f32x4.mul(denominator, denominator));
    v128.store(derivative, v128.andnot(d, f32x4.gt(f32x4.abs(x), constant(FURTHEST))));
  }
  // the sign of x goes onto the magnitude, so that −0 stays −0
  const sign = v128.and(x, i32x4.splat(0x80000000));
  return v128.or(f32x4.abs(f32x4.div(less1, denominator)), sign);
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
