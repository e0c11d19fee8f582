import { basename, dirname } from 'node:path';
import { Draft, sweep } from './durable/draft.ts';
import { makeFolder, removeEmpty } from './durable/folders.ts';
import { FileError } from './file-error.ts';
import { readFile } from './files.ts';
import { proxies } from './proxy.ts';
import { transfer } from './transfer.ts';

/** A file to download, and who can judge it. */
export interface Download {
  /** Where it can be had, in the order in which to ask. */
  readonly urls: readonly string[];
  /** Where it shall lie. The folders on the way are made. */
  readonly path: string;
  /** More bytes than it can have. */
  readonly limit: number;
  /** What is wrong with these bytes, undefined where they are what was wanted. */
  refuse(bytes: Uint8Array): Promise<string | undefined>;
  /** Told of each address before it is asked, and of the bytes that it sends. */
  onProgress?(url: string, received: number, total: number | undefined): void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * How long, in milliseconds, the mirrors together may be silent before the download is given up. Bytes that arrive
 * cost nothing of it: a slow download takes as long as it takes, a missing network less than ten seconds.
 */
const PATIENCE = 8000;

/** With less left nobody is asked again. */
const A_SECOND = 1000;

/**
 * Downloads a file from the first mirror that sends what was wanted, and gives the address that did. The proxy in
 * HTTP_PROXY, HTTPS_PROXY and NO_PROXY, in capitals or not, is used.
 *
 * The file comes into being at once and complete, once it is verified. Whoever kills this leaves a temporary file
 * behind, which the next download of the file removes.
 *
 * @throws FileError with the reason of each mirror, or why the file cannot be written.
 */
export async function download({ urls, path, limit, refuse, onProgress, signal }: Download): Promise<string> {
  signal?.throwIfAborted();
  const folder = dirname(path);
  const made = makeFolder(folder);
  let draft: Draft | undefined;
  try {
    sweep(folder, [basename(path)]);
    draft = new Draft(path); // before anybody is asked: what cannot be written need not be fetched
    const failures = new Map<string, string>();
    const causes: unknown[] = [];
    let patience = PATIENCE;
    // Silence may be that of a server which a whole class asks at once: where others fail soon, it is asked again.
    for (let toAsk = [...new Set(urls)]; toAsk.length > 0 && patience > A_SECOND; ) {
      const silent: string[] = [];
      for (const url of toAsk) {
        onProgress?.(url, 0, undefined);
        const asked = await transfer({
          url,
          limit,
          patience: url === toAsk.at(-1) ? patience : patience / 2,
          onProgress: (received, total) => onProgress?.(url, received, total),
          signal,
        });
        patience = Math.max(0, patience - asked.silence);
        const refusal = 'bytes' in asked ? await refuse(asked.bytes) : asked.refused;
        signal?.throwIfAborted();
        if ('bytes' in asked && refusal === undefined) {
          await putInPlace(draft, asked.bytes, path, limit, refuse);
          return url;
        }
        failures.set(url, `${withoutPassword(url)} ${refusal}`);
        if ('refused' in asked && asked.cause !== undefined) causes.push(asked.cause);
        if ('refused' in asked && asked.wasSilent) silent.push(url);
      }
      toAsk = silent;
    }
    const reasons = [...failures.values()];
    if (proxies().some(Boolean)) reasons.push('the proxy of HTTP_PROXY or HTTPS_PROXY was used');
    throw new FileError('fetched', path, reasons.join('; '), { cause: new AggregateError(causes) });
  } finally {
    draft?.discard();
    removeEmpty(made);
  }
}

/** Windows does not replace a file that another process reads. If that is a good copy, it serves. */
async function putInPlace(
  draft: Draft,
  bytes: Uint8Array,
  path: string,
  limit: number,
  refuse: Download['refuse'],
): Promise<void> {
  try {
    draft.finish(bytes);
  } catch (error) {
    const there = await readFile(path, limit).catch(() => undefined);
    if (there === undefined || (await refuse(there)) !== undefined) throw error;
  }
}

/** An address as it may be shown: LONGHAND_MIRROR may hold a password. */
function withoutPassword(url: string): string {
  return url.replace(/\/\/[^/]*@/, '//');
}
