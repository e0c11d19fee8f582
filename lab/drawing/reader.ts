import type { Picture } from '../../src/picture/picture.ts';
import { scaledForm } from '../../src/picture/scaled-form.ts';
import * as practical from '../../src/practical.ts';
import type { Network } from '../../src/predict/network.ts';
import { type Doubt, learnedDigitsLaidOutAsMnist, respond, shownTo } from '../../src/predict/predict.ts';
import { LonghandError, Tensor } from '../../src/tensor/index.ts';
import type { About, Numbers } from '../training/protocol.ts';

/** `mnist`: found, scaled and centred as MNIST's digits are, which is what `predict` does; `shrunk`: merely made smaller. */
export type Form = 'mnist' | 'shrunk';

/** What the page tells the reader; what it leaves out has not changed. */
export interface ToReader {
  /** No picture: the sheet is empty. */
  readonly drawing?: { readonly picture: Picture | undefined };
  readonly form?: Form;
  readonly about?: Pick<About, 'settings' | 'inputShape' | 'normalisation' | 'classes'>;
  readonly moment?: { readonly step: number; readonly parameters: Numbers };
}

/** What the network of one moment makes of the drawing. */
export interface Reading {
  /** The steps that the network had taken. */
  readonly step: number;
  /** What it was shown, 28 × 28 bytes. */
  readonly pixels: Uint8Array;
  readonly form: Form;
  readonly class: number;
  /** x2. */
  readonly responses: readonly number[];
  readonly doubts: readonly Doubt[];
  /** Of each hidden unit, and what it says for the class: x1 · w2. */
  readonly x1: Float32Array;
  readonly says: Float32Array;
  /** s2 of the class: all that the units say, and b2. */
  readonly sum: number;
  readonly bias: number;
  /** What it makes of the same drawing in the other form. Where the other form is the same one, or there is none, nothing. */
  readonly other: { readonly form: Form; readonly class: number; readonly response: number } | undefined;
  /** Milliseconds that it took. */
  readonly took: number;
}

/** Nothing is drawn; or why it is not read; or what is read. */
export type Read =
  | { readonly kind: 'empty' }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'reading'; readonly reading: Reading };

type Shown = { readonly pixels: Uint8Array; readonly doubts: readonly Doubt[] };

/** Reads a drawing with the network of a moment, and again with that of the next. The drawing is prepared once. */
export class Reader {
  #about: ToReader['about'];
  #network: Network | undefined;
  #step = 0;
  #form: Form = 'mnist';
  #picture: Picture | undefined;
  /** The picture in both forms; a sentence where it has none. */
  #forms: { readonly mnist: Shown | string; readonly shrunk: Shown | string } | undefined;

  read({ drawing, form, about, moment }: ToReader): Read {
    const start = performance.now();
    this.#form = form ?? this.#form;
    if (drawing !== undefined) this.#picture = drawing.picture;
    if (about !== undefined) this.#about = about;
    if (drawing !== undefined || about !== undefined) this.#forms = undefined;
    if (moment !== undefined && this.#about !== undefined) {
      this.#network = { ...this.#about, parameters: parametersOf(moment.parameters, this.#about) };
      this.#step = moment.step;
    }
    const network = this.#network;
    if (this.#picture === undefined || network === undefined) return { kind: 'empty' };
    this.#forms ??= formsOf(network, this.#picture);
    const shown = this.#forms[this.#form];
    if (typeof shown === 'string') return { kind: 'refused', message: shown };

    let x1: Float32Array | undefined;
    const answer = respond(
      network,
      shown.pixels,
      {
        forwardPass: (...given) => {
          const values = practical.forwardPass(...given);
          x1 = Float32Array.from(values[2].elements());
          return values;
        },
      },
      shown.doubts,
    );
    const { class: best, responses, doubts } = answer;
    const w2 = network.parameters.w2.narrow(0, best, 1).elements();
    const says = x1!.map((x, unit) => x * w2[unit]!);
    const bias = network.parameters.b2.elements()[best]!;
    return {
      kind: 'reading',
      reading: {
        ...{ step: this.#step, pixels: shown.pixels, form: this.#form, class: best, responses, doubts, says, bias },
        x1: x1!,
        sum: says.reduce((sum, one) => sum + one, bias),
        other: this.#other(network),
        took: performance.now() - start,
      },
    };
  }

  #other(network: Network): Reading['other'] {
    const form = this.#form === 'mnist' ? 'shrunk' : 'mnist';
    const shown = this.#forms![form];
    if (typeof shown === 'string' || !learnedDigitsLaidOutAsMnist(network)) return undefined;
    const { class: best, responses } = respond(network, shown.pixels, practical);
    return { form, class: best, response: responses[best]! };
  }
}

function formsOf(network: Network, picture: Picture): { mnist: Shown | string; shrunk: Shown | string } {
  const orWhy = (shown: () => Shown): Shown | string => {
    try {
      return shown();
    } catch (error) {
      if (error instanceof LonghandError) return error.message.replace(/^./, first => first.toUpperCase());
      throw error;
    }
  };
  const mnist = orWhy(() => shownTo(network, picture));
  // a network of other images is shown none of either form
  const shrunk = network.inputShape.join() === '1,28,28' ? { pixels: scaledForm(picture), doubts: [] } : mnist;
  return { mnist, shrunk };
}

function parametersOf({ w1, b1, w2, b2 }: Numbers, { classes }: { classes: number }): Network['parameters'] {
  const hidden = b1.length;
  return {
    w1: new Tensor(w1, [hidden, w1.length / hidden], 'float32'),
    b1: new Tensor(b1, [hidden], 'float32'),
    w2: new Tensor(w2, [classes, hidden], 'float32'),
    b2: new Tensor(b2, [classes], 'float32'),
  };
}
