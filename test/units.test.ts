import { decode } from 'fast-png';
import { expect, test } from 'vitest';
import { encodePng } from '../src/picture/png.ts';
import { FULL_COLOUR, unitsPicture } from '../src/picture/units.ts';
import { zeros } from '../src/tensor/index.ts';

/** The picture of these weights, and its colour at a place. */
function pictureOf(units: number, shape: [number, number, number], weights: Record<number, number>) {
  const w1 = zeros(units, shape[0] * shape[1] * shape[2]);
  for (const [place, weight] of Object.entries(weights)) w1.data[Number(place)] = weight;
  const { width, height, data, channels } = decode(encodePng(unitsPicture(w1, shape)));
  expect(channels).toBe(3);
  const at = (x: number, y: number) => [...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3)];
  return { width, height, at };
}

const [RED, BLUE, WHITE, GREY] = [
  [178, 24, 43],
  [33, 102, 172],
  [255, 255, 255],
  [64, 64, 64],
];

test('a tile of 28 × 28 for each hidden unit: red above zero, blue below, white at it', () => {
  const first = { 0: FULL_COLOUR, 1: -FULL_COLOUR, 2: 7, 28: FULL_COLOUR / 2 };
  const { width, height, at } = pictureOf(50, [1, 28, 28], { ...first, [784 * 9 + 783]: -1 });
  expect([width, height]).toEqual([8 * 29 + 1, 7 * 29 + 1]);
  expect([at(1, 1), at(2, 1), at(3, 1), at(4, 1), at(0, 0)]).toEqual([RED, BLUE, RED, WHITE, GREY]);
  expect(at(1, 2)).toEqual([216, 139, 149]);
  expect(at(29 + 28, 29 + 28)).toEqual(BLUE); // the tenth unit is the second of the second row
  expect(at(2 * 29 + 1, 6 * 29 + 1)).toEqual(GREY); // there is no unit
});

test('the scale is the same whatever the weights are', () => {
  expect(pictureOf(1, [1, 2, 2], { 0: 0.01 }).at(1, 1)).toEqual(pictureOf(1, [1, 2, 2], { 0: 0.01, 1: 9 }).at(1, 1));
});

test('of colours the mean is drawn, of very many units the first 256', () => {
  const area = 32 * 32;
  const { at } = pictureOf(1, [3, 32, 32], { 0: 0.3, [area]: 0.15, [2 * area]: 0, 1: -0.3, [area + 1]: 0.3 });
  expect([at(1, 1), at(2, 1)]).toEqual([RED, WHITE]);
  expect(pictureOf(1000, [1, 2, 2], {}).width).toBe(16 * 3 + 1);
});
