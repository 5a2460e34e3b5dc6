import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { followConnections, type Connections } from './connections.ts';

let server: Server;
let connections: Connections;
let asked: ServerResponse[];
const sockets: Socket[] = [];

beforeEach(async () => {
  asked = [];
  server = createServer((_, outgoing) => void asked.push(outgoing));
  connections = followConnections(server, 3);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function open(text = ''): Promise<Socket> {
  // A server that listens on TCP has an address with a port.
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => {});
  // Unread, the other side's end is not seen.
  socket.resume();
  sockets.push(socket);
  if (text !== '') socket.write(text);
  await delay(30);
  return socket;
}
const request = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const isOpen = (...some: Socket[]) => some.map((socket) => !socket.destroyed);

it('one too many ends the one that has been silent the longest, half headers or none', async () => {
  const [silent, half, other] = [await open(), await open('GET / HT'), await open()];
  const first = await open(request);
  expect(isOpen(silent, half, other, first)).toEqual([false, true, true, true]);
  const second = await open();
  expect(isOpen(half, other, first, second)).toEqual([false, true, true, true]);
});

it('whoever is being answered stays, and newcomers wait when all are', async () => {
  const busy = [await open(request), await open(request), await open(request)];
  const late = await open(request);
  expect(isOpen(...busy, late)).toEqual([true, true, true, false]);
});

it('an answered connection is the last to be silent, and with a second request not silent at all', async () => {
  const first = await open(request + request);
  const silent = await open();
  asked[0]?.end();
  await delay(30);
  const [socket] = asked.map((outgoing) => outgoing.req.socket);
  expect(socket && connections.isAnswering(socket)).toBe(true);
  await open();
  await open();
  expect(isOpen(first, silent)).toEqual([true, false]);
  asked[1]?.end();
  await delay(30);
  expect(socket && connections.isAnswering(socket)).toBe(false);
});
