import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { ProblemError } from '@proofline/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createArrivals, type Arrival } from './arrivals.ts';

const bounds = {
  arrivingRequestsMax: 3,
  bodyTimeoutMs: 60_000,
  openRequestsMax: 2,
  requestBodyMaxBytes: 100,
};

let server: Server;
let sockets: Socket[];
/** Whoever holds a place keeps it until somebody calls the next of these. */
let held: (() => void)[];

const codeOf = (error: unknown) => (error instanceof ProblemError ? error.code : 'other');

async function answerTo(path: string, arrival: Arrival): Promise<string> {
  if (path === '/stranger') return 'who are you';
  try {
    const bytes = await arrival.body();
    if (path === '/hold') await new Promise<void>((resolve) => held.push(resolve));
    return `took ${bytes.length}`;
  } catch (error) {
    return codeOf(error);
  }
}

/** Opens the door; what is late is so after a minute, unless it is to be late. */
async function open(change: Partial<typeof bounds> = {}): Promise<void> {
  const arrivals = createArrivals({ ...bounds, ...change });
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const arrival = arrivals.begin(incoming);
    const text = await answerTo(incoming.url ?? '', arrival);
    if (!arrival.end().mayStay) outgoing.setHeader('connection', 'close');
    outgoing.end(text);
  };
  server = createServer((incoming, outgoing) => void serve(incoming, outgoing));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}
beforeEach(() => {
  sockets = [];
  held = [];
});
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

interface Conversation {
  readonly socket: Socket;
  /** What came back, once the other side has said this or has closed. */
  until(words: string): Promise<string>;
  closed: Promise<void>;
}

function say(text: string): Conversation {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1'); // it listens on TCP
  sockets.push(socket);
  let heard = '';
  socket.on('data', (chunk: Buffer) => (heard += chunk.toString())).on('error', () => {});
  socket.write(text);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const until = (words: string) =>
    new Promise<string>((resolve) => {
      const look = () => (heard.includes(words) ? resolve(heard) : undefined);
      socket.on('data', look);
      void closed.then(() => resolve(heard));
      look();
    });
  return { socket, until, closed };
}

const post = (path: string, body: string, bytes = body.length) =>
  `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: ${bytes}\r\n\r\n${body}`;
const reached = async (count: number) => {
  while (held.length < count) await new Promise((resolve) => setTimeout(resolve, 2));
};

describe('requests that arrive', () => {
  it('take no place before their last byte is here', async () => {
    await open();
    const half = [say(post('/take', 'ab', 4)), say(post('/take', 'ab', 4))];
    expect(await say(post('/take', 'abcd')).until('took')).toContain('took 4');
    half[0]!.socket.write('cd');
    expect(await half[0]!.until('took')).toContain('took 4');
  });
  it('are refused, once they are here, when every place is taken', async () => {
    await open();
    const first = [say(post('/hold', 'a')), say(post('/hold', 'a'))];
    await reached(2);
    expect(await say(post('/take', 'a')).until('busy')).toContain('server.busy');
    held.shift()!();
    await Promise.race(first.map((one) => one.until('took')));
    expect(await say(post('/take', 'a')).until('took')).toContain('took 1');
  });
  it('make room, the oldest first, when they are too many', async () => {
    await open();
    const arrived = once(server, 'request');
    const oldest = say(post('/take', 'a', 2));
    await arrived;
    const others = [1, 2, 3].map(() => say(post('/take', 'a', 2)));
    expect(await oldest.until('busy')).toContain('server.busy');
    await oldest.closed;
    others[2]!.socket.write('b');
    expect(await others[2]!.until('took')).toContain('took 2');
  });
  it('are closed when they are late, and one that is whole never is', async () => {
    await open({ bodyTimeoutMs: 150 });
    const whole = say(post('/hold', 'a'));
    const late = say(post('/take', 'a', 2));
    expect(await late.until('timeout')).toContain('request.timeout');
    await late.closed;
    held.shift()!();
    expect(await whole.until('took')).toContain('took 1');
  });
  it('are refused at their declared length, and at the limit when they declare none', async () => {
    await open();
    const declared = say(post('/take', 'a', 1e9));
    expect(await declared.until('large')).toContain('request.too-large');
    await declared.closed;
    const chunk = `65\r\n${'x'.repeat(101)}\r\n`;
    const chunked = say(
      `POST /take HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n${chunk}`,
    );
    expect(await chunked.until('large')).toContain('request.too-large');
    await chunked.closed;
  });
  it('that are answered early may send their short rest; a long one is cut', async () => {
    await open();
    const polite = say(post('/stranger', '', 2));
    expect(await polite.until('who')).toContain('who are you');
    polite.socket.write(`ab${post('/take', 'abc')}`);
    expect(await polite.until('took')).toContain('took 3');
    const long = say(post('/stranger', 'a', 1e9));
    expect(await long.until('who')).toContain('connection: close');
    await long.closed;
  });
  it('that are answered early may send their rest for a while, and not for longer', async () => {
    await open({ bodyTimeoutMs: 150 });
    const slow = say(post('/stranger', 'a', 2));
    expect(await slow.until('who')).toContain('who are you');
    await slow.closed;
  });
});
