import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import type { LookupFunction } from 'node:net';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { unescape as unescaped } from 'node:querystring'; // which takes a lone % for what it is
import type { Dispatcher, Pool } from 'undici';
import { DataError } from '../prologue/data-error.ts';
import { makeFolder, readFile, reasonOf } from './files.ts';
import { NameLookup } from './name-lookup.ts';

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

/** Bytes a second. Whoever sends fewer counts as silent for the rest of the time. */
const SLOWEST = 1000;

const MOST_REDIRECTS = 5;

/**
 * Downloads a file from the first mirror that sends what was wanted, and gives the address that did. The proxy in
 * HTTP_PROXY, HTTPS_PROXY and NO_PROXY, in capitals or not, is used.
 *
 * The file comes into being at once and complete: it is written under a temporary name, verified, forced to the disk
 * and renamed. Whoever kills this leaves a temporary file behind, which the next download into the folder removes.
 *
 * @throws DataError with the reason of each mirror, or why the file cannot be written.
 */
export async function download({ urls, path, limit, refuse, onProgress, signal }: Download): Promise<string> {
  signal?.throwIfAborted();
  const folder = dirname(path);
  const temporary = join(folder, temporaryName(basename(path)));
  let made: string[] = [];
  const part = await onDisk(folder, async () => {
    made = await makeFolder(folder);
    await sweep(folder);
    return open(temporary, 'wx');
  });
  try {
    const failures: string[] = [];
    let patience = PATIENCE;
    for (const [i, url] of urls.entries()) {
      const share = patience / (urls.length - i);
      onProgress?.(url, 0, undefined);
      const { reason, silence } = await transfer({ url, part, path, limit, onProgress, signal }, share);
      patience = Math.max(0, patience - silence);
      const refusal = reason ?? (await refuse((await readFile(temporary, limit)) ?? new Uint8Array()));
      signal?.throwIfAborted();
      if (refusal === undefined) {
        await onDisk(path, () => part.sync());
        await part.close();
        await onDisk(path, () => moveInto(path, temporary, limit, refuse));
        return url;
      }
      failures.push(`${withoutPassword(url)} ${refusal}`);
    }
    throw new DataError(
      failures.join('; ') + (proxies().some(Boolean) ? '; the proxy of HTTP_PROXY or HTTPS_PROXY was used' : ''),
    );
  } finally {
    await part.close().catch(() => {}); // a file whose last bytes found no room fails once more when it is closed
    await rm(temporary, { force: true });
    await removeEmpty(made);
  }
}

/** Removes folders, the innermost first, up to one in which something lies. */
async function removeEmpty(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    const removed = await rmdir(folder).then(
      () => true,
      () => false,
    );
    if (!removed) return;
  }
}

/** Does something on a disk. What goes wrong there is no mirror's fault, and ends a download at once. */
async function onDisk<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(`${path}: cannot be written: ${reasonOf(error)}`);
  }
}

/** The proxies of the environment, for http and for https. */
function proxies(): [string | undefined, string | undefined] {
  const { http_proxy, HTTP_PROXY, https_proxy, HTTPS_PROXY } = process.env;
  return [http_proxy ?? HTTP_PROXY, https_proxy ?? HTTPS_PROXY];
}

/**
 * An agent that uses the proxy of the environment, if there is one, and takes so many milliseconds to connect.
 *
 * @param onLoss is told of a connection that did not come about: where the other side just hangs up, undici would go on
 * to try as fast as it can
 */
async function proxyAgent(
  timeout: number,
  lookup: LookupFunction,
  onLoss: (error: Error) => void,
): Promise<Dispatcher> {
  const undici = await import('undici'); // not needed by those whose data lie there already
  const [http, https] = proxies();
  // Others take addresses without http:// and with a path, so that variables may hold them.
  const address = (proxy: string | undefined) =>
    proxy ? Object.assign(new URL(proxy.includes('://') ? proxy : `http://${proxy}`), { pathname: '' }).href : '';
  try {
    return new undici.EnvHttpProxyAgent({
      httpProxy: address(http),
      httpsProxy: address(https),
      proxyTunnel: false, // many proxies refuse to tunnel plain http
      // Undici lets go of connections that were made, but not of those being made: they would hold up the process.
      connect: { timeout, lookup },
      proxyTls: { timeout, lookup },
      requestTls: { timeout },
      factory: (origin, options) =>
        new undici.Pool(origin, options as Pool.Options).on('connectionError', (_origin, _targets, error) =>
          onLoss(error),
        ),
    });
  } catch {
    throw new DataError('the proxy in HTTP_PROXY or HTTPS_PROXY is not the address of an http proxy');
  }
}

