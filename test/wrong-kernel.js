/**
 * The module of the kernels with a fault in those without separators: in the widest, one half of a pair takes its weights
 * from the wrong place.
 *
 * @param {string} source joinable.generated, JavaScript or TypeScript
 * @returns {string}
 */
export function wrongKernel(source) {
  const [, base64] = /base64\b[^=]*=\s*'([^']+)'/.exec(source) ?? [];
  if (base64 === undefined) throw new Error('the kernels without separators are not found');
  const bytes = Buffer.from(base64, 'base64');
  // v128.load offset=192, of the thirteenth vector, which no other kernel has; before it the loads of the others
  const thirteenth = bytes.indexOf(Buffer.from([0xfd, 0x00, 0x04, 0xc0, 0x01]));
  const twelfth = bytes.lastIndexOf(Buffer.from([0xfd, 0x00, 0x04, 0xb0, 0x01]), thirteenth);
  if (thirteenth < 0 || twelfth < 0) throw new Error('the thirteenth vector is not found');
  bytes[twelfth + 3] = 0xa0; // offset=160 in place of 176
  return source.replace(base64, bytes.toString('base64'));
}
