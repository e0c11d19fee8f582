/** Why a program is not run for all samples at once. */
export interface WhyNot {
  /** The operation that asked for it, `item`; undefined where it was none. */
  readonly operation?: string | undefined;
  /** What it does, to follow its name: `looks at numbers`. */
  readonly says: string;
  /** Where it is called, as far as that is known: `mine.ts:12`. */
  readonly place?: string | undefined;
}

export const LOOKS = 'looks at numbers';
/** Of a variable. */
export const KEPT = 'is kept from one call to the next';
export const RANDOM = 'draws random numbers';
export const KEEPS_HERE = 'is not what it was for the sample before: something is kept from one sample to the next';
export const KEEPS =
  'not all is done that was done for the sample before: something is kept from one sample to the next';

/** In one line: `mine.ts:12: item looks at numbers, so the samples are taken one by one`. */
export function sayWhyNot({ operation, says, place }: WhyNot): string {
  const where = place === undefined ? '' : `${place}: `;
  return `${where}${operation === undefined ? '' : `${operation} `}${says}, so the samples are taken one by one`;
}

/** Thrown where a program asks for what cannot be had for all samples at once. */
export class NotAtOnce extends Error {
  override name = 'NotAtOnce';
  readonly why: WhyNot;

  constructor(why: WhyNot) {
    super(sayWhyNot(why));
    this.why = why;
  }
}

/** The line outside of the tensor and of this folder that is being run, as the stack tells it. */
export function placeOnStack(): string | undefined {
  let folder: string | undefined; // the one that holds both, as this function's own frame, the first one, shows
  for (const line of (new Error().stack ?? '').split('\n')) {
    const [, file, number] = /((?:file:\/\/|https?:\/\/|\/|[A-Za-z]:\\)[^()]*?):(\d+):\d+\)?$/.exec(line) ?? [];
    if (file === undefined) continue;
    folder ??= file.replace(/batch[/\\][^/\\]*$/, '');
    if (/^(tensor|batch)[/\\]/.test(file.replace(folder, ''))) continue;
    return `${file.replace(/^file:\/\//, '').replace(/\?.*$/, '')}:${number}`;
  }
  return undefined;
}
