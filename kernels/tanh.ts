/**
 * tanh of four float32 at once, within 2 ulp, and its derivative.
 *
 * With y = −2|x|: tanh |x| = (1 − eʸ) / (1 + eʸ) and tanh′ x = 4 eʸ / (1 + eʸ)². Both are taken from p = eʳ − 1,
 * y = k ln 2 + r, |r| ≤ ½ ln 2, so that neither loses digits: tanh where x is small, the derivative where it is
 * large and 1 − tanh² would be a difference of two nearly equal numbers. For |x| < ¼ the Taylor series of tanh is better
 * still by half an ulp.
 *
 * Three short loops over a block of vectors: 2ᵏ and r, then eʸ, then the quotients. In one loop each operation waits
 * for the one before, and the core looks no further ahead than to the next vector or two; short loops let it work at
 * many vectors at once. (Measured: 20 in place of 34 cycles a vector.)
 *
 * Each loop takes two vectors at a time: see pairs.ts. An odd last vector takes along the one that follows; there is always
 * room for it.
 *
 * The constants come from memory, before the loop: V8 would make a constant in the code anew each time, in four
 * instructions.
 */
import { storeBoth } from './pairs';
import { TANH_BLOCK } from './plan';

const constants = memory.data<f32>([
  -0.0, 43.5, 1.44269504 * 2, 0.693359375, -2.12194440e-4, 12582912, 1, 2, 4, 0.8, 0.25,
  1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120, 1.0 / 720, 1.0 / 5040,
  -1.0 / 3, 2.0 / 15, -17.0 / 315, 62.0 / 2835,
]);
@inline function constant(i: i32): v128 { return v128.load32_splat(constants + 4 * i); }
@inline function signBit(): v128 { return constant(0); }
@inline function furthest(): v128 { return constant(1); } // e^(−2 · 43.5) is about the last that float32 holds in full
@inline function one(): v128 { return constant(6); }
@inline function two(): v128 { return constant(7); }


// What is kept between the loops lies in `room`: first one list of a block's vectors, then another.

/** y = −2|x| = k ln 2 + r for the vectors from x to end: r and 2ᵏ into the room. */
function powersOfTwo(x: usize, end: usize, room: usize): void {
  const sign = signBit();
  const lowest = f32x4.neg(furthest());
  const perHalfY = constant(2); // 2 / ln 2
  const ln2High = constant(3); // 10 bits, so that k · ln2High is exact
  const ln2Low = constant(4);
  const rounder = constant(5); // 1.5 · 2²³: what is added to it is rounded to a whole number, which lies in its low bits
  const oneBits = one();
  for (; x < end; x += 32, room += 32) {
    // pmax keeps its first operand where the comparison is false: NaN stays
    const halfY0 = f32x4.pmax(v128.or(v128.load(x), sign), lowest);
    const halfY1 = f32x4.pmax(v128.or(v128.load(x, 16), sign), lowest);
    const rounded0 = f32x4.add(f32x4.mul(halfY0, perHalfY), rounder);
    const rounded1 = f32x4.add(f32x4.mul(halfY1, perHalfY), rounder);
    storeBoth(
      room,
      remainder(halfY0, f32x4.sub(rounded0, rounder), ln2High, ln2Low),
      remainder(halfY1, f32x4.sub(rounded1, rounder), ln2High, ln2Low),
    );
    // nonsense for NaN, which stays in r
    storeBoth(
      room + TANH_BLOCK,
      i32x4.add(i32x4.shl(rounded0, 23), oneBits),
      i32x4.add(i32x4.shl(rounded1, 23), oneBits),
    );
  }
}

/** y − k ln 2. */
@inline
function remainder(halfY: v128, k: v128, ln2High: v128, ln2Low: v128): v128 {
  return f32x4.sub(f32x4.sub(f32x4.add(halfY, halfY), f32x4.mul(k, ln2High)), f32x4.mul(k, ln2Low));
}

/** From r and 2ᵏ: 1 − eʸ, in [0, 1], into the room; eʸ into d if asked for. */
@inline
function exponentials(withDerivative: bool, d: usize, room: usize, vectorBytes: usize): void {
  const e2 = constant(11), e3 = constant(12), e4 = constant(13), e5 = constant(14), e6 = constant(15), e7 = constant(16);
  const ones = one();
  for (const end = room + vectorBytes; room < end; room += 32) {
    const power0 = v128.load(room, TANH_BLOCK);
    const power1 = v128.load(room, TANH_BLOCK + 16);
    const scaled0 = f32x4.mul(power0, series(v128.load(room), e2, e3, e4, e5, e6, e7));
    const scaled1 = f32x4.mul(power1, series(v128.load(room, 16), e2, e3, e4, e5, e6, e7));
    storeBoth(
      room,
      f32x4.sub(f32x4.sub(ones, power0), scaled0),
      f32x4.sub(f32x4.sub(ones, power1), scaled1),
    );
    if (withDerivative) {
      storeBoth(d, f32x4.add(power0, scaled0), f32x4.add(power1, scaled1));
      d += 32;
    }
  }
}

