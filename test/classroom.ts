/**
 * A class that fetches a data set at once, from a server as teachers start them (`python3 -m http.server`): HTTP/1.0,
 * a thread for each pupil, and the connection is closed after each answer.
 */

import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';

/** When the server closes a connection, and whether it says how long the file is. */
export interface Manner {
  /** `late`: a while after the last byte; `early`: before it, so that the file is cut; `in the middle`: reset there. */
  readonly closes: 'at once' | 'late' | 'early' | 'in the middle';
  readonly saysLength: boolean;
}

export interface TeachersServer {
  /** Its address, for LONGHAND_MIRROR or as a mirror. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves files, by the last part of their address, in pieces as a disk gives them. */
export async function teachersServer(
  file: (name: string) => Uint8Array,
  { closes, saysLength }: Manner,
): Promise<TeachersServer> {
  const open = new Set<Socket>();
  const server: Server = createServer(socket => {
    open.add(socket.on('close', () => open.delete(socket)).on('error', () => {}));
    socket.once('data', request => {
      const [, name = ''] = /^GET \S*?([^/\s]*) /.exec(String(request)) ?? [];
      const bytes = file(name);
      socket.write(`HTTP/1.0 200 OK\r\n${saysLength ? `content-length: ${bytes.length}\r\n` : ''}\r\n`);
      const end = closes === 'early' ? bytes.length - 1 : closes === 'in the middle' ? bytes.length >> 1 : bytes.length;
      for (let at = 0; at < end; at += 65536) socket.write(bytes.subarray(at, Math.min(at + 65536, end)));
      if (closes === 'late') setTimeout(() => socket.end(), 100);
      else if (closes === 'in the middle') socket.write('', () => socket.resetAndDestroy());
      else socket.end();
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => {
      for (const socket of open) socket.destroy();
      return new Promise(resolve => server.close(() => resolve()));
    },
  };
}
