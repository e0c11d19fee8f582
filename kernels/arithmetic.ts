/**
 * out ← x + y and so on, of float32, for programs that were written by others: src/batch. `xStep` and `yStep` are how far
 * one vector of four lies from the next: 16, or 0 where one number stands for all.
 */
export function add(x: usize, xStep: usize, y: usize, yStep: usize, out: usize, vectors: u32): void {
  for (const end = out + 16 * vectors; out < end; out += 16, x += xStep, y += yStep)
    v128.store(out, f32x4.add(v128.load(x), v128.load(y)));
}

export function subtract(x: usize, xStep: usize, y: usize, yStep: usize, out: usize, vectors: u32): void {
  for (const end = out + 16 * vectors; out < end; out += 16, x += xStep, y += yStep)
    v128.store(out, f32x4.sub(v128.load(x), v128.load(y)));
}

export function multiply(x: usize, xStep: usize, y: usize, yStep: usize, out: usize, vectors: u32): void {
  for (const end = out + 16 * vectors; out < end; out += 16, x += xStep, y += yStep)
    v128.store(out, f32x4.mul(v128.load(x), v128.load(y)));
}

export function divide(x: usize, xStep: usize, y: usize, yStep: usize, out: usize, vectors: u32): void {
  for (const end = out + 16 * vectors; out < end; out += 16, x += xStep, y += yStep)
    v128.store(out, f32x4.div(v128.load(x), v128.load(y)));
}
