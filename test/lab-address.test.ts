import fc from 'fast-check';
import { expect, test } from 'vitest';
import { order } from '../lab/sample/values.ts';
import { type Addressed, addressed, fragmentOf, plain } from '../lab/state/address.ts';
import { controlNames } from '../lab/state/controls.ts';
import { stageNames } from '../lab/state/view.ts';
import { defaults, eachSetting, type Settings, settingNames, settings } from '../src/settings/table.ts';

const positive = fc.double({ min: 0, minExcluded: true, noNaN: true, noDefaultInfinity: true });

const anySettings: fc.Arbitrary<Settings> = fc
  .record({
    dataset: fc.constantFrom(...settings.dataset.values.choices!),
    size: fc.constantFrom(...settings.size.values.choices!),
    engine: fc.constantFrom(...settings.engine.values.choices!),
    seed: fc.maxSafeInteger(),
    steps: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    hidden: fc.integer({ min: 1, max: 1_000_000 }),
    ...{ eta: positive, epsilon: positive, zeta: positive },
    targets: fc.constantFrom(...settings.targets.values.choices!),
  })
  .map(values => eachSetting(name => values[name]));

const anything: fc.Arbitrary<Addressed> = fc.record({
  settings: fc.oneof(fc.constant(defaults), anySettings),
  speed: fc.oneof(fc.constant(Infinity), fc.double({ min: 0.1, max: 10_000, noNaN: true })),
  speedsUp: fc.boolean(),
  stage: fc.constantFrom(...stageNames),
  isLarge: fc.boolean(),
  hidden: fc.subarray([...controlNames]).map(names => new Set(names)),
  code: fc.oneof(fc.constant(''), fc.stringMatching(/^[\w-]{1,40}$/)),
  step: fc.nat(),
  sample: fc.record({ set: fc.constantFrom('train', 'test'), index: fc.nat() }),
  value: fc.constantFrom(...order),
});

test('the address says what differs from the practical’s own, and nothing else', () => {
  expect(fragmentOf(plain)).toBe('');
  const asked: Addressed = {
    settings: { ...defaults, hidden: 20, eta: 0.5, epsilon: 1e-7, seed: -3 },
    ...{
      speed: Infinity,
      speedsUp: false,
      stage: 'draw',
      isLarge: true,
      hidden: new Set(['share', 'settings']),
      code: '',
      step: 240,
      sample: { set: 'test', index: 12 },
      value: 'dl_ds1',
    },
  };
  expect(fragmentOf(asked)).toBe(
    'seed=-3&hidden=20&eta=0.5&epsilon=1e-7&speed=max&faster=no&stage=draw&sample=test.12&value=dl_ds1&step=240&large=yes&hide=share,settings',
  );
});

test('what an address holds comes back as it was, to the last bit', () => {
  fc.assert(
    fc.property(anything, asked => {
      expect(addressed(fragmentOf(asked))).toEqual({ asked, ignored: [] });
      expect(addressed(`#${fragmentOf(asked)}`).asked).toEqual(asked);
    }),
  );
});

test('entries that cannot be had are said in one line each, and the others count', () => {
  const { asked, ignored } = addressed('#hidden=0&eta=0.5&eta=2&nonsense=1&speed=1e300&hide=share,everything&stage=9');
  expect(asked).toEqual({ ...plain, settings: { ...defaults, eta: 0.5 }, hidden: new Set(['share']) });
  expect(ignored).toEqual([
    '“eta” is there twice; the first one counts',
    'hidden is “0”; it wants a whole number, from 1 to 1000000',
    'speed is “1e300”; it wants max, or steps a second from 0.1 to 10000',
    'stage is “9”; it wants one of units, sample, draw, write',
    'hide=“everything” is nothing that the lab knows',
    '“nonsense” is nothing that the lab knows',
  ]);
});

test('whatever stands in an address, something valid comes of it, and short sentences', () => {
  const names = [...settingNames, 'speed', 'faster', 'stage', 'large', 'hide', 'code', '__proto__', 'constructor'];
  const values = ['NaN', 'Infinity', '-0', '0x10', '1e999', '١', '%', '%00', '%2B', 'yes', 'draw', '<b>', 'toString'];
  const entry = fc
    .tuple(fc.constantFrom(...names), fc.oneof(fc.constantFrom(...values), fc.string({ unit: 'binary' }), fc.double()))
    .map(([name, value]) => `${name}=${value}`);
  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(entry, { maxLength: 6 }).map(all => all.join('&')),
  );
  fc.assert(
    fc.property(hostile, fragment => {
      const { asked, ignored } = addressed(fragment);
      expect(addressed(fragmentOf(asked))).toEqual({ asked, ignored: [] });
      for (const line of ignored) {
        expect(line.length).toBeLessThan(160);
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }
    }),
  );
});

test('a number of samples is for drawn digits, as many as a page can hold', () => {
  const sizeOf = (fragment: string) => {
    const { asked, ignored } = addressed(fragment);
    return [asked.settings.size, ...ignored];
  };
  expect(sizeOf('dataset=drawn&size=5000')).toEqual([5000]);
  expect(sizeOf('size=5000')).toEqual(['reduced', 'size is 5000; a number is for drawn digits, 60000 at the most']);
  expect(sizeOf('dataset=drawn&size=60001')[0]).toBe('reduced');
  expect(sizeOf('dataset=drawn&size=0')[0]).toBe('reduced');
  expect(fragmentOf(addressed('dataset=drawn&size=5000').asked)).toBe('dataset=drawn&size=5000');
});
