/**
 * The sparse kernel: out[i] = Σₑ value(e) · table[place(e)] for the entries e from starts[i] to starts[i + 1], a row being
 * `width` vectors. It is both passes: forward, i is a sample, the table is a tile of w1; backward, i is an input, the
 * table holds dℓ/ds1 of a shard's samples.
 *
 * An entry is 8 bytes: where its row begins in the table, in bytes, and its value; `starts` holds their addresses.
 *
 * All accumulators of a row stay in registers; x64 has 16 of them, which leaves 13 after the operands: hence the widest
 * group. The `if (width > …)` are decided by the compiler, which makes 13 kernels of this one.
 *
 * `row == 1` and the like are never true, rows lie higher. They are there for V8 before 13.5, which within a block does
 * all loads before all sums, for which the registers do not suffice from eight vectors on: it would spill the
 * accumulators. Where the loop may end, a sum must be done. (Measured at 13 vectors: 1.5 times faster.) Elsewhere they
 * are in the way, so that the kernels are compiled with them and without: SEPARATED, a constant of build.mjs.
 *
 * `merges` is how many sums that were stored before are added to each new one: out[i] at `out − stride`, `out −
 * 2·stride` and so on; the result replaces the last one read. With none it is stored at `out`.
 */
@inline
function gatherOf(
  width: i32,
  starts: usize,
  rows: u32,
  table: usize,
  out: usize,
  merges: u32,
  stride: usize,
): void {
  let e: usize = load<u32>(starts);
  for (let i: u32 = 0; i < rows; i++) {
    starts += 4;
    const end: usize = load<u32>(starts);
    const zero = f32x4.splat(0);
    let a0 = zero, a1 = zero, a2 = zero, a3 = zero, a4 = zero, a5 = zero, a6 = zero;
    let a7 = zero, a8 = zero, a9 = zero, a10 = zero, a11 = zero, a12 = zero;
    for (; e < end; e += 8) {
      const row = table + <usize>load<u32>(e);
      const x = v128.load32_splat(e, 4);
      a0 = f32x4.add(a0, f32x4.mul(x, v128.load(row)));
      if (SEPARATED && width > 7 && row == 1) break;
      if (width > 1) a1 = f32x4.add(a1, f32x4.mul(x, v128.load(row, 16)));
      if (SEPARATED && width > 7 && row == 2) break;
      if (width > 2) a2 = f32x4.add(a2, f32x4.mul(x, v128.load(row, 32)));
      if (SEPARATED && width > 7 && row == 3) break;
      if (width > 3) a3 = f32x4.add(a3, f32x4.mul(x, v128.load(row, 48)));
      if (SEPARATED && width > 7 && row == 4) break;
      if (width > 4) a4 = f32x4.add(a4, f32x4.mul(x, v128.load(row, 64)));
      if (SEPARATED && width > 7 && row == 5) break;
      if (width > 5) a5 = f32x4.add(a5, f32x4.mul(x, v128.load(row, 80)));
      if (SEPARATED && width > 7 && row == 6) break;
      if (width > 6) a6 = f32x4.add(a6, f32x4.mul(x, v128.load(row, 96)));
      if (SEPARATED && width > 7 && row == 7) break;
      if (width > 7) a7 = f32x4.add(a7, f32x4.mul(x, v128.load(row, 112)));
      if (SEPARATED && width > 8 && row == 8) break;
      if (width > 8) a8 = f32x4.add(a8, f32x4.mul(x, v128.load(row, 128)));
      if (SEPARATED && width > 9 && row == 9) break;
      if (width > 9) a9 = f32x4.add(a9, f32x4.mul(x, v128.load(row, 144)));
      if (SEPARATED && width > 10 && row == 10) break;
      if (width > 10) a10 = f32x4.add(a10, f32x4.mul(x, v128.load(row, 160)));
      if (SEPARATED && width > 11 && row == 11) break;
      if (width > 11) a11 = f32x4.add(a11, f32x4.mul(x, v128.load(row, 176)));
      if (SEPARATED && width > 12 && row == 12) break;
      if (width > 12) a12 = f32x4.add(a12, f32x4.mul(x, v128.load(row, 192)));
    }
    let to = out;
    for (let m: u32 = 0; m < merges; m++) {
      to -= stride;
      a0 = f32x4.add(v128.load(to), a0);
      if (width > 1) a1 = f32x4.add(v128.load(to, 16), a1);
      if (width > 2) a2 = f32x4.add(v128.load(to, 32), a2);
      if (width > 3) a3 = f32x4.add(v128.load(to, 48), a3);
      if (width > 4) a4 = f32x4.add(v128.load(to, 64), a4);
      if (width > 5) a5 = f32x4.add(v128.load(to, 80), a5);
      if (width > 6) a6 = f32x4.add(v128.load(to, 96), a6);
      if (width > 7) a7 = f32x4.add(v128.load(to, 112), a7);
      if (width > 8) a8 = f32x4.add(v128.load(to, 128), a8);
      if (width > 9) a9 = f32x4.add(v128.load(to, 144), a9);
      if (width > 10) a10 = f32x4.add(v128.load(to, 160), a10);
      if (width > 11) a11 = f32x4.add(v128.load(to, 176), a11);
      if (width > 12) a12 = f32x4.add(v128.load(to, 192), a12);
    }
    // of two neighbours the upper one first: see pairs.ts
    if (width > 1) v128.store(to, a1, 16);
    v128.store(to, a0);
    if (width > 3) v128.store(to, a3, 48);
    if (width > 2) v128.store(to, a2, 32);
    if (width > 5) v128.store(to, a5, 80);
    if (width > 4) v128.store(to, a4, 64);
    if (width > 7) v128.store(to, a7, 112);
    if (width > 6) v128.store(to, a6, 96);
    if (width > 9) v128.store(to, a9, 144);
    if (width > 8) v128.store(to, a8, 128);
    if (width > 11) v128.store(to, a11, 176);
    if (width > 10) v128.store(to, a10, 160);
    if (width > 12) v128.store(to, a12, 192);
    out += 16 * width;
  }
}

