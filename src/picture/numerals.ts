/** The numerals from 0 to 9 beside each other, three pixels wide and five high, a column of ground between them. */
const ROWS: readonly string[] = [
  '███  █  ███ ███ █ █ ███ ███ ███ ███ ███',
  '█ █ ██    █   █ █ █ █   █     █ █ █ █ █',
  '█ █  █  ███  ██ ███ ███ ███   █ ███ ███',
  '█ █  █  █     █   █   █ █ █  █  █ █   █',
  '███ ███ ███ ███   █ ███ ███  █  ███ ███',
];
const WIDTH = 3;
export const NUMERAL_HEIGHT = 5;

/** Calls `paint` for each pixel that a whole number of 0 or more is written with, from its upper left corner on. */
export function writeNumber(number: number, paint: (x: number, y: number) => void): void {
  for (const [place, digit] of [...`${number}`].entries()) {
    for (const [y, row] of ROWS.entries()) {
      for (let x = 0; x < WIDTH; x++) {
        if (row[Number(digit) * (WIDTH + 1) + x] !== ' ') paint(place * (WIDTH + 1) + x, y);
      }
    }
  }
}
