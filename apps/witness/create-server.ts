import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { limits } from '@proofline/kernel';
import { followConnections } from '@proofline/kernel/node';
import type { Answer } from './add-checkpoint.ts';

/** What the server needs of the witness. */
export interface WitnessEdge {
  add(body: string): Promise<Answer | 'busy' | 'failed'>;
  /** Whether the last write of the state went well. */
  isWell(): boolean;
  readonly verifierKey: string;
  onAnswered(line: { readonly status: number }): void;
}

interface Reply {
  readonly status: number;
  readonly body: string;
  readonly type?: string;
}

/** As large as a checkpoint with a hundred signatures and the longest proof. */
const BODY_MAX_BYTES = limits.requestBodyMaxBytes;

/** The HTTP server of a witness. TLS ends at a proxy in front. */
export function createWitnessServer(edge: WitnessEdge): Server {
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { status, body, type = 'text/plain; charset=utf-8' } = await answer(edge, incoming);
    edge.onAnswered({ status });
    if (outgoing.destroyed) return;
    outgoing.writeHead(status, {
      'content-type': type,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      // What was not read to its end is not drained.
      ...(incoming.complete ? {} : { connection: 'close' }),
    });
    outgoing.end(body);
  };
  const server = createServer(
    {
      maxHeaderSize: limits.headersMaxBytes,
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      connectionsCheckingInterval: 1_000,
    },
    (incoming, outgoing) => void serve(incoming, outgoing),
  );
  server.setTimeout(limits.connectionIdleMs);
  followConnections(server);
  return server;
}

async function answer(edge: WitnessEdge, incoming: IncomingMessage): Promise<Reply> {
  const { method, url } = incoming;
  if (url === '/add-checkpoint') {
    if (method !== 'POST') return { status: 405, body: 'POST only.\n' };
    return addCheckpoint(edge, incoming);
  }
  if (method !== 'GET') return { status: 404, body: 'Nothing is here.\n' };
  if (url === '/') return { status: 200, body: `${edge.verifierKey}\n` };
  if (url === '/healthz') return { status: 200, body: 'ok\n' };
  if (url === '/readyz') {
    return edge.isWell()
      ? { status: 200, body: 'ready\n' }
      : { status: 503, body: 'the state could not be written\n' };
  }
  return { status: 404, body: 'Nothing is here.\n' };
}

async function addCheckpoint(edge: WitnessEdge, incoming: IncomingMessage): Promise<Reply> {
  const body = await readBody(incoming);
  if (typeof body === 'number') return { status: body, body: 'The body is not taken.\n' };
  const added = await edge.add(body);
  if (added === 'busy') return { status: 503, body: 'Too many at once. Ask again.\n' };
  if (added === 'failed') return { status: 500, body: 'Nothing was signed. Ask again.\n' };
  if (added.status === 409) return { ...added, type: 'text/x.tlog.size' };
  return added;
}

/** The body as text, or the status with which it is not taken. */
function readBody(incoming: IncomingMessage): Promise<string | 400 | 408 | 413> {
  const { promise, resolve } = Promise.withResolvers<string | 400 | 408 | 413>();
  const parts: Buffer[] = [];
  let bytes = 0;
  const timer = setTimeout(() => resolve(408), limits.bodyTimeoutMs);
  incoming.on('data', (part: Buffer) => {
    bytes += part.byteLength;
    if (bytes > BODY_MAX_BYTES) resolve(413);
    else parts.push(part);
  });
  incoming.once('end', () => resolve(decode(Buffer.concat(parts)) ?? 400));
  incoming.once('error', () => resolve(400)).once('close', () => resolve(400));
  return promise.finally(() => clearTimeout(timer));
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
