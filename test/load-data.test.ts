import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { defaultGenerator, drawnDigits, type LoadOptions, LonghandError, loadData, manualSeed } from '../src/index.ts';
import { catalogue } from '../src/prologue/catalogue.ts';
import { archive, madeCifar } from './made-cifar.ts';
import { madeGzips, madeSet, temporaryFolder } from './made-files.ts';
import { type MisbehavingServer, misbehavingServer } from './misbehaving-server.ts';

// loadData with small sets in the place of CIFAR-10 and Fashion-MNIST, which are downloaded from this machine.

const { folder: dataDir, remove } = temporaryFolder();
let server: MisbehavingServer;
beforeAll(async () => {
  for (const name of ['http_proxy', 'HTTP_PROXY', 'LONGHAND_MIRROR']) vi.stubEnv(name, '');
  server = await misbehavingServer(undefined, { ...madeGzips, 'cifar-10-binary.tar.gz': archive });
  const mirrors = [server.mirror('flipped'), server.mirror('good')];
  const fashion = { ...madeSet(mirrors, { sha256: false }), name: 'fashion-mnist' };
  Object.assign(catalogue, { cifar10: { ...madeCifar, mirrors }, 'fashion-mnist': fashion });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await server.close();
  remove();
});

const load = <const O extends LoadOptions>(options: O) =>
  loadData<O & { dataDir: string }>({ log: () => {}, dataDir, download: true, ...options });

describe('CIFAR-10', () => {
  test.each([{ cifar: true }, { dataset: 'cifar10' }] as const)(
    '%j: its archive is downloaded, and read',
    async how => {
      const lines: string[] = [];
      const { trainInput, trainTarget, testInput, source } = await load({ ...how, log: line => lines.push(line) });
      expect(lines).toEqual([
        '* Using CIFAR', // the helper file's name for it
        '** Reduce the data-set (use --full for the full thing)',
        '** Use 10 train and 2 test samples',
      ]);
      expect([trainInput.shape, testInput.shape]).toEqual([
        [10, 3072],
        [2, 3072],
      ]);
      expect(trainTarget.tolist()).toEqual([1, 9, 2, 9, 3, 9, 4, 9, 5, 9]);
      expect([0, 1024, 2048].map(at => trainInput.tolist()[2]![at])).toEqual([2, 102, 202]);
      expect(source).toBe(`${dataDir}/cifar10`);
    },
  );

  test('in channels, rows and columns, with one-hot targets', async () => {
    const { testInput, testTarget } = await load({ cifar: true, flatten: false, oneHotLabels: true });
    expect(testInput.shape).toEqual([2, 3, 32, 32]);
    expect(testTarget.tolist().map(row => row.indexOf(1))).toEqual([6, 9]);
  });
});

test('a set of which only the checksums of the gzipped files are known is downloaded and read', async () => {
  const { trainInput, testTarget } = await load({ dataset: 'fashion-mnist' });
  expect(trainInput.shape).toEqual([6, 784]);
  expect(testTarget.tolist()).toEqual([0, 1, 2, 3]);
});

describe('drawn digits', () => {
  test("take nothing from manualSeed's stream", async () => {
    manualSeed(3);
    const before = defaultGenerator.getState();
    drawnDigits({ count: 20 });
    await loadData({ dataset: 'drawn', tiny: true, log: () => {} });
    expect(defaultGenerator.getState()).toEqual(before);
  });

  test('are not drawn for a signal that has been given', async () => {
    await expect(loadData({ dataset: 'drawn', signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow(
      'enough',
    );
  });
});

describe('wrong options are named', () => {
  const names = 'it wants one of mnist, fashion-mnist, kmnist, cifar10, drawn';
  test.each([
    [{ dataset: 'MNIST' }, `loadData: dataset is "MNIST"; ${names}`],
    [{ dataset: 'constructor' }, `loadData: dataset is "constructor"; ${names}`],
    [{ dataset: null }, `loadData: dataset is null; ${names}`],
    [{ dataset: 'drawn', log: null }, 'loadData: log is null; it wants a function'],
    [{ dataDir: null }, 'dataDir is null; it wants a string, the path of a folder'],
    [{ dataDir: new URL('file:///data') }, 'dataDir is "file:///data"; it wants a string'],
    [{ full: true, tiny: true }, 'Cannot have both --full and --tiny'],
    [{ cifar: true, dataset: 'mnist' }, 'loadData: cifar and the dataset mnist; choose one'],
  ])('%j', async (options, message) => {
    const failure = loadData(options as LoadOptions);
    await expect(failure).rejects.toThrow(LonghandError);
    await expect(failure).rejects.toThrow(message);
  });
});
