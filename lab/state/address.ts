import { MOST_IN_TENSORS } from '../../src/prologue/large-data.ts';
import {
  defaults,
  eachSetting,
  goTogether,
  type SettingName,
  type Settings,
  settingNames,
  settings,
} from '../../src/settings/table.ts';
import { type FollowedValue, order } from '../sample/values.ts';
import { plainSpeed } from '../training/speed.ts';
import { type Control, controlNames } from './controls.ts';
import { type Stage, stageNames } from './view.ts';

/** What the part of the address after `#` holds: `hidden=20&eta=0.5&stage=draw&hide=settings,share`. */
export interface Addressed {
  readonly settings: Settings;
  /** Steps a second; infinite: as fast as it goes. */
  readonly speed: number;
  /** Whether it goes faster and faster. */
  readonly speedsUp: boolean;
  readonly stage: Stage;
  readonly isLarge: boolean;
  readonly hidden: ReadonlySet<Control>;
  /** Somebody's functions, as `lab/write/code-in-link.ts` packs them; empty where there are none. */
  readonly code: string;
  /** The steps that are taken at the moment that is shown. */
  readonly step: number;
  /** The sample that is followed, and the value on its way. */
  readonly sample: { readonly set: 'train' | 'test'; readonly index: number };
  readonly value: FollowedValue;
}

/** What an address without any such part stands for, and what an entry that is missing stands for. */
export const plain: Addressed = {
  settings: defaults,
  ...{ speed: plainSpeed.stepsPerSecond, speedsUp: plainSpeed.speedsUp },
  ...{ stage: 'units', isLarge: false, hidden: new Set<never>(), code: '' },
  ...{ step: 0, sample: { set: 'train', index: 0 }, value: 's1' },
};

/** Longer addresses do not survive every mail program, chat and proxy. */
export const MOST_CODE = 8000;

/** The slowest and the fastest that a number may ask for. */
const SPEEDS = { from: 0.1, to: 10_000 } as const;

/** An address, without its `#`: what differs from the plain one. It is empty where nothing does. */
export function fragmentOf(asked: Addressed): string {
  const { settings, speed, speedsUp, stage, isLarge, hidden, code, step, sample, value } = asked;
  const entries: [name: string, value: string][] = settingNames
    .filter(name => settings[name] !== plain.settings[name])
    .map(name => [name, `${settings[name]}`]);
  if (speed !== plain.speed) entries.push(['speed', speed === Infinity ? 'max' : `${speed}`]);
  if (!speedsUp) entries.push(['faster', 'no']);
  if (stage !== plain.stage) entries.push(['stage', stage]);
  if (nameOf(sample) !== nameOf(plain.sample)) entries.push(['sample', nameOf(sample)]);
  if (value !== plain.value) entries.push(['value', value]);
  if (step !== plain.step) entries.push(['step', `${step}`]);
  if (isLarge) entries.push(['large', 'yes']);
  if (hidden.size > 0) entries.push(['hide', controlNames.filter(name => hidden.has(name)).join(',')]);
  if (code !== '') entries.push(['code', code]);
  // names and values are plain words and numbers: only the plus of 1e+21 has another meaning in an address
  return entries.map(([name, value]) => `${name}=${value.replace('+', '%2B')}`).join('&');
}

