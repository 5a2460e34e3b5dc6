import { STATUS_CODES, createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { getRequestListener, RequestError, type HttpBindings } from '@hono/node-server';
import { limits, newId, type Clock, type Random } from '@proofline/kernel';
import { followConnections, type Connections } from '@proofline/kernel/node';
import { ProblemError, type ProblemCode } from '@proofline/protocol';
import { openTlsDoor } from '../mtls/open-tls-door.ts';
import { problemOf } from './problem-reply.ts';

const CLOSE_MAX_MS = 3_000;
const SWEEP_MS = 25;

/** What a server is made of. */
export interface HttpServerParts {
  readonly fetch: (request: Request, bindings: HttpBindings) => Response | Promise<Response>;
  readonly clock: Clock;
  readonly random: Random;
  /** Under which address a connection counts: `undefined` for a proxy of ours. */
  readonly peerOf?: (socket: Socket) => string | undefined;
}

/** A port that listens. */
export interface HttpServer {
  readonly port: number;
  /** Of the door with TLS; absent where there is none. */
  readonly tlsPort?: number;
  /** Takes nothing new, lets what is under way end, and cuts what has not ended after 3 s. */
  close(): Promise<void>;
}

/** Where it listens. */
interface Listening {
  readonly host: string;
  readonly port: number;
  /** A second door, with TLS, for programs that show a certificate. */
  readonly tls?: { readonly key: string; readonly port: number } | undefined;
}

/** Node's server within our limits; also what is no HTTP gets a problem body. @throws when a port is taken */
export async function openHttpServer(
  parts: HttpServerParts,
  { host, port, tls }: Listening,
): Promise<HttpServer> {
  const bodyOf = (error: unknown) => {
    const problem = problemOf(error, newId('req', parts));
    return { status: problem.status, text: JSON.stringify(problem) };
  };
  const listener = getRequestListener(
    // The adapter's bindings are those of HTTP/1 or 2; this server speaks HTTP/1 only.
    (request, bindings) => parts.fetch(request, bindings as HttpBindings),
    {
      errorHandler(error) {
        // A host or a target that makes no URL never becomes a request.
        const refusal = error instanceof RequestError ? malformed() : error;
        const { status, text } = bodyOf(refusal);
        return new Response(text, { status, headers: PROBLEM_HEADERS });
      },
    },
  );
  const server = createServer(serverOptions, (incoming, outgoing) => {
    void listener(incoming, outgoing);
  });
  server.maxHeadersCount = limits.headersMaxCount * 2;
  // Who neither reads nor writes: a stream of events says something every second.
  server.setTimeout(limits.connectionIdleMs);
  const connections = followConnections(server, {
    ...(parts.peerOf && { peerOf: parts.peerOf }),
  });
  answerWhatIsNoHttp(server, connections, (code) => bodyOf(new ProblemError(code)));
  await listen(server, { host, port });
  const { peerOf } = parts;
  const door = tls && (await openTlsDoor(server, { host, ...tls, ...(peerOf && { peerOf }) }));
  const close = () => {
    door?.close();
    return closeServer(server);
  };
  return { port: portOf(server), ...(door && { tlsPort: door.port }), close };
}

const PROBLEM_HEADERS = { 'content-type': 'application/problem+json', connection: 'close' };
const serverOptions = {
  maxHeaderSize: limits.headersMaxBytes,
  headersTimeout: limits.headersTimeoutMs,
  requestTimeout: limits.requestTimeoutMs,
  // Node looks for late requests this often; its own 30 s would be longer than both limits.
  connectionsCheckingInterval: 1_000,
};

function malformed(): ProblemError {
  return new ProblemError('request.malformed', { detail: 'The request has no address here.' });
}

const REFUSALS: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'request.too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request.timeout',
};

function answerWhatIsNoHttp(
  server: Server,
  connections: Connections,
  bodyOf: (code: ProblemCode) => { readonly status: number; readonly text: string },
): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    // Into the middle of another answer nothing can be written.
    const isFree = socket.writable && !connections.isAnswering(socket);
    if (error.code === 'ECONNRESET' || !isFree) return void socket.destroy();
    const { status, text } = bodyOf(REFUSALS[error.code ?? ''] ?? 'request.malformed');
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      ...Object.entries(PROBLEM_HEADERS).map(([name, value]) => `${name}: ${value}`),
      `content-length: ${Buffer.byteLength(text)}`,
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${text}`, () => socket.destroy());
  });
}

function listen(server: Server, at: { readonly host: string; readonly port: number }) {
  return new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${at.port} of ${at.host} is in use by another program.`)
          : error,
      ),
    );
    server.listen(at.port, at.host, resolve);
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null)
    throw new Error('the server does not listen on a port');
  return address.port;
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection that is kept alive becomes idle only after the answer that is under way.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  const cut = setTimeout(() => server.closeAllConnections(), CLOSE_MAX_MS);
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}
