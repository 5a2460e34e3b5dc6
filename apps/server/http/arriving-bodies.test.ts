import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { ProblemError } from '@proofline/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createArrivingBodies } from './arriving-bodies.ts';

const bounds = { arrivingRequestsMax: 4, arrivingPerAddressMax: 3, bodyTimeoutMs: 5_000 };
const maxBytes = 100;

let server: Server;
let sockets: Socket[];
let ends: string[];

async function open(change: Partial<typeof bounds> = {}): Promise<void> {
  const bodies = createArrivingBodies({ ...bounds, ...change });
  // Of this test alone: what another one left open ends later.
  const own = ends;
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { name = '', address = 'a' } = incoming.headers as Record<string, string>;
    const end = await bodies
      .receive(incoming, { address, maxBytes })
      .then((bytes) => `whole ${bytes.length}`)
      .catch((error: unknown) => (error instanceof ProblemError ? error.code : String(error)));
    own.push(`${name} ${end}`);
    outgoing.end();
  };
  server = createServer((incoming, outgoing) => void answer(incoming, outgoing));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}
beforeEach(() => {
  sockets = [];
  ends = [];
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

/** Sends headers and what of the body is given, and leaves the connection open. */
async function begin(name: string, body: string, headers: readonly string[]): Promise<Socket> {
  // A server that listens on TCP has an address with a port.
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => {});
  sockets.push(socket);
  const lines = ['POST / HTTP/1.1', 'Host: a', `Name: ${name}`, ...headers];
  const accepted = once(server, 'connection');
  const bytes = `${lines.join('\r\n')}\r\n\r\n${body}`;
  socket.write(bytes);
  const [theirs] = (await accepted) as [Socket]; // what `connection` brings
  // Whoever began first has arrived first, also on a machine that stood still.
  await expect
    .poll(() => theirs.destroyed || theirs.bytesRead === bytes.length, { interval: 5 })
    .toBe(true);
  return socket;
}
const half = (name: string, address = 'a') =>
  begin(name, 'half', [`Address: ${address}`, 'Content-Length: 10']);
const until = async (count: number) => {
  await expect.poll(() => ends.length, { interval: 5 }).toBeGreaterThanOrEqual(count);
  return ends;
};

describe('a body on its way', () => {
  it('is handed over whole, also when it comes in pieces', async () => {
    await open();
    const socket = await half('slow');
    expect(ends).toEqual([]);
    socket.write('s whole');
    expect(await until(1)).toEqual(['slow whole 10']);
    await begin('bare', '', []);
    expect(await until(2)).toContain('bare whole 0');
  });

  it('is too large by its declared length, before a byte of it, or by what arrives', async () => {
    await open();
    await begin('declared', '', ['Content-Length: 101']);
    expect(await until(1)).toEqual(['declared request.too-large']);
    const chunk = `3c\r\n${'x'.repeat(0x3c)}\r\n`;
    await begin('chunked', chunk + chunk, ['Transfer-Encoding: chunked']);
    expect(await until(2)).toContain('chunked request.too-large');
    await begin('bound', 'x'.repeat(100), ['Content-Length: 100']);
    expect(await until(3)).toContain('bound whole 100');
  });

  it('has its time and no more, however busily it trickles', async () => {
    await open({ bodyTimeoutMs: 150 });
    const socket = await begin('trickle', 'x', ['Content-Length: 100']);
    const trickle = setInterval(() => socket.write('x'), 10);
    expect(await until(1)).toEqual(['trickle request.timeout']);
    clearInterval(trickle);
  });

  it('that breaks off ends at once', async () => {
    await open();
    (await half('gone')).destroy();
    expect(await until(1)).toEqual(['gone request.malformed']);
  });
});

describe('too many bodies on their way', () => {
  it('from one address end its own oldest one, and never the newest', async () => {
    await open();
    await half('b1', 'b');
    for (const name of ['a1', 'a2', 'a3', 'a4']) await half(name, 'a');
    expect(await until(1)).toEqual(['a1 request.timeout']);
  });

  it('from many addresses end the oldest of all', async () => {
    await open();
    for (const name of ['a', 'b', 'c', 'd', 'e']) await half(name, name);
    expect(await until(1)).toEqual(['a request.timeout']);
  });

  it('leave room for one that arrives at once, as often as it comes', async () => {
    await open();
    for (const name of ['a1', 'a2', 'a3']) await half(name);
    for (const at of [1, 2, 3]) await begin(`honest${at}`, 'whole', ['Content-Length: 5']);
    for (const at of [1, 2, 3]) expect(await until(4)).toContain(`honest${at} whole 5`);
  });
});
