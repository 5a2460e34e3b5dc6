import { createServer } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { selfSigned } from '../../../demo/mtls-key.ts';
import { openTlsDoor, type TlsDoor } from './open-tls-door.ts';

const bounds = { connectionsMax: 12, connectionsPerAddressMax: 6, unreadAnswerMs: 60_000 };
const server = createServer((_, outgoing) => outgoing.end('here'));
let door: TlsDoor;

beforeAll(async () => {
  const own = await selfSigned('mtls.localhost');
  const key = `${own.key}\n${own.certificate}`;
  door = await openTlsDoor(server, { key, host: '0.0.0.0', port: 0, bounds });
});
afterAll(() => door.close());

/** Connects without a word; how many of these the door still holds is what `open` says. */
async function fillFrom(localAddress: string, count: number) {
  const held = Array.from({ length: count }, () =>
    connectTcp({ host: '127.0.0.1', port: door.port, localAddress }).on('error', () => undefined),
  );
  await expect.poll(() => held.every((one) => !one.connecting)).toBe(true);
  return {
    open: () => held.filter((one) => !one.closed).length,
    leave: () => held.forEach((one) => one.destroy()),
  };
}

function handshakeFrom(localAddress: string): Promise<string> {
  return new Promise((resolve) => {
    const there = { host: '127.0.0.1', port: door.port, localAddress, rejectUnauthorized: false };
    const socket = connectTls(there, () => {
      resolve('connected');
      socket.destroy();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
  });
}

it('is not shut by an address that connects and says nothing', async () => {
  const silent = await fillFrom('127.0.0.9', 40);
  await expect.poll(silent.open).toBe(bounds.connectionsPerAddressMax);
  expect(await handshakeFrom('127.0.0.2')).toBe('connected');
  // Nor for that address itself: who says something takes the place of who does not.
  expect(await handshakeFrom('127.0.0.9')).toBe('connected');
  silent.leave();
});

it('nor by many addresses together', async () => {
  const all: Awaited<ReturnType<typeof fillFrom>>[] = [];
  for (const last of [11, 12, 13, 14]) all.push(await fillFrom(`127.0.0.${last}`, 5));
  const open = () => all.reduce((sum, one) => sum + one.open(), 0);
  await expect.poll(open).toBe(bounds.connectionsMax);
  expect(await handshakeFrom('127.0.0.2')).toBe('connected');
  for (const one of all) one.leave();
});

it('keeps a connection with whom it began: another certificate takes another connection', async () => {
  const one = await selfSigned('one.example');
  const socket = connectTls({
    host: '127.0.0.1',
    port: door.port,
    rejectUnauthorized: false,
    maxVersion: 'TLSv1.2',
    cert: one.certificate,
    key: one.key,
  });
  await new Promise((resolve) => socket.once('secureConnect', resolve));
  const outcome = await new Promise((resolve) => {
    socket.once('error', resolve);
    socket.once('close', () => resolve('closed'));
    socket.renegotiate({}, (error) => resolve(error ?? 'renegotiated'));
  });
  expect(outcome).not.toBe('renegotiated');
  socket.destroy();
});

it('takes no heap of certificates, and is there for the next one', async () => {
  const one = await selfSigned('one.example');
  const there = { host: '127.0.0.1', port: door.port, rejectUnauthorized: false };
  const cert = `${one.certificate}\n`.repeat(400);
  const heaped = connectTls({ ...there, maxVersion: 'TLSv1.2', cert, key: one.key });
  const outcome = await new Promise((resolve) => {
    heaped.once('error', () => resolve('refused'));
    heaped.once('close', () => resolve('refused'));
    heaped.once('secureConnect', () => resolve('connected'));
  });
  expect(outcome).toBe('refused');
  expect(await handshakeFrom('127.0.0.2')).toBe('connected');
});