interface Transfer extends Pick<Download, 'path' | 'limit' | 'onProgress' | 'signal'> {
  readonly url: string;
  readonly part: FileHandle;
}

/**
 * Writes what one mirror sends into `part`.
 *
 * @returns why it failed, undefined where it did not, and how long the mirror had been silent then, in milliseconds
 */
async function transfer(
  { url, part, path, limit, onProgress, signal }: Transfer,
  patience: number,
): Promise<{ reason: string | undefined; silence: number }> {
  const end = new AbortController();
  const either = signal === undefined ? end.signal : AbortSignal.any([signal, end.signal]);
  const names = new NameLookup(either);
  const agent = await proxyAgent(patience, names.lookup, error => end.abort(error));
  const silent = new Error();
  let heard = performance.now();
  let trickles = false;
  const timer = setInterval(() => performance.now() - heard >= patience && end.abort(silent), 50);
  const failed = (reason: string | undefined) => ({ reason, silence: performance.now() - heard });
  try {
    const answer = await unlessAborted(request(url, agent, either), either);
    if (typeof answer === 'string') return failed(answer);
    const { body, total } = answer;
    if (total !== undefined && total > limit) {
      body.on('error', () => {}).destroy();
      return failed(`would send ${total} bytes, where at most ${limit} were wanted`);
    }
    await onDisk(path, () => part.truncate(0));
    let received = 0;
    for await (const chunk of body) {
      const bytes = chunk as Uint8Array;
      const now = performance.now();
      const paid = heard + (1000 * bytes.length) / SLOWEST;
      trickles = paid < now;
      heard = Math.min(now, paid);
      if (received + bytes.length > limit) return failed(`sends more than the ${limit} bytes that were wanted`);
      await onDisk(path, () => writeAt(part, bytes, received));
      received += bytes.length;
      onProgress?.(url, received, total);
      heard += performance.now() - now; // a slow disk or listener is not the mirror's silence
    }
    if (total !== undefined && received !== total) return failed(`sent ${received} of ${total} bytes`);
    return failed(undefined);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof DataError) throw error;
    const reason = end.signal.aborted ? end.signal.reason : error;
    if (names.waiting) return failed(NETWORK_REASONS.EAI_AGAIN);
    if (reason !== silent) return failed(networkReason(reason));
    const how = trickles ? `sent less than ${SLOWEST} bytes a second` : 'was silent';
    return failed(`${how} for ${(patience / 1000).toFixed(1)} seconds`);
  } finally {
    clearInterval(timer);
    await agent.destroy();
  }
}

/** Undici does not heed a signal as long as a proxy has not answered; so that is done here. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  work.catch(() => {}); // it may still fail when nobody listens any more
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Writes all of the bytes: a single write may stop short when a disk is nearly full. */
async function writeAt(part: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; )
    done += (await part.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
}

/** The body that an address answers with, after redirects, and its promised length; or why there is none. */
async function request(
  url: string,
  agent: Dispatcher,
  signal: AbortSignal,
): Promise<{ body: Dispatcher.ResponseData['body']; total: number | undefined } | string> {
  // Not `fetch`: that follows redirects from https to http, and unpacks what a server declares to be gzipped.
  const undici = await import('undici');
  let address = parseAddress(url);
  const first = address;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    if (address === undefined) return 'is not an http address';
    const own = address.origin === first?.origin ? authorization(first) : {};
    const { statusCode, headers, body } = await undici.request(address, { dispatcher: agent, signal, headers: own });
    if (statusCode === 200) {
      const length = headers['content-length'];
      return { body, total: length === undefined ? undefined : Number(length) };
    }
    body.on('error', () => {}).destroy(); // to be destroyed is an error, which nobody is interested in
    const { location } = headers;
    if (statusCode < 300 || statusCode > 399 || typeof location !== 'string') return `answered ${statusCode}`;
    const next = parseAddress(location, address);
    if (next === undefined) return 'redirects to something that is not an http address';
    if (address.protocol === 'https:' && next.protocol === 'http:') return 'redirects from https to http';
    address = next;
  }
  return `redirects more than ${MOST_REDIRECTS} times`;
}

