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

test('a tile of 28 × 28 for each hidden unit, four times as large: red above zero, blue below, white at it', () => {
  const first = { 0: FULL_COLOUR, 1: -FULL_COLOUR, 2: 7, 28: FULL_COLOUR / 2 };
  const { width, height, at } = pictureOf(50, [1, 28, 28], { ...first, [784 * 9 + 783]: -1 });
  expect([width, height]).toEqual([8 * 29 * 4 + 4, 7 * (28 * 4 + 14) + 4]);
  for (const [x, y] of [
    [0, 0],
    [3, 0],
    [0, 3],
    [3, 3],
  ] as const) {
    expect([0, 4, 8, 12].map(column => at(4 + column + x, 14 + y))).toEqual([RED, BLUE, RED, WHITE]);
    expect(at(4 + x, 18 + y)).toEqual([216, 139, 149]);
    // the tenth unit is the second of the second row
    expect(at(4 + 116 + 4 * 27 + x, 14 + 126 + 4 * 27 + y)).toEqual(BLUE);
  }
  expect([at(0, 0), at(3, 14), at(2 * 116 + 4, 6 * 126 + 14)]).toEqual([GREY, GREY, GREY]); // there is no unit
});

test('above each tile stands the number of its unit', () => {
  const { at } = pictureOf(50, [1, 28, 28], {});
  /** What stands above a unit: two numerals, a character for four pixels. */
  const above = (unit: number) =>
    [0, 1, 2, 3, 4].map(y =>
      [0, 1, 2, 3, 4, 5, 6]
        .map(x => at(4 + 116 * (unit % 8) + 2 * x, 126 * Math.floor(unit / 8) + 2 + 2 * y)[0]! > 64)
        .map(isWritten => (isWritten ? '#' : '.'))
        .join(''),
    );
  expect(above(0)).toEqual(['###....', '#.#....', '#.#....', '#.#....', '###....']);
  expect(above(42)).toEqual(['#.#.###', '#.#...#', '###.###', '..#.#..', '..#.###']);
});

test('the scale is the same whatever the weights are', () => {
  const pale = pictureOf(1, [1, 2, 2], { 0: 0.01 });
  const beside = pictureOf(1, [1, 2, 2], { 0: 0.01, 1: 9 });
  expect(pale.at(250, 14)).toEqual(beside.at(250, 14));
  expect(pale.at(500, 14)).not.toEqual(beside.at(500, 14));
});

test('of colours the mean is drawn, of very many units the first 256', () => {
  const area = 32 * 32;
  const { at } = pictureOf(1, [3, 32, 32], { 0: 0.3, [area]: 0.15, [2 * area]: 0, 1: -0.3, [area + 1]: 0.3 });
  expect([at(29, 14), at(29 + 29, 14)]).toEqual([RED, WHITE]);
  expect(pictureOf(1000, [1, 2, 2], {}).width).toBe(16 * 3 * 20 + 20);
});