/** eʳ − 1 by the Taylor series to r⁷, in pairs of terms (Estrin's scheme): they need not wait for each other. */
@inline
function series(r: v128, e2: v128, e3: v128, e4: v128, e5: v128, e6: v128, e7: v128): v128 {
  const rr = f32x4.mul(r, r);
  const high = f32x4.add(f32x4.mul(e7, r), e6);
  const middle = f32x4.add(f32x4.mul(e5, r), e4);
  const low = f32x4.add(f32x4.mul(e3, r), e2);
  const terms = f32x4.add(f32x4.mul(f32x4.add(f32x4.mul(high, rr), middle), rr), low);
  return f32x4.add(f32x4.mul(terms, rr), r);
}

/** From 1 − eʸ and, in d, eʸ: x ← tanh x, d ← tanh′ x. */
@inline
function quotients(withDerivative: bool, x: usize, end: usize, d: usize, room: usize): void {
  const sign = signBit();
  const far = furthest();
  const twos = two();
  const four = constant(8);
  const nearInverse = constant(9);
  const quarter = constant(10);
  const t3 = constant(17), t5 = constant(18), t7 = constant(19), t9 = constant(20);
  for (; x < end; x += 32, room += 32) {
    const value0 = v128.load(x);
    const value1 = v128.load(x, 16);
    const magnitude0 = v128.andnot(value0, sign);
    const magnitude1 = v128.andnot(value1, sign);
    const numerator0 = v128.load(room);
    const numerator1 = v128.load(room, 16);
    const denominator0 = f32x4.sub(twos, numerator0);
    const denominator1 = f32x4.sub(twos, numerator1);
    if (withDerivative) {
      storeBoth(
        d,
        derivative(v128.load(d), denominator0, magnitude0, four, far),
        derivative(v128.load(d, 16), denominator1, magnitude1, four, far),
      );
      d += 32;
    }
    const large0 = quotient(numerator0, denominator0, twos, nearInverse);
    const large1 = quotient(numerator1, denominator1, twos, nearInverse);
    const small0 = taylor(magnitude0, t3, t5, t7, t9);
    const small1 = taylor(magnitude1, t3, t5, t7, t9);
    const result0 = v128.bitselect(small0, large0, f32x4.lt(magnitude0, quarter));
    const result1 = v128.bitselect(small1, large1, f32x4.lt(magnitude1, quarter));
    storeBoth(x, v128.or(result0, v128.and(value0, sign)), v128.or(result1, v128.and(value1, sign)));
  }
}

/** 4 eʸ / (1 + eʸ)²; 0 beyond the furthest. */
@inline
function derivative(exponential: v128, denominator: v128, magnitude: v128, four: v128, far: v128): v128 {
  const slope = f32x4.div(f32x4.mul(four, exponential), f32x4.mul(denominator, denominator));
  return v128.andnot(slope, f32x4.gt(magnitude, far));
}

/** (1 − eʸ) / (1 + eʸ). */
@inline
function quotient(numerator: v128, denominator: v128, twos: v128, nearInverse: v128): v128 {
  const q = f32x4.div(numerator, denominator);
  // what rounding added to the denominator, a number between 1 and 2, is given back, near enough at 0.8 of itself
  const excess = f32x4.add(f32x4.sub(denominator, twos), numerator);
  return f32x4.add(q, f32x4.mul(q, f32x4.mul(excess, nearInverse)));
}

/** x + x³ (−1/3 + …) to x⁹. */
@inline
function taylor(x: v128, t3: v128, t5: v128, t7: v128, t9: v128): v128 {
  const z = f32x4.mul(x, x);
  let s = f32x4.add(f32x4.mul(t9, z), t7);
  s = f32x4.add(f32x4.mul(s, z), t5);
  s = f32x4.add(f32x4.mul(s, z), t3);
  return f32x4.add(f32x4.mul(f32x4.mul(x, z), s), x);
}

/** Block by block; what only the derivative wants is left out by the compiler where it is not asked for. */
@inline
function tanhOf(withDerivative: bool, x: usize, d: usize, vectors: u32, room: usize): void {
  for (const end = x + 16 * vectors; x < end; x += TANH_BLOCK, d += TANH_BLOCK) {
    const blockEnd = min(x + TANH_BLOCK, end);
    powersOfTwo(x, blockEnd, room);
    exponentials(withDerivative, d, room, blockEnd - x);
    quotients(withDerivative, x, blockEnd, d, room);
  }
}

/** x ← tanh x over a number of vectors. `room`: 2 · TANH_BLOCK bytes that nobody else uses. */
export function tanhInPlace(x: usize, vectors: u32, room: usize): void {
  tanhOf(false, x, 0, vectors, room);
}

/** x ← tanh x, d ← tanh′ x over a number of vectors. `room` as above. */
export function tanhInPlaceWithDerivative(x: usize, d: usize, vectors: u32, room: usize): void {
  tanhOf(true, x, d, vectors, room);
}
