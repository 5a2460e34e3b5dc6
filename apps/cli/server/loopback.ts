import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where a browser comes back to after a sign-in (RFC 8252 §7.3). */
export interface Loopback {
  readonly redirectUri: string;
  /** The address that the browser came back with. @throws Error when it did not within the time */
  callback(withinMs: number): Promise<URL>;
  close(): void;
}

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Proofline</title>
<p>The command line has your answer. You can close this page.</p></html>`;

/** Listens on loopback alone, for one answer, at a port that the system chooses. */
export async function listenOnLoopback(): Promise<Loopback> {
  const arrived = Promise.withResolvers<URL>();
  const server = createServer((incoming, outgoing) => {
    const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
    const isCallback = incoming.method === 'GET' && url.pathname === '/callback';
    outgoing.writeHead(isCallback ? 200 : 404, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'",
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      connection: 'close',
    });
    outgoing.end(isCallback ? PAGE : '');
    if (isCallback) arrived.resolve(url);
  });
  server.maxConnections = 8;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  // A server that listens on TCP has an address with a port.
  const { port } = server.address() as AddressInfo;
  return {
    redirectUri: `http://127.0.0.1:${port}/callback`,
    callback(withinMs) {
      const timer = setTimeout(() => arrived.reject(new Error('nobody came back')), withinMs);
      return arrived.promise.finally(() => clearTimeout(timer));
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
