import type { IncomingMessage } from 'node:http';
import { limits } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';

/** One request on its way in. */
export interface Arrival {
  /**
   * The whole body; from then on the request holds a place.
   *
   * @throws ProblemError `request.timeout`, `request.too-large` or `server.busy`
   */
  body(): Promise<Uint8Array>;
  /**
   * The answer is known: its place, if it has one, is free again. The connection may stay when the
   * body is here or its short rest will be drained; a client that is cut while it still sends may
   * never read the answer.
   */
  end(): { readonly mayStay: boolean };
}

/** Requests that arrive, and places for those that are all here. */
export interface Arrivals {
  begin(incoming: IncomingMessage): Arrival;
}

/** How much may be under way at once, and how long a body may take. */
export type ArrivalBounds = Readonly<
  Record<
    'arrivingRequestsMax' | 'bodyTimeoutMs' | 'openRequestsMax' | 'requestBodyMaxBytes',
    number
  >
>;

type Cut = (code: 'request.timeout' | 'server.busy') => void;

/** Bytes that a request says it brings; one that comes in chunks says nothing. */
function declaredBytes({ headers }: IncomingMessage): number {
  return headers['transfer-encoding'] === undefined
    ? Number(headers['content-length'] ?? 0)
    : Infinity;
}

/** By listeners: a loop that is left early destroys the socket, and with it the way for an answer. */
function collect(
  incoming: IncomingMessage,
  { signal, bytesMax }: { readonly signal: AbortSignal; readonly bytesMax: number },
): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const chunks: Buffer[] = [];
  let length = 0;
  const take = (chunk: Buffer) => {
    length += chunk.length;
    if (length > bytesMax) reject(new ProblemError('request.too-large'));
    else chunks.push(chunk);
  };
  const finish = () => resolve(Buffer.concat(chunks));
  const breakOff = () => reject(new ProblemError('request.malformed', { internal: 'broken off' }));
  const cut = () => reject(signal.reason);
  if (signal.aborted) cut();
  if (incoming.destroyed) breakOff();
  signal.addEventListener('abort', cut, { once: true });
  incoming.on('data', take).once('end', finish).once('error', breakOff).once('close', breakOff);
  // What still comes after a refusal is not kept.
  return promise.finally(() => incoming.off('data', take));
}

/**
 * Only a request that is all here takes a place: who stops halfway takes none from anybody. Those
 * still arriving are bounded by time and by number, and when they are too many the oldest is closed
 * instead of the newest refused, since an honest one arrives within milliseconds.
 */
export function createArrivals(bounds: ArrivalBounds = limits): Arrivals {
  const arriving = new Set<Cut>();
  let taken = 0;
  return {
    begin(incoming) {
      const cutting = new AbortController();
      const declared = declaredBytes(incoming);
      const bytesMax = bounds.requestBodyMaxBytes;
      let isAnswered = false;
      let hasPlace = false;
      const cut: Cut = (code) => {
        leave();
        // Once it is answered, its rest is only drained.
        if (isAnswered && !incoming.complete) incoming.socket.destroy();
        else cutting.abort(new ProblemError(code));
      };
      const timer = setTimeout(() => {
        if (!incoming.complete) cut('request.timeout');
      }, bounds.bodyTimeoutMs);
      const leave = () => {
        clearTimeout(timer);
        arriving.delete(cut);
      };
      incoming.once('close', leave);
      arriving.add(cut);
      const [oldest] = arriving.size > bounds.arrivingRequestsMax ? arriving : [];
      oldest?.('server.busy');
      return {
        async body() {
          if (declared > bytesMax && declared !== Infinity)
            throw new ProblemError('request.too-large');
          const bytes = await collect(incoming, { signal: cutting.signal, bytesMax });
          leave();
          if (taken >= bounds.openRequestsMax) throw new ProblemError('server.busy');
          taken += 1;
          hasPlace = true;
          return bytes;
        },
        end() {
          isAnswered = true;
          if (hasPlace) taken -= 1;
          hasPlace = false;
          const isShort = declared <= bytesMax && !cutting.signal.aborted;
          return { mayStay: incoming.complete || isShort };
        },
      };
    },
  };
}
