import { deflateSync, inflateSync, strFromU8, strToU8 } from 'fflate';
import type { Sources } from '../../src/practice/protocol.ts';
import { MOST_CODE } from '../state/address.ts';
import { handedOut } from './work.ts';

/** More than fits into a link when it is packed, and more than anybody writes here. */
const MOST_CHARACTERS = 200_000;
const MOST_FILES = 20;

/** The files that are more than what was handed out, packed for a link. A text says why that cannot be. */
export function packed(files: Sources): { readonly code: string } | string {
  const written = Object.entries(files).filter(([file, text]) => text !== handedOut[file]);
  const bytes = deflateSync(strToU8(JSON.stringify(Object.fromEntries(written))), { level: 9 });
  const code = btoa(strFromU8(bytes, true)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  const [is, most] = [code.length, MOST_CODE].map(n => n.toLocaleString('en'));
  return code.length <= MOST_CODE
    ? { code }
    : `Your code is too long for a link: packed it has ${is} characters, and ${most} are the most. Save your files and send those.`;
}

/** What a link brought: nothing but texts by plain names. Undefined where it is no such thing. */
export function unpacked(code: string): Sources | undefined {
  try {
    const bytes = strToU8(atob(code.replaceAll('-', '+').replaceAll('_', '/')), true);
    const text = strFromU8(inflateSync(bytes));
    if (text.length > MOST_CHARACTERS) return undefined;
    const files = JSON.parse(text) as unknown;
    if (typeof files !== 'object' || files === null || Array.isArray(files)) return undefined;
    const entries = Object.entries(files);
    const isFine = ([name, text]: [string, unknown]) =>
      /^[A-Za-z][\w-]{0,60}\.ts$/.test(name) && typeof text === 'string';
    return entries.length > 0 && entries.length <= MOST_FILES && entries.every(isFine) ? (files as Sources) : undefined;
  } catch {
    return undefined;
  }
}
