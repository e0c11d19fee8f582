/** The first bytes of every PNG file. */
export const SIGNATURE_OF_PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const;

/** Which of the two kinds of file that are read these bytes begin as, whatever the file is called. */
export function kindOf(bytes: ArrayLike<number>): 'PNG' | 'JPEG' | undefined {
  if (SIGNATURE_OF_PNG.every((byte, i) => bytes[i] === byte)) return 'PNG';
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff ? 'JPEG' : undefined;
}
