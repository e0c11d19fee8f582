/**
 * exp, tanh, cosh and sigmoid of four float32 at once, computed in float64 and rounded at last: nearly always the float32
 * that is nearest to the true value. For programs that were written by others, src/batch: who takes 1 − tanh² for the
 * derivative keeps nothing but the last digits where tanh is near 1, and they must be right.
 *
 * All four come from y = k ln 2 + r, |r| ≤ ½ ln 2, and q = eʳ − 1, its Taylor series to r¹⁰, which is off by less than a
 * part in 2³⁵; float32 keeps 24 bits. Then eʸ = 2ᵏ q + 2ᵏ, and eʸ − 1 = 2ᵏ q + (2ᵏ − 1) without a loss near 0.
 */
const constants = memory.data<f64>([
  1.4426950408889634, 0.6931471805599453, 6755399441055744, 1, -2, -200, 200, 0.5,
  1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120, 1.0 / 720, 1.0 / 5040, 1.0 / 40320, 1.0 / 362880, 1.0 / 3628800,
]);
@inline function constant(i: i32): v128 { return v128.load64_splat(constants + 8 * i); }
@inline function perY(): v128 { return constant(0); } // 1 / ln 2
@inline function ln2(): v128 { return constant(1); }
@inline function rounder(): v128 { return constant(2); } // 1.5 · 2⁵²: see wholePowers
@inline function one(): v128 { return constant(3); }
@inline function minusTwo(): v128 { return constant(4); }
@inline function lowest(): v128 { return constant(5); } // e^±200 is more than float32 holds, and float64 holds it easily
@inline function highest(): v128 { return constant(6); }
@inline function half(): v128 { return constant(7); }
@inline function term(n: i32): v128 { return constant(6 + n); } // 1 / n!

/** Two neighbouring vectors of float64 from one of float32, and back. */
@inline function lower(x: v128): v128 { return f64x2.promote_low_f32x4(x); }
@inline function upper(x: v128): v128 { return f64x2.promote_low_f32x4(v128.shuffle<u64>(x, x, 1, 1)); }
@inline
function rounded(lower: v128, upper: v128): v128 {
  return v128.shuffle<u64>(f32x4.demote_f64x2_zero(lower), f32x4.demote_f64x2_zero(upper), 0, 2);
}

/** y, but no further from 0 than ±200. pmax and pmin keep their first operand where the comparison is false: NaN stays. */
@inline
function within(y: v128): v128 {
  return f64x2.pmin(f64x2.pmax(y, lowest()), highest());
}

/** 1.5 · 2⁵² + k: what is added to so much is rounded to a whole number, which lies in its low bits. */
@inline function wholePowers(y: v128): v128 { return f64x2.add(f64x2.mul(y, perY()), rounder()); }

/** 2ᵏ; nonsense for NaN, which stays in q. */
@inline function powerOfTwo(whole: v128): v128 { return i64x2.add(i64x2.shl(whole, 52), one()); }

/** q = eʳ − 1 in pairs of terms (Estrin's scheme): they need not wait for each other. */
@inline
function rest(y: v128, whole: v128): v128 {
  const r = f64x2.sub(y, f64x2.mul(f64x2.sub(whole, rounder()), ln2()));
  const r2 = f64x2.mul(r, r);
  const r4 = f64x2.mul(r2, r2);
  const terms2 = f64x2.add(f64x2.mul(term(3), r), term(2));
  const terms4 = f64x2.add(f64x2.mul(term(5), r), term(4));
  const terms6 = f64x2.add(f64x2.mul(term(7), r), term(6));
  const terms8 = f64x2.add(f64x2.mul(f64x2.add(f64x2.mul(term(10), r), term(9)), r), term(8));
  const low = f64x2.add(f64x2.mul(terms4, r2), terms2);
  const high = f64x2.add(f64x2.mul(terms8, r2), terms6);
  return f64x2.add(f64x2.mul(f64x2.add(f64x2.mul(high, r4), low), r2), r);
}

/** eʸ. */
@inline
function exponential(y: v128): v128 {
  const whole = wholePowers(y);
  const power = powerOfTwo(whole);
  return f64x2.add(f64x2.mul(power, rest(y, whole)), power);
}

/** tanh |x| = (1 − eʸ) / (1 + eʸ) with y = −2 |x|. */
@inline
function tanh(magnitude: v128): v128 {
  const y = within(f64x2.mul(magnitude, minusTwo()));
  const whole = wholePowers(y);
  const power = powerOfTwo(whole);
  const p = f64x2.add(f64x2.mul(power, rest(y, whole)), f64x2.sub(power, one())); // eʸ − 1
  return f64x2.div(p, f64x2.sub(minusTwo(), p));
}

@inline
function cosh(x: v128): v128 {
  const e = exponential(within(x));
  return f64x2.mul(half(), f64x2.add(e, f64x2.div(one(), e)));
}

@inline
function sigmoid(x: v128): v128 {
  return f64x2.div(one(), f64x2.add(one(), exponential(within(f64x2.neg(x)))));
}

/** x ← exp x over a number of vectors of four float32. */
export function nearestExp(x: usize, vectors: u32): void {
  for (const end = x + 16 * vectors; x < end; x += 16) {
    const value = v128.load(x);
    v128.store(x, rounded(exponential(within(lower(value))), exponential(within(upper(value)))));
  }
}

/** x ← tanh x. */
export function nearestTanh(x: usize, vectors: u32): void {
  const sign = f32x4.splat(-0.0);
  for (const end = x + 16 * vectors; x < end; x += 16) {
    const value = v128.load(x);
    const magnitude = v128.andnot(value, sign);
    const result = rounded(tanh(lower(magnitude)), tanh(upper(magnitude)));
    v128.store(x, v128.or(v128.andnot(result, sign), v128.and(value, sign))); // −0 stays −0
  }
}

/** x ← cosh x. */
export function nearestCosh(x: usize, vectors: u32): void {
  for (const end = x + 16 * vectors; x < end; x += 16) {
    const value = v128.load(x);
    v128.store(x, rounded(cosh(lower(value)), cosh(upper(value))));
  }
}

/** x ← 1 / (1 + exp −x). */
export function nearestSigmoid(x: usize, vectors: u32): void {
  for (const end = x + 16 * vectors; x < end; x += 16) {
    const value = v128.load(x);
    v128.store(x, rounded(sigmoid(lower(value)), sigmoid(upper(value))));
  }
}
