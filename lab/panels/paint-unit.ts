import { paintWeights } from '../page/colours.ts';
import { fullW1 } from '../state/scales.ts';

/** Paints the weights of one unit on a canvas of 28 × 28 pixels. */
export function paintUnit(canvas: HTMLCanvasElement, unit: number, w1: Float32Array): void {
  const pen = canvas.getContext('2d')!;
  const image = pen.createImageData(28, 28);
  const weights = w1.subarray(784 * unit, 784 * (unit + 1));
  paintWeights(weights, fullW1.value, new Uint32Array(image.data.buffer), 28, 0);
  pen.putImageData(image, 0, 0);
}
