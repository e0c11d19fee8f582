/**
 * The transcendental functions that Longhand uses: `exp`, `expm1`, `log`, `log1p`, `sin`, `cos`, `tanh`,
 * `cosh`, `sigmoid`, `pow`.
 *
 * The language leaves the last bits of `Math.exp` and its kin to the host, so two browsers may train two different
 * networks from one seed. These are made of +, −, ×, ÷ and comparisons alone, which IEEE 754 fixes to the bit: the same
 * input gives the same bits on every host. Each is accurate to about 1 ulp of a double (`pow` and `sin`, `cos` of large
 * arguments: see there; `expm1` and `tanh` to 4), far beyond what float32 can hold.
 *
 * The method is the classical one: reduce the argument to a small interval, sum a short Taylor series there, undo the
 * reduction. The splitting constants are those of Cody and Waite, "Software Manual for the Elementary Functions" (1980).
 */

const LN2_HIGH = 0.6931471803691238; // ln 2, its last 32 bits zero, so that k · LN2_HIGH is exact
const LN2_LOW = 1.9082149292705877e-10; // the rest of it
const HALF_PI_1 = 1.5707963267341256; // π/2 in three parts of 33 bits, so that k times the first two is exact
const HALF_PI_2 = 6.077100506303966e-11;
const HALF_PI_3 = 2.0222662487959506e-21;

const float = new Float64Array(1);
const word = new Uint32Array(float.buffer); // word[1] holds sign and exponent: every host of WebAssembly is little-endian

/** 2ᵏ for −1022 ≤ k ≤ 1023. */
function powerOfTwo(k: number): number {
  word[0] = 0;
  word[1] = (k + 1023) << 20;
  return float[0]!;
}

/** x · 2ᵏ, in two steps so that neither leaves the range of a double before the result does. */
function scale(x: number, k: number): number {
  const half = k >> 1;
  return x * powerOfTwo(half) * powerOfTwo(k - half);
}

/** 1/2!, 1/3!, … 1/14! */
const RECIPROCAL_FACTORIALS: readonly number[] = Array.from({ length: 13 }, (_, k) => {
  let factorial = 2;
  for (let n = 3; n <= k + 2; n++) factorial *= n;
  return 1 / factorial;
});

/** eʳ − 1 for |r| ≤ 0.35: the Taylor series to r¹⁴. */
function expm1Series(r: number): number {
  let p = 0;
  for (let k = 12; k >= 0; k--) p = p * r + RECIPROCAL_FACTORIALS[k]!;
  return r + r * r * p;
}

/** eˣ. */
export function exp(x: number): number {
  if (!(x > -745.2)) return x !== x ? x : 0;
  if (x > 709.8) return Infinity;
  const k = Math.floor(x / Math.LN2 + 0.5);
  return scale(1 + expm1Series(x - k * LN2_HIGH - k * LN2_LOW), k);
}

/** eˣ − 1, accurate where x is small. */
export function expm1(x: number): number {
  if (x === 0) return x;
  return Math.abs(x) < 0.35 ? expm1Series(x) : exp(x) - 1;
}

/** Natural logarithm; −Infinity at 0, NaN below. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  // x = m · 2ᵏ with √½ ≤ m < √2
  let k = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984; // 2⁵⁴: a subnormal number has no exponent to read
    k = -54;
  }
  float[0] = x;
  k += (word[1]! >>> 20) - 1023;
  word[1] = (word[1]! & 0xfffff) | 0x3ff00000;
  let m = float[0]!;
  if (m > Math.SQRT2) {
    m /= 2;
    k += 1;
  }
  // ln m = 2 artanh s = 2 (s + s³/3 + s⁵/5 + …) with s = (m − 1) / (m + 1), |s| < 0.172
  const f = m - 1;
  const s = f / (m + 1);
  const z = s * s;
  let p = 0;
  for (let n = 23; n >= 3; n -= 2) p = z * (1 / n + p);
  // written as f − (f²/2 − s (f²/2 + R)) so that the leading term carries no rounding (fdlibm)
  const h = 0.5 * f * f;
  return k * LN2_HIGH - (h - (s * (h + 2 * p) + k * LN2_LOW) - f);
}

/** ln(1 + x), accurate where x is small. */
export function log1p(x: number): number {
  const u = 1 + x;
  if (u === 1 || u === Infinity) return x;
  return u > 0 ? log(u) + (x - (u - 1)) / u : log(u);
}

