import type { Socket } from 'node:net';
import type { Server } from 'node:tls';
import { limits } from '@proofline/kernel';
import type { ConnectionBounds } from '@proofline/kernel/node';

interface Follow {
  readonly bounds?: Omit<ConnectionBounds, 'unreadAnswerMs'>;
  /** Under which address a connection counts; `undefined` for a proxy, which brings everybody's. */
  readonly peerOf?: (socket: Socket) => string | undefined;
}

interface Pending {
  readonly socket: Socket;
  readonly peer: string | undefined;
}

/**
 * Keeps room for newcomers before their handshake, as `followConnections` does after it: where too many
 * have begun one, of all or of one address, the one that began first gives way. Who opens a connection and
 * says nothing holds its place for as long as nobody else needs it.
 */
export function followHandshakes(door: Server, follow: Follow = {}): void {
  const { bounds = limits, peerOf = (socket) => socket.remoteAddress } = follow;
  // In the order in which they came.
  const pending = new Map<string, Pending>();
  const perPeer = new Map<string, number>();
  const forget = (key: string, one: Pending | undefined = pending.get(key)): void => {
    if (one === undefined || pending.get(key) !== one) return;
    pending.delete(key);
    if (one.peer !== undefined) perPeer.set(one.peer, (perPeer.get(one.peer) ?? 1) - 1);
    if (one.peer !== undefined && perPeer.get(one.peer) === 0) perPeer.delete(one.peer);
  };
  const makeRoom = (peer: string | undefined): void => {
    const own = peer === undefined ? 0 : (perPeer.get(peer) ?? 0);
    const isOwnFull = own >= bounds.connectionsPerAddressMax;
    if (!isOwnFull && pending.size < bounds.connectionsMax) return;
    for (const [key, one] of pending) {
      if (isOwnFull && one.peer !== peer) continue;
      forget(key, one);
      one.socket.destroy();
      return;
    }
  };
  door.on('connection', (socket: Socket) => {
    const [key, peer] = [endOf(socket), peerOf(socket)];
    makeRoom(peer);
    const one = { socket, peer };
    pending.set(key, one);
    if (peer !== undefined) perPeer.set(peer, (perPeer.get(peer) ?? 0) + 1);
    socket.once('close', () => forget(key, one));
  });
  door.on('secureConnection', (socket) => forget(endOf(socket)));
}

/** Where its other end is: no two open connections have the same. */
const endOf = ({ remoteAddress, remotePort }: Socket) => `${remoteAddress} ${remotePort}`;
