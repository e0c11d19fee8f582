import folder from 'virtual:practice-folder';
import { strToU8, zipSync } from 'fflate';
import { files } from '../state/own.ts';
import { backups, progress } from './work.ts';

const NAME = 'longhand-practical';

/** How long a browser may take to begin with a download. */
const FETCHED_WITHIN = 60_000;

/** Saves the folder that `longhand learn` would have made of this work, as a zip. */
export function saveFolder(): string {
  const texts = { ...folder, ...files.value, ...backups.value, 'progress.txt': progress().toString() };
  const entries = Object.fromEntries(Object.entries(texts).map(([path, text]) => [`${NAME}/${path}`, strToU8(text)]));
  const zip = zipSync(entries, { level: 9 }) as Uint8Array<ArrayBuffer>;
  const address = URL.createObjectURL(new Blob([zip], { type: 'application/zip' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = `${NAME}.zip`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), FETCHED_WITHIN);
  return link.download;
}
