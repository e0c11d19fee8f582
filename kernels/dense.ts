/**
 * The dense kernel: out[i] = Σₖ x[i, k] · table[k], a row being `width` vectors, for i < rows (an even number).
 * x[i, k] lies at x + i · strideI + k · strideK, so that one kernel serves a matrix and its transpose.
 *
 * Two rows of at most five vectors at a time: ten sums, two factors and two temporaries fill the registers, and a
 * vector of the table is loaded once for two products. `merges` and `stride` as in gather.ts.
 */
@inline
function blockOf(
  width: i32,
  x: usize,
  strideI: usize,
  strideK: usize,
  terms: u32,
  table: usize,
  rowBytes: usize,
  out: usize,
  merges: u32,
  stride: usize,
): void {
  const zero = f32x4.splat(0);
  let a0 = zero, a1 = zero, a2 = zero, a3 = zero, a4 = zero;
  let b0 = zero, b1 = zero, b2 = zero, b3 = zero, b4 = zero;
  for (let k: u32 = 0; k < terms; k++) {
    const xa = v128.load32_splat(x);
    const xb = v128.load32_splat(x + strideI);
    const t0 = v128.load(table);
    a0 = f32x4.add(a0, f32x4.mul(xa, t0));
    b0 = f32x4.add(b0, f32x4.mul(xb, t0));
    if (width > 1) {
      const t1 = v128.load(table, 16);
      a1 = f32x4.add(a1, f32x4.mul(xa, t1));
      b1 = f32x4.add(b1, f32x4.mul(xb, t1));
    }
    if (SEPARATED && width > 4 && table == 2) break; // never true; see gather.ts
    if (width > 2) {
      const t2 = v128.load(table, 32);
      a2 = f32x4.add(a2, f32x4.mul(xa, t2));
      b2 = f32x4.add(b2, f32x4.mul(xb, t2));
    }
    if (width > 3) {
      const t3 = v128.load(table, 48);
      a3 = f32x4.add(a3, f32x4.mul(xa, t3));
      b3 = f32x4.add(b3, f32x4.mul(xb, t3));
    }
    if (SEPARATED && width > 4 && table == 4) break;
    if (width > 4) {
      const t4 = v128.load(table, 64);
      a4 = f32x4.add(a4, f32x4.mul(xa, t4));
      b4 = f32x4.add(b4, f32x4.mul(xb, t4));
    }
    x += strideK;
    table += rowBytes;
  }
  let to = out;
  for (let m: u32 = 0; m < merges; m++) {
    to -= stride;
    a0 = f32x4.add(v128.load(to), a0);
    b0 = f32x4.add(v128.load(to + rowBytes), b0);
    if (width > 1) a1 = f32x4.add(v128.load(to, 16), a1);
    if (width > 1) b1 = f32x4.add(v128.load(to + rowBytes, 16), b1);
    if (width > 2) a2 = f32x4.add(v128.load(to, 32), a2);
    if (width > 2) b2 = f32x4.add(v128.load(to + rowBytes, 32), b2);
    if (width > 3) a3 = f32x4.add(v128.load(to, 48), a3);
    if (width > 3) b3 = f32x4.add(v128.load(to + rowBytes, 48), b3);
    if (width > 4) a4 = f32x4.add(v128.load(to, 64), a4);
    if (width > 4) b4 = f32x4.add(v128.load(to + rowBytes, 64), b4);
  }
  // of two neighbours the upper one first: see pairs.ts
  if (width > 1) v128.store(to, a1, 16);
  v128.store(to, a0);
  if (width > 3) v128.store(to, a3, 48);
  if (width > 2) v128.store(to, a2, 32);
  if (width > 4) v128.store(to, a4, 64);
  if (width > 1) v128.store(to + rowBytes, b1, 16);
  v128.store(to + rowBytes, b0);
  if (width > 3) v128.store(to + rowBytes, b3, 48);
  if (width > 2) v128.store(to + rowBytes, b2, 32);
  if (width > 4) v128.store(to + rowBytes, b4, 64);
}

function block1(x: usize, i: usize, k: usize, n: u32, t: usize, r: usize, o: usize, m: u32, d: usize): void { blockOf(1, x, i, k, n, t, r, o, m, d); }
function block2(x: usize, i: usize, k: usize, n: u32, t: usize, r: usize, o: usize, m: u32, d: usize): void { blockOf(2, x, i, k, n, t, r, o, m, d); }
function block3(x: usize, i: usize, k: usize, n: u32, t: usize, r: usize, o: usize, m: u32, d: usize): void { blockOf(3, x, i, k, n, t, r, o, m, d); }
function block4(x: usize, i: usize, k: usize, n: u32, t: usize, r: usize, o: usize, m: u32, d: usize): void { blockOf(4, x, i, k, n, t, r, o, m, d); }
function block5(x: usize, i: usize, k: usize, n: u32, t: usize, r: usize, o: usize, m: u32, d: usize): void { blockOf(5, x, i, k, n, t, r, o, m, d); }

export function dense(
  width: u32,
  x: usize,
  strideI: usize,
  strideK: usize,
  rows: u32,
  terms: u32,
  table: usize,
  out: usize,
  merges: u32,
  stride: usize,
): void {
  const rowBytes: usize = 16 * width;
  // the width in as few blocks as possible, as equal as possible: 13 = 5 + 4 + 4
  for (let blocks: u32 = (width + 4) / 5, left = width; blocks > 0; blocks--) {
    const w = (left + blocks - 1) / blocks;
    let from = x;
    let to = out;
    for (let i: u32 = 0; i < rows; i += 2) {
      switch (w) {
        case 1: block1(from, strideI, strideK, terms, table, rowBytes, to, merges, stride); break;
        case 2: block2(from, strideI, strideK, terms, table, rowBytes, to, merges, stride); break;
        case 3: block3(from, strideI, strideK, terms, table, rowBytes, to, merges, stride); break;
        case 4: block4(from, strideI, strideK, terms, table, rowBytes, to, merges, stride); break;
        default: block5(from, strideI, strideK, terms, table, rowBytes, to, merges, stride);
      }
      from += 2 * strideI;
      to += 2 * rowBytes;
    }
    left -= w;
    table += 16 * w;
    out += 16 * w;
  }
}
