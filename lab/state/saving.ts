import type { FileKind } from '../training/protocol.ts';
import { ask } from './trainer.ts';

/** How long a browser may take to begin with a download. */
const FETCHED_WITHIN = 60_000;

/** Saves the moment that is shown, as a download of the browser's. Gives the file's name. */
export async function save(kind: FileKind): Promise<string> {
  const { name, type, bytes } = await ask({ about: 'file', kind });
  const address = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), FETCHED_WITHIN);
  return name;
}
