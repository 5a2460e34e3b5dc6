import type { IncomingMessage } from 'node:http';
import type { HttpBindings } from '@hono/node-server';
import { limits } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import type { Context, MiddlewareHandler } from 'hono';
import { createArrivingBodies } from './arriving-bodies.ts';
import { createTurns } from './turns.ts';

type Bound = { Bindings: HttpBindings };

/** Bounds on what the process works at, before any route is looked at. */
export interface Intake {
  /** Gives each request a place while it is worked at; some are kept for those that are urgent. */
  places(isUrgent: (c: Context<Bound>) => boolean): MiddlewareHandler<Bound>;
  /**
   * The whole body. Its request has no place while it arrives, so that one who stops halfway takes
   * none from anybody.
   *
   * @throws ProblemError `request.timeout`, `request.too-large`, `request.malformed` or `server.busy`
   */
  receive(incoming: IncomingMessage, maxBytes: number): Promise<Uint8Array>;
  /**
   * Work for a caller of whom nothing is known, when it is their address' turn. Each line is one of
   * its own: a crowd of customers does not stand before staff who are just signing in.
   *
   * @throws ProblemError `server.busy`, or `request.timeout` when nobody waits for it any more
   */
  inTurn<T>(line: string, incoming: IncomingMessage, work: () => Promise<T>): Promise<T>;
}

/** @see Intake */
export function createIntake(addressOf: (incoming: IncomingMessage) => string): Intake {
  const bodies = createArrivingBodies();
  const turns = createTurns();
  const places = createPlaces();
  const claims = new WeakMap<IncomingMessage, Claim>();
  const over = new WeakSet<IncomingMessage>();
  return {
    places: (isUrgent) => async (c, next) => {
      const { incoming } = c.env;
      if (incoming.rawHeaders.length > limits.headersMaxCount * 2) {
        throw new ProblemError('request.too-large', { detail: 'Too many headers.' });
      }
      const claim = { address: addressOf(incoming), isUrgent: isUrgent(c) };
      places.take(claim);
      claims.set(incoming, claim);
      try {
        // Until the answer is known, not until it is read: who reads slowly takes no place, either.
        await next();
      } finally {
        over.add(incoming);
        places.giveBack(claim);
      }
    },
    async receive(incoming, maxBytes) {
      const claim = claims.get(incoming);
      if (claim !== undefined) places.giveBack(claim);
      const body = await bodies.receive(incoming, { address: addressOf(incoming), maxBytes });
      // It was answered meanwhile: nobody would give a new place back.
      if (over.has(incoming)) throw new ProblemError('request.timeout');
      if (claim !== undefined) places.take(claim);
      return body;
    },
    inTurn: (line, incoming, work) =>
      turns.take(`${line} ${addressOf(incoming)}`, () => {
        if (incoming.socket.destroyed) throw new ProblemError('request.timeout');
        return work();
      }),
  };
}

interface Claim {
  readonly address: string;
  readonly isUrgent: boolean;
}

/**
 * No address takes more than half of the places, so that no single one shuts the door; a site with
 * hundreds of agents behind one address works at a few dozen requests at once. What is urgent has a
 * share of its own, and places that nobody else gets.
 */
function createPlaces() {
  const held = new Set<Claim>();
  const shares = new Map<string, number>();
  const shareOf = ({ address, isUrgent }: Claim) => `${isUrgent ? 'urgent' : 'other'} ${address}`;
  return {
    take(claim: Claim): void {
      const share = shareOf(claim);
      const own = shares.get(share) ?? 0;
      const most = limits.openRequestsMax - (claim.isUrgent ? 0 : limits.openReservedCount);
      if (held.size >= most || own >= limits.openPerAddressMax)
        throw new ProblemError('server.busy');
      held.add(claim);
      shares.set(share, own + 1);
    },
    /** Once or more often: while a body arrives, its request has none to give. */
    giveBack(claim: Claim): void {
      if (!held.delete(claim)) return;
      const share = shareOf(claim);
      const rest = (shares.get(share) ?? 1) - 1;
      if (rest === 0) shares.delete(share);
      else shares.set(share, rest);
    },
  };
}
