import { unescape as unescaped } from 'node:querystring'; // which takes a lone % for what it is
import type { Dispatcher } from 'undici';
import { NameLookup } from './name-lookup.ts';
import { proxyAgent } from './proxy.ts';

/** What is asked of one address. */
export interface Transfer {
  readonly url: string;
  /** More bytes than it can send. */
  readonly limit: number;
  /** How long, in milliseconds, it may be silent. */
  readonly patience: number;
  /** Told of the bytes that came. */
  onProgress(received: number, total: number | undefined): void;
  readonly signal: AbortSignal | undefined;
}

/** What came of it: all of the bytes, or why not; and for how many milliseconds the other side was silent then. */
export type Transferred = { readonly silence: number } & (
  | { readonly bytes: Uint8Array }
  | {
      readonly refused: string;
      readonly cause?: unknown;
      /** Nothing but silence was wrong, and there may be an answer yet. */
      readonly wasSilent: boolean;
    }
);

/** Bytes a second. Whoever sends fewer counts as silent for the rest of the time. */
const SLOWEST = 1000;

const MOST_REDIRECTS = 5;

/**
 * Undici stops its parser where a reader has this many bytes before it, and dies, in a handler of a socket where nobody
 * can catch it, of a server that closes the connection just then (nodejs/undici#5360, mended in undici 8, which needs
 * Node 22). So it is never to stop: the reader below waits for nothing but bytes, and gives up at its own limit.
 */
const NEVER_STOP = Number.MAX_SAFE_INTEGER;

/**
 * Fetches what lies at one address, after redirects, into memory.
 *
 * @throws FileError where the environment names a proxy that cannot be one, and the reason of `signal` where that
 * called it off.
 */
export async function transfer({ url, limit, patience, onProgress, signal }: Transfer): Promise<Transferred> {
  const end = new AbortController();
  const either = signal === undefined ? end.signal : AbortSignal.any([signal, end.signal]);
  const names = new NameLookup(either);
  const agent = await proxyAgent(patience, names.lookup, error => end.abort(error));
  const silent = new Error();
  let heard = performance.now();
  let trickles = false;
  const isSilent = () => performance.now() - heard >= patience;
  // what came while this process was busy with something else is looked at first
  const timer = setInterval(() => isSilent() && setImmediate(() => isSilent() && end.abort(silent)), 50);
  const refused = (reason: string, cause?: unknown, wasSilent = false) => ({
    ...{ refused: reason, cause, wasSilent },
    silence: performance.now() - heard,
  });
  try {
    const answer = await unlessAborted(request(url, agent, either), either);
    if (typeof answer === 'string') return refused(answer);
    const { body, total } = answer;
    if (total !== undefined && total > limit) {
      body.on('error', () => {}).destroy();
      return refused(`would send ${total} bytes, where at most ${limit} were wanted`);
    }
    const pieces: Uint8Array[] = [];
    let received = 0;
    for await (const piece of body as AsyncIterable<Uint8Array>) {
      const now = performance.now();
      const paid = heard + (1000 * piece.length) / SLOWEST;
      trickles = paid < now;
      heard = Math.min(now, paid);
      received += piece.length;
      if (received > limit) return refused(`sends more than the ${limit} bytes that were wanted`);
      pieces.push(piece);
      onProgress(received, total);
      heard += performance.now() - now; // a slow listener is not the mirror's silence
    }
    if (total !== undefined && received !== total) return refused(`sent ${received} of ${total} bytes`);
    return { bytes: Buffer.concat(pieces), silence: performance.now() - heard };
  } catch (error) {
    signal?.throwIfAborted();
    const cause = end.signal.aborted ? end.signal.reason : error;
    if (names.waiting) return refused(NETWORK_REASONS.EAI_AGAIN!, cause);
    if (cause !== silent) return refused(networkReason(cause), cause);
    const how = trickles ? `sent less than ${SLOWEST} bytes a second` : 'was silent';
    return refused(`${how} for ${(patience / 1000).toFixed(1)} seconds`, undefined, true);
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
    const options = { dispatcher: agent, signal, headers: own, highWaterMark: NEVER_STOP };
    const { statusCode, headers, body } = await undici.request(address, options);
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
