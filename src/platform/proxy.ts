import type { LookupFunction } from 'node:net';
import type { Dispatcher, Pool } from 'undici';
import { FileError } from './file-error.ts';

/** The proxies of the environment, for http and for https. */
export function proxies(): [string | undefined, string | undefined] {
  const { http_proxy, HTTP_PROXY, https_proxy, HTTPS_PROXY } = process.env;
  return [http_proxy ?? HTTP_PROXY, https_proxy ?? HTTPS_PROXY];
}

/**
 * An agent that uses the proxy of the environment, if there is one, and gives up connecting after `timeout` milliseconds.
 *
 * @param onLoss is told of a connection that did not come about: where the other side just hangs up, undici would go on
 * to try as fast as it can
 */
export async function proxyAgent(
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
  } catch (cause) {
    const reason = 'the proxy in HTTP_PROXY or HTTPS_PROXY is not the address of an http proxy';
    throw new FileError('fetched', [http, https].filter(Boolean).join(', '), reason, { cause });
  }
}
