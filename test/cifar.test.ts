import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DataError, readDataSet } from '../src/prologue/sets.ts';
import { filesOfTar } from '../src/prologue/tar.ts';
import { archive, batch, batches, madeCifar, members, tar } from './made-cifar.ts';
import { patched, temporaryFolder, writeFiles } from './made-files.ts';

const RECORD = 3073;

let folder: string;
let remove: () => void;
beforeEach(() => {
  ({ folder, remove } = temporaryFolder());
});
afterEach(() => remove());

async function readNoting(): Promise<{ found: Awaited<ReturnType<typeof readDataSet>>; notes: string[] }> {
  const notes: string[] = [];
  return { found: await readDataSet(madeCifar, { dataDir: folder, onNote: line => notes.push(line) }), notes };
}

test('the archive and the six files hold the same images: red, green, blue', async () => {
  writeFiles(join(folder, 'cifar10'), { 'cifar-10-binary.tar.gz': archive });
  const { found: packed, notes } = await readNoting();
  expect(notes).toEqual([]);
  expect(packed.train.shape).toEqual([3, 32, 32]);
  expect([packed.train.count, packed.test.count]).toEqual([10, 2]);
  expect([...packed.train.labels]).toEqual([1, 9, 2, 9, 3, 9, 4, 9, 5, 9]);
  expect([...packed.test.labels]).toEqual([6, 9]);
  const plane = (image: number, channel: number) =>
    packed.train.images.subarray((3 * image + channel) * 1024).subarray(0, 1024);
  for (const channel of [0, 1, 2]) expect(plane(7, channel)).toEqual(new Uint8Array(1024).fill(4 + 100 * channel));

  remove();
  writeFiles(join(folder, 'cifar-10-batches-bin'), batches);
  const { found: unpacked, notes: unproved } = await readNoting();
  expect(unpacked.train).toEqual(packed.train);
  expect(unpacked.test).toEqual(packed.test);
  expect(unproved).toEqual([expect.stringMatching(/no checksum is known for data_batch_1.bin.*structure is right/)]);
});

describe('a batch is rejected that', () => {
  const rejected: [string, Uint8Array, RegExp][] = [
    [
      'is one byte short',
      batch(3).subarray(1),
      /data_batch_3\.bin: 6145 bytes long, where 2 records of 3073 bytes, 6146,/,
    ],
    ['is one byte long', Buffer.concat([batch(3), Uint8Array.of(0)]), /data_batch_3\.bin: 6147 bytes long/],
    ['is empty', new Uint8Array(), /data_batch_3\.bin: 0 bytes long/],
    ['has a label 10', patched(batch(3), RECORD, 10), /data_batch_3\.bin: label 10 at index 1/],
    ['has a label 255', patched(batch(3), 0, 255), /data_batch_3\.bin: label 255 at index 0/],
  ];
  test.each(rejected)('%s', async (_, bytes, message) => {
    writeFiles(folder, { ...batches, 'data_batch_3.bin': bytes });
    await expect(readDataSet(madeCifar, { dataDir: folder })).rejects.toThrow(DataError);
    await expect(readDataSet(madeCifar, { dataDir: folder })).rejects.toThrow(message);
    packInto(bytes);
    await expect(readDataSet(madeCifar, { dataDir: folder })).rejects.toThrow(message);
  });

  /** Puts the same batch into an archive, which is looked for before the files. */
  function packInto(bytes: Uint8Array): void {
    const bad = members.map(member => (member.name.endsWith('_3.bin') ? { ...member, bytes } : member));
    writeFiles(folder, { 'cifar-10-binary.tar.gz': new Uint8Array(gzipSync(tar(bad))) });
  }
});

test('an archive without one of the batches is rejected', async () => {
  writeFiles(folder, { 'cifar-10-binary.tar': tar(members.slice(0, -1)) });
  await expect(readDataSet(madeCifar, { dataDir: folder })).rejects.toThrow(
    /tar: has no member cifar-10-batches-bin\/test_batch\.bin/,
  );
});

describe('an archive is rejected with', () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const rejected: [string, Uint8Array, RegExp][] = [
    ['nothing in it, not even an end', new Uint8Array(), /archive is cut short at 0 bytes/],
    [
      'a name that leads out',
      tar([{ name: '../../etc/passwd', bytes }]),
      /member "\.\.\/\.\.\/etc\/passwd" leads out of the archive/,
    ],
    ['a name that leads out on Windows', tar([{ name: 'a\\..\\..\\b', bytes }]), /leads out of the archive/],
    ['a prefix that leads out', tar([{ name: 'b', prefix: 'a/..', bytes }]), /member "a\/\.\.\/b" leads out/],
    ['an absolute path', tar([{ name: '/etc/passwd', bytes }]), /has an absolute path/],
    ['an absolute path of Windows', tar([{ name: 'C:\\x', bytes }]), /has an absolute path/],
    ['a link', tar([{ name: 'a', kind: '1' }]), /member "a" is a link/],
    ['a symbolic link', tar([{ name: 'a', kind: '2' }]), /is a symbolic link; files and folders were wanted/],
    ['a device', tar([{ name: 'a', kind: '3' }]), /is a device/],
    ['a pipe', tar([{ name: 'a', kind: '6' }]), /is a pipe/],
    ['a file with holes', tar([{ name: 'a', kind: 'S' }]), /is of type "S"/],
    [
      'a member that comes twice',
      tar([
        { name: 'a', bytes },
        { name: 'a', bytes },
      ]),
      /member "a" comes twice/,
    ],
    ['a size that is no number', tar([{ name: 'a', size: '0000000089\0' }]), /has no readable size/],
    [
      'a size beyond the end',
      tar([{ name: 'a', size: '77777777777\0' }]),
      /is cut short: 1024 of its 8589934591 bytes/,
    ],
    [
      'a damaged header',
      patched(tar([{ name: 'a', bytes }]), 3, 65),
      /damaged: a header's checksum is wrong at byte 0/,
    ],
    ['no end', tar([{ name: 'a', bytes }]).subarray(0, 1024), /archive is cut short at 1024 bytes/],
  ];
  test.each(rejected)('%s', (_, archive, message) => {
    expect(() => filesOfTar(archive, '/data/some.tar')).toThrow(DataError);
    expect(() => filesOfTar(archive, '/data/some.tar')).toThrow(message);
  });
});

test('the extended headers that some programs write are passed over', () => {
  const extended = [
    { name: 'PaxHeader/all', kind: 'g', bytes: Buffer.from('12 size=99\n') },
    { name: 'PaxHeader/a', kind: 'x', bytes: Buffer.from('19 path=../../b\n') },
  ];
  const files = filesOfTar(tar([...extended, { name: 'a', bytes: Uint8Array.of(7) }]), 'f');
  expect(files).toEqual(new Map([['a', Uint8Array.of(7)]]));
});

test('a long name in two parts is put together', () => {
  const files = filesOfTar(tar([{ name: 'b', prefix: 'a', bytes: Uint8Array.of(7) }]), 'f');
  expect(files).toEqual(new Map([['a/b', Uint8Array.of(7)]]));
});