/** sin r and cos r for |r| ≤ π/4: the Taylor series to r¹⁷ and r¹⁸. */
function sinSeries(r: number): number {
  const z = r * r;
  let p = 0;
  for (let n = 16; n >= 2; n -= 2) p = (-z * (1 + p)) / (n * (n + 1));
  return r + r * p;
}
function cosSeries(r: number): number {
  const z = r * r;
  let p = 0;
  for (let n = 17; n >= 3; n -= 2) p = (-z * (1 + p)) / (n * (n + 1));
  return 1 - z * 0.5 * (1 + p);
}

/** sin(x + quarters · π/2). Accurate to a few ulp up to |x| = 10⁶; absolute error grows in proportion beyond. */
function sinOfQuarter(x: number, quarters: number): number {
  if (!(Math.abs(x) < Infinity)) return NaN;
  const k = Math.floor(x / (Math.PI / 2) + 0.5);
  const r = x - k * HALF_PI_1 - k * HALF_PI_2 - k * HALF_PI_3;
  const quadrant = (((k + quarters) % 4) + 4) % 4;
  const y = quadrant % 2 === 0 ? sinSeries(r) : cosSeries(r);
  return quadrant < 2 ? y : -y;
}

/** Sine of x in radians. */
export function sin(x: number): number {
  return x === 0 ? x : sinOfQuarter(x, 0);
}

/** Cosine of x in radians. */
export function cos(x: number): number {
  return sinOfQuarter(x, 1);
}

/** Hyperbolic tangent: tanh x = (e²ˣ − 1) / (e²ˣ + 1). It saturates to ±1, it never overflows to NaN. */
export function tanh(x: number): number {
  if (x === 0) return x;
  const a = Math.abs(x);
  const e = a < 22 ? expm1(2 * a) : Infinity;
  const y = e === Infinity ? (a !== a ? NaN : 1) : e / (e + 2);
  return x < 0 ? -y : y;
}

/** Hyperbolic cosine: cosh x = (eˣ + e⁻ˣ) / 2, in two factors where eˣ alone would overflow. */
export function cosh(x: number): number {
  const a = Math.abs(x);
  if (a < 700) return 0.5 * exp(a) + 0.5 * exp(-a);
  const half = exp(0.5 * a);
  return 0.5 * half * half;
}

/** The logistic function, 1 / (1 + e⁻ˣ), with the exponential on the side where it does not overflow. */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + exp(-x));
  const e = exp(x);
  return e / (1 + e);
}

/**
 * x to the power y, as IEEE 754's `pow` at the special values. Whole y by repeated squaring (exact where the result
 * is), otherwise exp(y ln x), whose relative error is about |y ln x| · 10⁻¹⁶.
 */
export function pow(x: number, y: number): number {
  if (y === 2) return x * x;
  if (y === 0 || x === 1) return 1;
  if (x !== x || y !== y) return NaN;
  const whole = Math.floor(y) === y;
  if (whole && Math.abs(y) < Number.MAX_SAFE_INTEGER) {
    let result = 1;
    for (let n = Math.abs(y), square = x; n > 0; n = Math.floor(n / 2), square *= square) {
      if (n % 2 === 1) result *= square;
    }
    return y < 0 ? 1 / result : result;
  }
  if (y === 0.5 && x >= 0) return Math.sqrt(x + 0);
  const a = Math.abs(x);
  if (Math.abs(y) === Infinity) return a === 1 ? 1 : a > 1 === y > 0 ? Infinity : 0;
  if (x < 0 && !whole) return a === Infinity ? (y > 0 ? Infinity : 0) : NaN;
  const magnitude = exp(y * log(a));
  return x < 0 && Math.abs(y) % 2 === 1 ? -magnitude : magnitude;
}
