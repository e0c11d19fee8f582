import { zipSync } from 'fflate';
import { encodeCheckpoint } from '../../src/run/checkpoint.ts';
import { type FormatName, formats } from '../../src/run/export/formats.ts';
import { LOG_HEADER, logRow } from '../../src/run/log-rows.ts';
import { logLine } from '../../src/train.ts';
import type { FileKind, SavedFile } from './protocol.ts';
import type { Session } from './session.ts';

/** What the moment at which a training stands is saved as. The name says which moment it is. */
export async function fileOf(session: Session, kind: FileKind): Promise<SavedFile> {
  const { ending, type, make } = kinds[kind];
  const bytes = await make(session);
  const { seed } = session.training.settings;
  return { name: `longhand-seed-${seed}-step-${session.step}${ending}`, type, bytes };
}

interface Kind {
  readonly ending: string;
  readonly type: string;
  make(session: Session): Promise<Uint8Array>;
}

const exported = (format: FormatName, ending: string, type = 'application/octet-stream'): Kind => ({
  ...{ ending, type },
  make: async session => formats[format](await session.checkpoint()),
});

const kinds: Readonly<Record<FileKind, Kind>> = {
  run: { ending: '.zip', type: 'application/zip', make: runOf },
  csv: { ending: '.csv', type: 'text/csv', make: async session => utf8(csvOf(session)) },
  log: {
    ending: '.log.txt',
    type: 'text/plain',
    make: async session =>
      utf8(
        takenIn(session)
          .map(report => `${logLine(report)}\n`)
          .join(''),
      ),
  },
  picture: { ending: '.png', type: 'image/png', make: pictureOf },
  safetensors: exported('safetensors', '.safetensors'),
  npz: exported('npz', '.npz'),
  onnx: exported('onnx', '.onnx'),
  json: exported('json', '.json', 'application/json'),
};

/** The folder that `longhand train --out run` writes, as a zip: `longhand train --resume run` goes on with it. */
async function runOf(session: Session): Promise<Uint8Array> {
  const asItIs = { level: 0 } as const; // random numbers and a picture do not get smaller
  return zipSync({
    'run/checkpoint.safetensors': [await encodeCheckpoint(await session.checkpoint()), asItIs],
    'run/log.csv': utf8(csvOf(session)),
    'run/units.png': [await pictureOf(session), asItIs],
  });
}

async function pictureOf({ training: { engine, data } }: Session): Promise<Uint8Array> {
  const [{ unitsPicture }, { encodePng }] = await Promise.all([
    import('../../src/picture/units.ts'),
    import('../../src/picture/png.ts'),
  ]);
  const { w1 } = await engine.parameters();
  return encodePng(unitsPicture(w1, data.inputShape));
}

const csvOf = (session: Session): string => LOG_HEADER + takenIn(session).map(logRow).join('');

/** The steps that led to this moment. */
const takenIn = ({ reports, step: now }: Session) => reports.filter(({ step }) => step < now);

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
