import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** What each open connection is doing. */
export interface Connections {
  /** Whether a request of this connection is under way. */
  isAnswering(socket: Duplex): boolean;
}

/**
 * Keeps room for newcomers: of `connectionsMax` connections the one that has gone longest without a
 * request gives way. Closed at the bound instead, a door held open by silent connections would be
 * shut for everybody.
 */
export function followConnections(server: Server, connectionsMax: number): Connections {
  const answering = new Map<Duplex, number>();
  // A Set keeps the order in which its members came: the first one has been silent the longest.
  const silent = new Set<Duplex>();
  let open = 0;
  server.on('connection', (socket) => {
    open += 1;
    if (open > connectionsMax) (silent.values().next().value ?? socket).destroy();
    silent.add(socket);
    socket.once('close', () => {
      open -= 1;
      silent.delete(socket);
      answering.delete(socket);
    });
  });
  server.on('request', ({ socket }, outgoing) => {
    silent.delete(socket);
    answering.set(socket, (answering.get(socket) ?? 0) + 1);
    outgoing.once('close', () => {
      const rest = (answering.get(socket) ?? 1) - 1;
      if (socket.destroyed) return;
      answering.set(socket, rest);
      if (rest === 0) silent.add(socket);
    });
  });
  return { isAnswering: (socket) => (answering.get(socket) ?? 0) > 0 };
}
