import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { limits } from './limits.ts';

/** What each open connection is doing. */
export interface Connections {
  /** Whether a request of this connection is under way. */
  isAnswering(socket: Duplex): boolean;
}

/** How many connections there may be, of all and of one address, and how long an answer may lie unread. */
export type ConnectionBounds = Readonly<
  Record<'connectionsMax' | 'connectionsPerAddressMax' | 'unreadAnswerMs', number>
>;

const SWEEP_MS = 1_000;

interface Follow {
  readonly bounds?: ConnectionBounds;
  /** Under which address a connection counts; `undefined` for a proxy, which brings everybody's. */
  readonly peerOf?: (socket: Socket) => string | undefined;
}

interface Connection {
  readonly socket: Socket;
  readonly peer: string | undefined;
  requests: number;
  sweepsUnread: number;
}

/**
 * Keeps room for newcomers. When there are too many connections, of all or of one address, the one
 * that has gone longest without a request gives way, and when none is without one, the one whose
 * answer has lain unread for longest. Closed at the bound instead, a door held open by those who do
 * nothing would be shut for everybody. Only when every single one is at work, the newcomer is
 * turned away.
 *
 * Who reads a byte now and then is never idle: what counts is for how long something was waiting to
 * be read without ever being read to its end, and after a minute that connection is cut.
 *
 * For both programs that listen, which is why it stands here: they share no other room.
 */
export function followConnections(server: Server, follow: Follow = {}): Connections {
  const { bounds = limits, peerOf = (socket) => socket.remoteAddress } = follow;
  const all = new Map<Duplex, Connection>();
  const perPeer = new Map<string, number>();
  // Sets keep the order in which their members came: the first one is the longest silent or unread.
  const silent = new Set<Connection>();
  const unread = new Set<Connection>();
  const sweep = (): void => {
    for (const one of all.values()) {
      if (one.socket.writableLength > 0) unread.add(one);
      else if (unread.delete(one)) one.sweepsUnread = 0;
    }
  };
  const timer = setInterval(() => {
    sweep();
    for (const one of unread) {
      one.sweepsUnread += 1;
      if (one.sweepsUnread * SWEEP_MS > bounds.unreadAnswerMs) one.socket.destroy();
    }
  }, SWEEP_MS);
  timer.unref();
  server.once('close', () => clearInterval(timer));
  const makeRoom = (among: (one: Connection) => boolean): Connection | undefined => {
    const idle = firstOf(silent, among);
    if (idle !== undefined) return idle;
    if (unread.size === 0) sweep();
    return firstOf(unread, among);
  };
  const forget = (one: Connection): void => {
    if (!all.delete(one.socket)) return;
    silent.delete(one);
    unread.delete(one);
    if (one.peer === undefined) return;
    const rest = (perPeer.get(one.peer) ?? 1) - 1;
    if (rest === 0) perPeer.delete(one.peer);
    else perPeer.set(one.peer, rest);
  };
  const cut = (one: Connection): void => {
    // Now, not when its end has been seen: the next newcomer must not choose it again.
    forget(one);
    one.socket.destroy();
  };
  server.on('connection', (socket) => {
    const one: Connection = { socket, peer: peerOf(socket), requests: 0, sweepsUnread: 0 };
    const { peer } = one;
    const own = peer === undefined ? 0 : (perPeer.get(peer) ?? 0);
    const isOwnFull = own >= bounds.connectionsPerAddressMax;
    if (isOwnFull || all.size >= bounds.connectionsMax) {
      const out = makeRoom((other) => !isOwnFull || other.peer === peer);
      if (out === undefined) return void socket.destroy();
      cut(out);
    }
    all.set(socket, one);
    if (peer !== undefined) perPeer.set(peer, (perPeer.get(peer) ?? 0) + 1);
    silent.add(one);
    socket.once('close', () => forget(one));
  });
  server.on('request', ({ socket }, outgoing) => {
    const one = all.get(socket);
    if (one === undefined) return;
    silent.delete(one);
    one.requests += 1;
    outgoing.once('close', () => {
      one.requests -= 1;
      if (one.requests === 0 && all.has(socket)) silent.add(one);
    });
  });
  return { isAnswering: (socket) => (all.get(socket)?.requests ?? 0) > 0 };
}

function firstOf<T>(all: Iterable<T>, holds: (one: T) => boolean): T | undefined {
  for (const one of all) if (holds(one)) return one;
  return undefined;
}
