import { defaults, type Settings } from '../../src/settings/table.ts';
import type { StepReport } from '../../src/train.ts';
import type { About, Landmark, LandmarkKind, Parting } from '../training/protocol.ts';

/** What is known of the training, as far as it decides what has to be said of the moment that is shown. */
export interface Situation {
  readonly about: About | undefined;
  readonly step: number;
  /** What the last step before that moment gave, and the first that is known; undefined where no log says it. */
  readonly report?: StepReport | undefined;
  readonly first?: StepReport | undefined;
  /** What there is to train with: Play or, where a teacher has switched it off, the time slider. */
  readonly trainsBy?: 'play' | 'time' | undefined;
  /** Whether all weights of that moment are numbers. */
  readonly hasNumbers: boolean;
  readonly landmarks: readonly Landmark[];
  readonly refused: string | undefined;
  readonly preparing: Settings | string | undefined;
  readonly stopped: string | undefined;
  /** Where a learner's functions train: where they part from Longhand's, and the loss of Longhand's at this step. */
  readonly parting?: Parting | undefined;
  readonly lossOfOurs?: number | undefined;
  /** Whether the learner has changed them since. */
  readonly isOlder?: boolean;
}

export interface Note {
  /** Whether something went as nobody wants it, something is worth a look, or neither. */
  readonly tone: 'wrong' | 'look' | 'quiet';
  /** The thing in a few words, and the sentence on it. */
  readonly title: string;
  readonly text: string;
  /** What would set it right. */
  readonly remedies: readonly Remedy[];
}

export type Remedy =
  | { readonly label: string; readonly choose: Partial<Settings> }
  /** Anew with the learner's functions as they are now. */
  | { readonly label: string; readonly again: true }
  | { readonly label: string; readonly goTo: number };

/** The one thing that a learner should be told now. */
export function whatToSay(situation: Situation): Note {
  const { about, step, landmarks, refused, preparing, stopped, parting, trainsBy } = situation;
  if (refused !== undefined)
    return { tone: 'wrong', title: 'That cannot be done', text: sentence(refused), remedies: [] };
  if (about === undefined || preparing !== undefined) return ofPreparing(preparing);
  const { settings, firstStep } = about;
  const at = (kind: LandmarkKind) => landmarks.find(landmark => landmark.kind === kind)?.step ?? Infinity;

  const again: Remedy[] = situation.isOlder
    ? [{ label: 'Begin anew with your functions as they are now', again: true }]
    : [];
  if (about.own !== undefined && stopped !== undefined)
    return { tone: 'wrong', title: 'Your functions stopped', text: ofOwn(situation), remedies: again };
  if (situation.isOlder)
    return {
      tone: 'look',
      title: 'You have changed your functions since',
      text: 'This training is of the text as it was when it began.',
      remedies: again,
    };
  if (parting?.isMistake && step > parting.step)
    return {
      tone: 'wrong',
      title: `Since step ${parting.step.toLocaleString('en')} yours is another training than Longhand’s`,
      text: sentence(parting.looksLike[0] ?? parting.look),
      remedies: [{ label: `Go to step ${parting.step.toLocaleString('en')}`, goTo: parting.step }],
    };
  if (stopped !== undefined && step >= at('not finite')) return ofNoNumbers(situation, settings);
  if (step > at('began saturated'))
    return {
      tone: 'wrong',
      title: 'Saturated from the start',
      text: `The first weights are too large (ε = ${plain(settings.epsilon)}): nearly all sums lie where tanh is flat, its slope is almost 0 there, and the loss falls slowly if at all. Make ε smaller.`,
      remedies: smaller('epsilon', settings),
    };
  if (step > at('saturated'))
    return {
      tone: 'wrong',
      title: 'Saturated',
      text: `The loss stands still, above that of a network that answers 0 to every image: the steps were so large (η = ${plain(settings.eta)}) that the sums lie where tanh is flat. Make η or ε smaller.`,
      remedies: [
        ...smaller('eta', settings),
        ...smaller('epsilon', settings).slice(0, settings.epsilon > defaults.epsilon ? 1 : 0),
      ],
    };
  if (about.trainCount === 0)
    return {
      tone: 'look',
      title: `${about.opened ?? 'This run'} without its data`,
      text: 'The samples that it was trained on are not here: its weights can be looked at, but it cannot be gone on with, nor tell what it takes each digit for.',
      remedies: [],
    };
  if (step > at('plateau') && step <= at('plateau over'))
    return {
      tone: 'look',
      title: 'A plateau, no mistake',
      text: 'Every image gets the same answer while w₁ and w₂ are near 0. They grow with each step, unseen until they matter.',
      remedies: [],
    };
  if (step === settings.steps)
    return {
      tone: 'quiet',
      title: 'The end',
      text: `${amount(settings.steps, 'step')} ${settings.steps === 1 ? 'is' : 'are'} taken. Drag the time slider to look back; “Again” does the same once more, to the bit.`,
      remedies: [],
    };
  if (step > at('learned'))
    return {
      tone: 'look',
      title: '3.6% training error',
      text: `Step ${at('learned').toLocaleString('en')} was the first with no more than 3.6% of the training digits misread. From here on the training error tends to fall further than the test error.`,
      remedies: [],
    };
  if (step > at('plateau over'))
    return {
      tone: 'look',
      title: 'The plateau is over',
      text: 'The hidden units begin to tell images apart: watch what they look for.',
      remedies: [],
    };
  if (step === firstStep)
    return {
      tone: 'quiet',
      title: step === 0 ? 'The start' : `Step ${step}`,
      text:
        step === 0
          ? `A network of ${amount(settings.hidden, 'hidden unit')}, which knows nothing yet. ${how('backpropagation teaches it', trainsBy)} to read ${about.trainCount.toLocaleString('en')} ${/^(mnist|drawn)$/.test(settings.dataset) ? 'digits' : 'images'}, step by step.`
          : trainsBy === undefined
            ? ''
            : trainsBy === 'play'
              ? 'Press Play, or the space bar, to go on.'
              : 'Drag the time slider to go on.',
      remedies: [],
    };
  if (step > at('plateau')) return { tone: 'quiet', title: 'It learns', text: '', remedies: [] };
  const { report, first } = situation;
  if (report === undefined)
    return { tone: 'quiet', title: `Step ${step.toLocaleString('en')}`, text: '', remedies: [] };
  // chance gives 90
  if (report.trainError < 80) return { tone: 'quiet', title: 'It learns', text: '', remedies: [] };
  if (first !== undefined && report.trainLoss > 1.1 * first.trainLoss)
    return {
      tone: 'look',
      title: 'The loss has risen',
      text: `It is above that of the first step: these steps may be too large (η = ${plain(settings.eta)}).`,
      remedies: smaller('eta', settings),
    };
  const hasFallen = first !== undefined && report.trainLoss < first.trainLoss;
  return {
    tone: 'quiet',
    title: 'The first steps',
    text: `The output biases b₂ learn first: they need not tell the digits apart.${hasFallen ? ' That alone has made the loss fall.' : ''}`,
    remedies: [],
  };
}

