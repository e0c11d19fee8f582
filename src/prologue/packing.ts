/** Images and their labels as they lie in the files: bytes, the pixels 0 to 255, the last dimension fastest. */
export interface RawSet {
  /** count × channels × rows × columns pixels. */
  readonly images: Uint8Array;
  /** A class, 0 to 9, for each image. */
  readonly labels: Uint8Array;
  readonly count: number;
  readonly shape: readonly [channels: number, rows: number, columns: number];
}

/** A file of a data set. It may lie in a folder as it is or gzipped, under its name or with `.gz` after it. */
export interface DataFile {
  readonly name: string;
  /** Another name under which people have it. */
  readonly alias?: string;
  /** The length in bytes when unpacked; for an archive, more than it can be. */
  readonly length: number;
  /** The SHA-256 of the unpacked bytes: the authority, where it is known, since a file may be compressed anew. */
  readonly sha256?: string;
  /** The SHA-256 of the gzipped file that the mirrors hold. */
  readonly gzipSha256?: string;
}

/** A file's unpacked bytes, and the path they came from, for the errors. */
export interface Contents {
  readonly bytes: Uint8Array;
  readonly path: string;
}

/** One way in which a data set is packed into files. */
export interface Packing {
  readonly files: readonly DataFile[];
  /**
   * Makes the set of the contents of `files`, in their order.
   *
   * @throws DataError where they are not exactly what they should be.
   */
  unpack(contents: readonly Contents[]): { train: RawSet; test: RawSet };
}