/** What an address asks for. What it cannot have is left as it is plainly, and said in `ignored`, a sentence each. */
export function addressed(fragment: string): { asked: Addressed; ignored: readonly string[] } {
  const ignored: string[] = [];
  const entries = entriesOf(fragment, ignored);
  const taken = (name: string): string | undefined => {
    const value = entries.get(name);
    entries.delete(name);
    return value;
  };
  /** What `read` makes of an entry; where there is none, or it is refused, what is plain. */
  const entry = <T>(name: string, plainly: T, read: (text: string, refuse: (wanted: string) => never) => T): T => {
    const text = taken(name);
    if (text === undefined) return plainly;
    try {
      return read(text, wanted => {
        throw new Refused(wanted);
      });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      ignored.push(`${name} is ${shown(text)}; it wants ${error.wanted}`);
      return plainly;
    }
  };

  const setting = (name: SettingName) => entry<string | number>(name, defaults[name], settings[name].values.read);
  const read = eachSetting(setting);
  const isEndless = !goTogether(read) || (typeof read.size === 'number' && read.size > MOST_IN_TENSORS);
  if (isEndless) ignored.push(`size is ${read.size}; a number is for drawn digits, ${MOST_IN_TENSORS} at the most`);
  const asked: Addressed = {
    settings: isEndless ? { ...read, size: defaults.size } : read,
    speed: entry('speed', plain.speed, readSpeed),
    speedsUp: entry('faster', plain.speedsUp, readYes),
    stage: entry(
      'stage',
      plain.stage,
      (text, refuse) => stageNames.find(name => name === text) ?? refuse(`one of ${stageNames.join(', ')}`),
    ),
    sample: entry('sample', plain.sample, readSample),
    value: entry(
      'value',
      plain.value,
      (text, refuse) => order.find(name => name === text) ?? refuse(`one of ${order.join(', ')}`),
    ),
    step: entry('step', plain.step, (text, refuse) =>
      WHOLE.test(text) ? Number(text) : refuse('a whole number of steps'),
    ),
    isLarge: entry('large', plain.isLarge, readYes),
    hidden: hiddenIn(taken('hide'), ignored),
    code: entry('code', plain.code, readCode),
  };
  for (const name of entries.keys()) ignored.push(`${shown(name)} is nothing that the lab knows`);
  return { asked, ignored };
}

/** Why a text is no value. */
class Refused extends Error {
  readonly wanted: string;
  constructor(wanted: string) {
    super(wanted);
    this.wanted = wanted;
  }
}

function entriesOf(fragment: string, ignored: string[]): Map<string, string> {
  const entries = new Map<string, string>();
  for (const part of fragment.replace(/^#/, '').split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = decoded(equals === -1 ? part : part.slice(0, equals));
    if (entries.has(name)) ignored.push(`${shown(name)} is there twice; the first one counts`);
    else entries.set(name, equals === -1 ? '' : decoded(part.slice(equals + 1)));
  }
  return entries;
}

function readSpeed(text: string, refuse: (wanted: string) => never): number {
  if (text === 'max') return Infinity;
  const speed = settings.eta.values.read(text, () => refuse(wantedSpeed));
  return speed >= SPEEDS.from && speed <= SPEEDS.to ? speed : refuse(wantedSpeed);
}

const WHOLE = /^(0|[1-9]\d{0,14})$/;

/** `test.12` */
const nameOf = ({ set, index }: Addressed['sample']): string => `${set}.${index}`;

function readSample(text: string, refuse: (wanted: string) => never): Addressed['sample'] {
  const [set, index, ...others] = text.split('.');
  return (set === 'train' || set === 'test') && WHOLE.test(index ?? '') && others.length === 0
    ? { set, index: Number(index) }
    : refuse('train or test, a point and a number, as in test.12');
}

const readYes = (text: string, refuse: (wanted: string) => never): boolean =>
  text === 'yes' || (text !== 'no' && refuse('yes or no'));

const wantedSpeed = `max, or steps a second from ${SPEEDS.from} to ${SPEEDS.to}`;

const readCode = (text: string, refuse: (wanted: string) => never): string =>
  /^[\w-]+$/.test(text) && text.length <= MOST_CODE ? text : refuse(`letters and digits, ${MOST_CODE} at the most`);

function hiddenIn(text: string | undefined, ignored: string[]): ReadonlySet<Control> {
  const hidden = new Set<Control>();
  for (const word of new Set((text ?? '').split(',').filter(word => word !== ''))) {
    const control = controlNames.find(name => name === word);
    if (control === undefined) ignored.push(`hide=${shown(word)} is nothing that the lab knows`);
    else hidden.add(control);
  }
  return hidden;
}

/** An entry as it was meant, or as it stands where `%` is followed by no such thing. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A text from an address in a sentence: short, in one line, whatever it is. */
function shown(text: string): string {
  const short = text.length <= 24 ? text : `${text.slice(0, 23)}…`;
  return `“${short.replace(/[\p{C}\p{Z}]/gu, ' ')}”`;
}
