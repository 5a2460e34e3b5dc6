import type { IncomingMessage } from 'node:http';
import { limits } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';

/** How many bodies may arrive at once, from all addresses and from one, and how long one may take. */
export type ArrivingBounds = Readonly<
  Record<'arrivingRequestsMax' | 'arrivingPerAddressMax' | 'bodyTimeoutMs', number>
>;

/** Whose body it is, and how large it may become. */
export interface ArrivingBody {
  readonly address: string;
  readonly maxBytes: number;
}

/** Bodies that are still on their way. */
export interface ArrivingBodies {
  /** @throws ProblemError `request.timeout`, `request.too-large`, or `request.malformed` when the caller goes away */
  receive(incoming: IncomingMessage, body: ArrivingBody): Promise<Uint8Array>;
}

interface Arriving {
  readonly address: string;
  readonly cut: AbortController;
}

/**
 * When there are too many, the oldest one is cut off and the newest one is never refused: an honest
 * body is here within milliseconds, so whoever holds a place for long is the one who can wait. To
 * push an honest one out, somebody must begin 128 more from its own address while it arrives.
 */
export function createArrivingBodies(bounds: ArrivingBounds = limits): ArrivingBodies {
  // A Set keeps the order in which its members came: the first one is the oldest.
  const all = new Set<Arriving>();
  const begin = (address: string): Arriving => {
    const own = [...all].filter((one) => one.address === address);
    if (own.length >= bounds.arrivingPerAddressMax) cutOff(own[0]);
    else if (all.size >= bounds.arrivingRequestsMax) cutOff(all.values().next().value);
    const arriving = { address, cut: new AbortController() };
    all.add(arriving);
    return arriving;
  };
  const cutOff = (late: Arriving | undefined) => {
    if (late === undefined) return;
    all.delete(late);
    late.cut.abort(new ProblemError('request.timeout'));
  };
  return {
    async receive(incoming, { address, maxBytes }) {
      // Node refuses a length that is no number before anybody sees the request.
      const declared = Number(incoming.headers['content-length'] ?? 0);
      if (declared > maxBytes) throw new ProblemError('request.too-large');
      const arriving = begin(address);
      const timer = setTimeout(() => cutOff(arriving), bounds.bodyTimeoutMs);
      try {
        return await collect(incoming, { maxBytes, signal: arriving.cut.signal });
      } finally {
        clearTimeout(timer);
        all.delete(arriving);
      }
    },
  };
}

/** By listeners: a loop that is left early would cut the connection before the refusal is written. */
function collect(
  incoming: IncomingMessage,
  { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
): Promise<Uint8Array> {
  if (incoming.destroyed) return Promise.reject(brokenOff());
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const chunks: Buffer[] = [];
  let size = 0;
  const take = (chunk: Buffer) => {
    size += chunk.length;
    // A body without Content-Length is counted while it arrives.
    if (size > maxBytes) reject(new ProblemError('request.too-large'));
    else chunks.push(chunk);
  };
  const finish = () => resolve(Buffer.concat(chunks));
  const breakOff = () => reject(brokenOff());
  const late = () => reject(signal.reason);
  incoming.on('data', take).on('end', finish).on('error', breakOff).on('close', breakOff);
  signal.addEventListener('abort', late);
  return promise.finally(() => {
    incoming.off('data', take).off('end', finish).off('error', breakOff).off('close', breakOff);
    signal.removeEventListener('abort', late);
  });
}

function brokenOff(): ProblemError {
  return new ProblemError('request.malformed', { detail: 'The body did not arrive whole.' });
}