/** One kernel a width, so that V8 gives each its own registers. */
function gather1(s: usize, n: u32, t: usize, o: usize, m: u32, d: usize): void { gatherOf(1, s, n, t, o, m, d); }
function gather2(s: usize, n: u32, t: usize, o: usize, m: u32, d: usize): void { gatherOf(2, s, n, t, o, m, d); }
function gather3(s: usize, n: u32, t: usize, o: usize, m: u32, d: usize): void { gatherOf(3, s, n, t, o, m, d); }
function gather4(s: usize, n: u32, t: usize, o: usize, m: u32, d: usize): void { gatherOf(4, s, n, t, o, m, d); }
function gather5(s: usize, n: u32, t: usize, o: usize, m: u32, d: usize): void { gatherOf(5, s, n, t, o, m, d); }
function gather6(s: usize, n: u32, t: usize, o: usize, m: u32, d: usize): void { gatherOf(6, s, n, t, o, m, d); }
function gather7(s: usize, n: u32, t: usize, o: usize, m: u32, d: usize): void { gatherOf(7, s, n, t, o, m, d); }
function gather8(s: usize, n: u32, t: usize, o: usize, m: u32, d: usize): void { gatherOf(8, s, n, t, o, m, d); }
function gather9(s: usize, n: u32, t: usize, o: usize, m: u32, d: usize): void { gatherOf(9, s, n, t, o, m, d); }
function gather10(s: usize, n: u32, t: usize, o: usize, m: u32, d: usize): void { gatherOf(10, s, n, t, o, m, d); }
function gather11(s: usize, n: u32, t: usize, o: usize, m: u32, d: usize): void { gatherOf(11, s, n, t, o, m, d); }
function gather12(s: usize, n: u32, t: usize, o: usize, m: u32, d: usize): void { gatherOf(12, s, n, t, o, m, d); }
function gather13(s: usize, n: u32, t: usize, o: usize, m: u32, d: usize): void { gatherOf(13, s, n, t, o, m, d); }

export function gather(
  width: u32,
  starts: usize,
  rows: u32,
  table: usize,
  out: usize,
  merges: u32,
  stride: usize,
): void {
  switch (width) {
    case 1: return gather1(starts, rows, table, out, merges, stride);
    case 2: return gather2(starts, rows, table, out, merges, stride);
    case 3: return gather3(starts, rows, table, out, merges, stride);
    case 4: return gather4(starts, rows, table, out, merges, stride);
    case 5: return gather5(starts, rows, table, out, merges, stride);
    case 6: return gather6(starts, rows, table, out, merges, stride);
    case 7: return gather7(starts, rows, table, out, merges, stride);
    case 8: return gather8(starts, rows, table, out, merges, stride);
    case 9: return gather9(starts, rows, table, out, merges, stride);
    case 10: return gather10(starts, rows, table, out, merges, stride);
    case 11: return gather11(starts, rows, table, out, merges, stride);
    case 12: return gather12(starts, rows, table, out, merges, stride);
    default: return gather13(starts, rows, table, out, merges, stride);
  }
}
