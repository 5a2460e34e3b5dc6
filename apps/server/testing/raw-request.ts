import { request, type Agent, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';

/** An answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** One request to a port of this machine. */
export interface RawRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly agent?: Agent;
}

/** Opens a request and answers when the headers of the answer are there. */
export function open(port: number, ask: RawRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port,
        path: ask.path,
        method: ask.method ?? 'GET',
        headers: { host: 'staff.localhost:4400', ...ask.headers },
        agent: ask.agent ?? false,
      },
      resolve,
    );
    outgoing.on('error', reject);
    outgoing.end(ask.body);
  });
}

/** @see open, and reads the answer to its end. */
export async function send(port: number, ask: RawRequest): Promise<RawAnswer> {
  const incoming = await open(port, ask);
  let text = '';
  for await (const chunk of incoming) text += String(chunk);
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, text };
}

/** Writes bytes to a port and answers everything that comes back until the other side closes. */
export function sendBytes(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.on('data', (chunk) => {
      text += String(chunk);
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
  });
}
