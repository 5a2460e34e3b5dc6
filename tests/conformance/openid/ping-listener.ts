import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { selfSigned } from '../../../demo/mtls-key.ts';

/** What an application was told. */
export interface Ping {
  readonly authorization: string | undefined;
  readonly body: unknown;
}

/** An application that waits to be told that a request of its was answered. */
export interface PingListener extends AsyncDisposable {
  readonly url: string;
  readonly pings: readonly Ping[];
  /** How it answers from now on. */
  answerWith(status: number, body?: string): void;
}

/** Opened before the server is, which believes its certificate and is told that its address is inside. */
export async function listenForPings(): Promise<PingListener> {
  const { certificate: cert, key } = await selfSigned('localhost');
  setDefaultCACertificates([...getCACertificates('default'), cert]);
  const pings: Ping[] = [];
  let reply = { status: 204, body: '' };
  const take = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { authorization } = incoming.headers;
    pings.push({ authorization, body: JSON.parse(await text(incoming)) });
    const location = { location: 'https://localhost:1/elsewhere' };
    outgoing.writeHead(reply.status, reply.status === 301 ? location : {}).end(reply.body);
  };
  const server = createServer({ cert, key }, (incoming, outgoing) => {
    void take(incoming, outgoing);
  });
  await new Promise<void>((ready) => server.listen(0, 'localhost', ready));
  // A server that listens on TCP has an address with a port.
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://localhost:${port}/answered`,
    pings,
    answerWith(status, body = '') {
      reply = { status, body };
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