/** Why a learner's functions gave no next step. */
function ofOwn({ stopped, landmarks, lossOfOurs }: Situation): string {
  const isNotFinite = landmarks.some(({ kind }) => kind === 'not finite');
  if (!isNotFinite) return sentence(stopped!);
  const said = stopped!.replace(/\. The likely cause.*/, '');
  if (lossOfOurs === undefined || !Number.isFinite(lossOfOurs)) return sentence(said);
  return `${sentence(said)} Longhand’s own functions have a loss of ${lossOfOurs.toFixed(2)} there: it is not the step size.`;
}

function ofPreparing(what: Settings | string | undefined): Note {
  const text =
    typeof what === 'string'
      ? `The run ${what} is being opened …`
      : what === undefined
        ? 'The trainer is being loaded …'
        : what.dataset === 'drawn'
          ? 'Digits are being drawn, and the first weights …'
          : `The samples of ${what.dataset.replace(/k?mnist/, name => name.toUpperCase())} are being fetched from this machine, and the first weights drawn …`;
  return { tone: 'quiet', title: 'Getting ready', text, remedies: [] };
}

function ofNoNumbers({ step, hasNumbers, stopped }: Situation, settings: Settings): Note {
  const where = hasNumbers
    ? 'This is the last moment with numbers.'
    : 'The weights of this moment are no numbers any more.';
  return {
    tone: 'wrong',
    title: `Step ${step} came to NaN or infinity`,
    text: `The steps are too large (η = ${plain(settings.eta)}): each overshoots by more than the one before. ${where} (${stopped})`,
    remedies: [
      ...smaller('eta', settings),
      ...(hasNumbers || step === 0 ? [] : [{ label: `Back to the last numbers, step ${step - 1}`, goTo: step - 1 }]),
    ],
  };
}

/** What to do, and what then happens; where there is nothing to train with, that it would. */
function how(happens: string, trainsBy: Situation['trainsBy']): string {
  if (trainsBy === 'play') return `Press Play, or the space bar: ${happens}`;
  if (trainsBy === 'time') return `Drag the time slider: ${happens}`;
  return happens.charAt(0).toUpperCase() + happens.slice(1);
}

/** A setting as it can be read: its thousands apart, unless there are too many of them; what is tiny by its power of ten. */
function plain(value: number): string {
  if (value > 0 && value < 1e-4) return value.toExponential();
  return value >= 1000 && value < 1e15 ? value.toLocaleString('en', { maximumFractionDigits: 6 }) : String(value);
}

/** Begins anew with the practical's own value or, where that is not smaller, a tenth. */
function smaller(name: 'eta' | 'epsilon', settings: Settings): Remedy[] {
  const value = settings[name] > defaults[name] ? defaults[name] : settings[name] / 10;
  return [{ label: `Begin with ${name === 'eta' ? 'η' : 'ε'} = ${plain(value)}`, choose: { [name]: value } }];
}

const amount = (count: number, thing: string): string =>
  `${count.toLocaleString('en')} ${thing}${count === 1 ? '' : 's'}`;

/** The trainer's own words, as a sentence; what begins with a file's name is left as it is written. */
const sentence = (words: string): string =>
  (/^\S*\.\w+\b/.test(words) ? words : words.charAt(0).toUpperCase() + words.slice(1)).replace(/\.?$/, '.');
