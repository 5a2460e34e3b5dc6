import type { IncomingMessage } from 'node:http';
import type { HttpBindings } from '@hono/node-server';
import { limits } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import type { MiddlewareHandler } from 'hono';
import { createArrivingBodies } from './arriving-bodies.ts';

/** Bounds on what the process works at, before any route is looked at. */
export interface Intake {
  /** Gives each request a place while it is worked at. */
  readonly places: MiddlewareHandler<{ Bindings: HttpBindings }>;
  /**
   * The whole body. Its request has no place while it arrives, so that one who stops halfway takes
   * none from anybody.
   *
   * @throws ProblemError `request.timeout`, `request.too-large`, `request.malformed` or `server.busy`
   */
  receive(incoming: IncomingMessage, maxBytes: number): Promise<Uint8Array>;
}

/** @see Intake */
export function createIntake(addressOf: (incoming: IncomingMessage) => string): Intake {
  const bodies = createArrivingBodies();
  const working = new Set<IncomingMessage>();
  const over = new WeakSet<IncomingMessage>();
  const take = (incoming: IncomingMessage) => {
    if (working.size >= limits.openRequestsMax) throw new ProblemError('server.busy');
    working.add(incoming);
  };
  return {
    async places(c, next) {
      const { incoming } = c.env;
      if (incoming.rawHeaders.length > limits.headersMaxCount * 2) {
        throw new ProblemError('request.too-large', { detail: 'Too many headers.' });
      }
      take(incoming);
      try {
        // Until the answer is known, not until it is read: who reads slowly takes no place, either.
        await next();
      } finally {
        over.add(incoming);
        working.delete(incoming);
      }
    },
    async receive(incoming, maxBytes) {
      working.delete(incoming);
      const body = await bodies.receive(incoming, { address: addressOf(incoming), maxBytes });
      // It was answered meanwhile: nobody would give a new place back.
      if (over.has(incoming)) throw new ProblemError('request.timeout');
      take(incoming);
      return body;
    },
  };
}
