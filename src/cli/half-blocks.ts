/**
 * An image of bytes as lines for a terminal: two rows of pixels to a line, the upper pixel the colour of the half block
 * and the lower one the colour behind it, in the 24 greys of terminals with 256 colours. Without colours, only which of
 * the two is bright.
 */
export function halfBlocks(image: Uint8Array, width: number, colours: boolean): string[] {
  const lines: string[] = [];
  for (let at = 0; at < image.length; at += 2 * width) {
    let line = '';
    for (let x = 0; x < width; x++) {
      const [upper, lower] = [image[at + x]!, image[at + width + x] ?? 0];
      line += colours
        ? `\x1b[38;5;${greyCode(upper)};48;5;${greyCode(lower)}m▀`
        : BLOCKS[bright(upper) + 2 * bright(lower)];
    }
    lines.push(colours ? `${line}\x1b[0m` : line);
  }
  return lines;
}

const BLOCKS = [' ', '▀', '▄', '█'] as const;

const bright = (value: number): number => (value >= 96 ? 1 : 0);

/** Of the 256 colours the last 24 are greys from nearly black to nearly white; 16 is black itself. */
function greyCode(value: number): number {
  return value < 6 ? 16 : 232 + Math.round((value * 23) / 255);
}