/** The header that carries the name and password of an address, where it has them: undici leaves them out. */
function authorization({ username, password }: URL): { authorization?: string } {
  if (username === '' && password === '') return {};
  const pair = `${unescaped(username)}:${unescaped(password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

function parseAddress(text: string, base?: URL): URL | undefined {
  if (!URL.canParse(text, base?.href)) return undefined;
  const address = new URL(text, base);
  return address.protocol === 'http:' || address.protocol === 'https:' ? address : undefined;
}

/** An address as it may be shown: LONGHAND_MIRROR may hold a password. */
function withoutPassword(url: string): string {
  return url.replace(/\/\/[^/]*@/, '//');
}

const NETWORK_REASONS: Record<string, string> = {
  ENOTFOUND: 'is not known to the name server',
  EAI_AGAIN: 'cannot be looked up: no name server answers',
  ECONNREFUSED: 'refuses the connection',
  ECONNRESET: 'broke off the connection',
  EPIPE: 'broke off the connection',
  UND_ERR_SOCKET: 'broke off the connection',
  ENETUNREACH: 'cannot be reached',
  EHOSTUNREACH: 'cannot be reached',
  ETIMEDOUT: 'does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'does not answer',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'sent another number of bytes than it said',
};

/** How undici words what a proxy answered instead of a tunnel, and that it wants a password for plain http. */
const PROXY_REFUSAL = /^Proxy (?:response|Authentication Required) \((\d+)\)/;

function networkReason(error: unknown): string {
  // Where a name has several addresses the error holds one error for each.
  const { errors, cause } = error as { errors?: unknown[]; cause?: unknown };
  const { code, message } = (errors?.[0] ?? cause ?? error) as NodeJS.ErrnoException;
  const [, status] = PROXY_REFUSAL.exec(message) ?? [];
  if (status !== undefined)
    return `cannot be reached: the proxy ${status === '407' ? 'wants a password' : `refuses (${status})`}`;
  return (code && NETWORK_REASONS[code]) || `failed: ${message}`;
}

const thisHost = hostname().replaceAll(/[^a-z0-9-]/gi, '-');

/** A name that no other process uses, on whatever machine, and that tells whose it is. */
function temporaryName(file: string): string {
  return `${file}.${thisHost}.${process.pid}.${randomBytes(6).toString('hex')}.part`;
}

const TEMPORARY = /\.([a-z0-9-]*)\.(\d+)\.[0-9a-f]{12}\.part$/i;

/** Removes the temporary files of processes that are no more: of this machine, and of any after a day. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, host, pid] = TEMPORARY.exec(name) ?? [];
    if (host === undefined) continue;
    const path = join(folder, name);
    try {
      const age = Date.now() - (await stat(path)).mtimeMs;
      if ((host === thisHost && !isAlive(Number(pid))) || age > 24 * 3600 * 1000) await rm(path, { force: true });
    } catch {
      // Another process swept it at the same time, or it is another user's: nothing depends on it.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // it lives, and is another user's
  }
}

/** Gives a verified file its name, and makes sure that the name outlives a loss of power. */
async function moveInto(path: string, temporary: string, limit: number, refuse: Download['refuse']): Promise<void> {
  try {
    await rename(temporary, path);
  } catch (error) {
    // Windows does not replace a file that another process reads. If that is a good copy, it serves.
    const there = await readFile(path, limit);
    if (there === undefined || (await refuse(there)) !== undefined) throw error;
  }
  if (process.platform === 'win32') return; // folders cannot be opened there
  const folder = await open(dirname(path));
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
