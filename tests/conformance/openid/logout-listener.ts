import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** An application that waits to be told that a session has ended. */
export interface LogoutListener extends AsyncDisposable {
  readonly url: string;
  /** The form of the first request that arrives. */
  readonly next: Promise<URLSearchParams>;
}

/** Opened before the server is, which is told that this address is inside. */
export async function listenForLogouts(): Promise<LogoutListener> {
  const { promise, resolve } = Promise.withResolvers<URLSearchParams>();
  const server = createServer((incoming, outgoing) => {
    void text(incoming).then((body) => resolve(new URLSearchParams(body)));
    outgoing.writeHead(200, { 'cache-control': 'no-store' }).end();
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  // A server that listens on TCP has an address with a port.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/logged-out`,
    next: promise,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
