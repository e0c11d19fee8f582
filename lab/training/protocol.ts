import type { Sources } from '../../src/practice/protocol.ts';
import type { FormatName } from '../../src/run/export/formats.ts';
import type { Settings } from '../../src/settings/table.ts';
import type { StepReport } from '../../src/train.ts';
import type { OwnWay } from '../own/own-way.ts';
import type { Speed } from './speed.ts';

/** What the page and the trainer, which works in a thread of its own, say to each other. */
export type ToTrainer =
  /** With Longhand's own functions or, where they are given, with a learner's. */
  | { readonly kind: 'begin'; readonly settings: Settings; readonly own?: Sources | undefined }
  /** By this port the page is asked for frames in which a learner's code runs. */
  | { readonly kind: 'frames'; readonly port: MessagePort }
  | { readonly kind: 'open'; readonly run: SavedRun }
  /** On to the end or, where it is given, to the next time that this happens. */
  | { readonly kind: 'play'; readonly until?: LandmarkKind }
  | { readonly kind: 'pause' }
  | { readonly kind: 'step' }
  | { readonly kind: 'goTo'; readonly step: number }
  | { readonly kind: 'speed'; readonly speed: Speed }
  /** The last moment is drawn: the next one may come. */
  | { readonly kind: 'drawn' }
  | { readonly kind: 'ask'; readonly id: number; readonly question: Question };

export type FromTrainer =
  | { readonly kind: 'begun'; readonly about: About }
  | { readonly kind: 'moment'; readonly moment: Moment; readonly news: News }
  | { readonly kind: 'beside'; readonly news: BesideNews }
  /** What was asked for cannot be had; what was there before still is. */
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

/** A run of `train --out`: its checkpoint, and its log where it is at hand. */
export interface SavedRun {
  readonly name: string;
  readonly checkpoint: Uint8Array;
  readonly log: string | undefined;
}

/** What does not change while a training goes on. */
export interface About {
  readonly settings: Settings;
  /** The run that was opened; undefined for a training that began here. */
  readonly opened: string | undefined;
  /** The learner's files whose functions train, as they were when it began; undefined where Longhand's own do. */
  readonly own: Sources | undefined;
  /** The first step that can be gone back to: that of the checkpoint, where the way there cannot be trained again. */
  readonly firstStep: number;
  readonly classes: number;
  readonly inputShape: readonly [channels: number, rows: number, columns: number];
  readonly normalisation: { readonly mean: number; readonly std: number };
  /** Training samples N. 0 for a run whose data are not at hand: it is looked into, and not gone on with. */
  readonly trainCount: number;
  /** The test samples, M: their pixels, 0 … 255, a sample after the other, and their labels. */
  readonly test: { readonly pixels: Uint8Array; readonly labels: Uint8Array };
}

/** Everything that the panels show of the time after so many steps. The numbers are copies. */
export interface Moment {
  readonly step: number;
  readonly parameters: Numbers;
  /** The class that each test sample is taken for; none where the data are not at hand. */
  readonly said: Uint8Array;
}

/** w1 is H × D and w2 C × H, row by row. */
export interface Numbers {
  readonly w1: Float32Array;
  readonly b1: Float32Array;
  readonly w2: Float32Array;
  readonly b2: Float32Array;
}

/** What has come about since the page was last told. */
export interface News {
  readonly reports: readonly StepReport[];
  /** Things that happened, all of them, in their order. */
  readonly landmarks: readonly Landmark[];
  readonly isPlaying: boolean;
  /** Steps a second, over the last half second; undefined while it stands still. */
  readonly pace: number | undefined;
  /** Why there is no step after this one, where that is not for want of steps. */
  readonly stopped: string | undefined;
  /** The step that it was last told to go to, once it is there or as near as it can be. */
  readonly arrived: number | undefined;
}

/** What has come about of Longhand's own functions, which train beside a learner's. */
export interface BesideNews {
  /** Their steps since the page was last told. */
  readonly reports: readonly StepReport[];
  /** Where the two part; undefined where they do not, as far as is known. */
  readonly parting: Parting | undefined;
  /** Why their functions are run for one sample after the other; undefined where they are run for all at once. */
  readonly oneByOne: string | undefined;
}

export interface Parting {
  readonly step: number;
  /** Or whether it is rounding, which parts any two correct programs. */
  readonly isMistake: boolean;
  /** With the numbers of both, and which functions that step points to. */
  readonly where: string;
  readonly look: string;
  /** The mistakes that explain all of the first steps. */
  readonly looksLike: readonly string[];
}

export type LandmarkKind = 'plateau' | 'plateau over' | 'began saturated' | 'saturated' | 'learned' | 'not finite';

/** Something that happened in step `step`. */
export interface Landmark {
  readonly step: number;
  readonly kind: LandmarkKind;
}

/** What may be asked of the moment that is shown, and what is answered. */
export type Question =
  | { readonly about: 'sample'; readonly set: 'train' | 'test'; readonly index: number }
  | { readonly about: 'misread'; readonly set: 'train' | 'test'; readonly after: number }
  | { readonly about: 'next step' }
  | { readonly about: 'own functions'; readonly sources: Sources }
  | { readonly about: 'own way'; readonly network: Numbers; readonly x: Float32Array; readonly target: Float32Array }
  | { readonly about: 'file'; readonly kind: FileKind };

/** What a moment is saved as: a whole run that can be gone on with, its log, a picture, or the network alone. */
export type FileKind = 'run' | 'csv' | 'log' | 'picture' | FormatName;

export interface Answers {
  /** A sample as the network sees it, its target, and it as pixels with its label. */
  readonly sample: {
    readonly x: Float32Array;
    readonly target: Float32Array;
    readonly pixels: Uint8Array;
    readonly label: number;
  };
  /** The first sample after one, round and round, that is taken for another class. */
  readonly misread: { readonly index: number | undefined };
  /** The sums over all training samples, dℓ/dw1 …, that the step after `step` takes, and the parameters after it. */
  readonly 'next step': { readonly step: number; readonly gradients: Numbers; readonly after: Numbers };
  /** Why a learner's files cannot be trained with yet; undefined where they can. */
  readonly 'own functions': { readonly says: string | undefined };
  /** The way of a sample through a network and back, as the learner's functions compute it. */
  readonly 'own way': OwnWay;
  readonly file: SavedFile;
}

export interface SavedFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}
