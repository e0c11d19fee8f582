import { DataError } from './data-error.ts';

/** The SHA-256 of the bytes, in 64 hexadecimal digits. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  // Browsers offer crypto.subtle to pages served by https or by this machine alone.
  if (globalThis.crypto?.subtle === undefined)
    throw new DataError('checksum: this page cannot compute SHA-256; serve it by https or from localhost');
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), byte => byte.toString(16).padStart(2, '0')).join('');
}
