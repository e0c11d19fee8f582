/** A small set in the format of CIFAR-10, made for the tests. */
import { gzipSync } from 'node:zlib';
import type { DataSet } from '../src/prologue/catalogue.ts';
import { cifarArchive, cifarBatches } from '../src/prologue/cifar.ts';
import { sha256Of } from './made-files.ts';

const RECORDS = 2;

/** A batch of two records: labels `n` and 9, all pixels red n, green n + 100, blue n + 200. */
export function batch(n: number): Uint8Array {
  const record = (label: number) => [
    label,
    ...new Uint8Array(1024).fill(n),
    ...new Uint8Array(1024).fill(n + 100),
    ...new Uint8Array(1024).fill(n + 200),
  ];
  return Uint8Array.from([...record(n), ...record(9)]);
}

export const batches: Readonly<Record<string, Uint8Array>> = {
  ...Object.fromEntries([1, 2, 3, 4, 5].map(n => [`data_batch_${n}.bin`, batch(n)])),
  'test_batch.bin': batch(6),
};

interface Member {
  readonly name: string;
  readonly bytes?: Uint8Array;
  readonly kind?: string;
  readonly prefix?: string;
  readonly size?: string;
}

/** A tar archive, checksums and all. */
export function tar(members: readonly Member[]): Uint8Array {
  const blocks = members.flatMap(({ name, bytes = new Uint8Array(), kind = '0', prefix = '', size }) => {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write('0000644\0', 100);
    header.write(size ?? `${bytes.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write('        ', 148);
    header.write(kind, 156);
    header.write('ustar\x0000', 257);
    header.write(prefix, 345);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return new Uint8Array(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

export const members: Member[] = [
  { name: 'cifar-10-batches-bin/', kind: '5' },
  { name: 'cifar-10-batches-bin/readme.html', bytes: Buffer.from('<html></html>') },
  ...Object.entries(batches).map(([name, bytes]) => ({ name: `cifar-10-batches-bin/${name}`, bytes })),
];
export const archive = new Uint8Array(gzipSync(tar(members)));

/** Without mirrors; the archive alone has a checksum, as the real one. */
export const madeCifar: DataSet = {
  name: 'cifar10',
  title: 'CIFAR-10',
  layouts: ['cifar10', 'cifar-10-batches-bin', '.'],
  packings: [cifarArchive(RECORDS, sha256Of(archive)), cifarBatches(RECORDS)],
  mirrors: [],
};
