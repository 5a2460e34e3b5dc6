import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { followConnections, type Connections } from './follow-connections.ts';

let server: Server;
let connections: Connections;
let asked: ServerResponse[];
/** The address that the next connection plays to come from; `undefined` for a proxy. */
let peer: string | undefined;
const sockets: Socket[] = [];

beforeEach(async () => {
  asked = [];
  server = createServer((_, outgoing) => void asked.push(outgoing));
  peer = 'here';
  connections = followConnections(server, {
    bounds: { connectionsMax: 3, connectionsPerAddressMax: 3, unreadAnswerMs: 2_000 },
    peerOf: () => peer,
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** Opens a connection; resolves once the server has it, and all that was sent over it. */
async function open(text = ''): Promise<Socket> {
  const accepted = once(server, 'connection');
  // A server that listens on TCP has an address with a port.
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => {});
  // Unread, the other side's end is not seen.
  socket.resume();
  sockets.push(socket);
  if (text !== '') socket.write(text);
  const [theirs] = (await accepted) as [Socket]; // what `connection` brings
  await expectSoon(() => theirs.destroyed || theirs.bytesRead === text.length, true);
  return socket;
}
async function expectSoon<T>(look: () => T, wanted: T): Promise<void> {
  await expect.poll(look, { interval: 5 }).toEqual(wanted);
}
const request = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const isOpen = (...some: Socket[]) => some.map((socket) => !socket.destroyed);

it('one too many ends the one that has been silent the longest, half headers or none', async () => {
  const [silent, half, other] = [await open(), await open('GET / HT'), await open()];
  const first = await open(request);
  await expectSoon(() => isOpen(silent, half, other, first), [false, true, true, true]);
  const second = await open();
  await expectSoon(() => isOpen(half, other, first, second), [false, true, true, true]);
});

it('whoever is being answered stays, and newcomers wait when all are', async () => {
  const busy = [await open(request), await open(request), await open(request)];
  const late = await open(request);
  await expectSoon(() => isOpen(...busy, late), [true, true, true, false]);
});

it('an answered connection is the last to be silent, and with a second request not silent at all', async () => {
  const first = await open(request + request);
  const silent = await open();
  asked[0]?.end();
  await expectSoon(() => asked.map(({ writableFinished }) => writableFinished), [true, false]);
  const [socket] = asked.map((outgoing) => outgoing.req.socket);
  expect(socket && connections.isAnswering(socket)).toBe(true);
  await open();
  await open();
  await expectSoon(() => isOpen(first, silent), [true, false]);
  asked[1]?.end();
  await expectSoon(() => socket && connections.isAnswering(socket), false);
});

/** Asks for more than the two systems keep for a reader, and reads nothing of it. */
async function openUnread(): Promise<Socket> {
  const before = asked.length;
  const socket = await open(request);
  socket.pause();
  await expectSoon(() => asked.length, before + 1);
  asked.at(-1)?.end(Buffer.alloc(20_000_000));
  return socket;
}
/** Unread, the other side's end is not seen here: whether it is still there, the server knows. */
const openAtServer = () =>
  new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)));

it('when none is silent, the answer that has lain unread for longest gives way to a newcomer', async () => {
  const [slow] = [await openUnread(), await open(request), await openUnread()];
  const late = await open(request);
  const answer = once(late, 'data');
  asked.at(-1)?.end('hello');
  expect(String(await answer)).toContain('hello');
  slow.resume();
  await expectSoon(() => slow.destroyed, true);
});

it('who reads a little now and then is cut all the same, and who reads everything stays', async () => {
  const [slow, steady] = [await openUnread(), await open()];
  const reads = setInterval(() => {
    slow.read(1_000);
    steady.write(request);
    setTimeout(() => asked.at(-1)?.end('hello'), 50);
  }, 300);
  await expect.poll(openAtServer).toBe(1);
  clearInterval(reads);
  expect(isOpen(steady)).toEqual([true]);
});

it('one address with too many gives way among its own, and a proxy of ours is not counted', async () => {
  const bounds = { connectionsMax: 100, connectionsPerAddressMax: 2, unreadAnswerMs: 2_000 };
  const other = createServer();
  followConnections(other, { bounds, peerOf: () => peer });
  const first = server;
  server = other;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const neighbour = await open();
  peer = 'crowd';
  const crowd = [await open(), await open(), await open()];
  await expectSoon(() => isOpen(neighbour, ...crowd), [true, false, true, true]);
  peer = undefined;
  const many = [await open(), await open(), await open(), await open()];
  expect(isOpen(...many)).toEqual([true, true, true, true]);
  for (const socket of [neighbour, ...crowd, ...many]) socket.destroy();
  await new Promise((resolve) => other.close(resolve));
  server = first;
});
