import { connect, type Socket } from 'node:net';

/** One request, as a browser sends it. */
export interface RawRequest {
  readonly method: 'GET' | 'POST';
  /** Path and query. */
  readonly target: string;
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface RawResponse {
  readonly status: number;
  /** Lower-case names; of several the last one, but for cookies. */
  readonly headers: ReadonlyMap<string, string>;
  readonly cookies: readonly string[];
  readonly body: string;
}

/** Sends one request after another. */
export type Send = (request: RawRequest) => Promise<RawResponse>;

/**
 * HTTP/1.1 on one kept connection, and no more than the bench needs of it: whatever the caller spends is
 * taken from the server that it measures. It comes from an address of its own, as a person at another desk
 * does: the server counts by address who has proved nothing, and all of 127.0.0.0/8 is this machine
 * (RFC 6890).
 */
export function openRawHttp(origin: string, localAddress: string): Send {
  const { host, port } = new URL(origin);
  let socket: Socket | undefined;
  let waiting: ((text: string) => void) | undefined;
  let got = '';
  const open = (): Socket => {
    const opened = connect({ host: '127.0.0.1', port: Number(port), localAddress, noDelay: true });
    opened.setEncoding('latin1');
    opened.on('data', (text: string) => {
      got += text;
      waiting?.(got);
    });
    opened.on('close', () => {
      socket = undefined;
      waiting?.('');
    });
    opened.on('error', () => {});
    return opened;
  };
  return ({ method, target, headers = {}, body = '' }) =>
    new Promise((resolve, reject) => {
      if (socket === undefined) socket = open();
      waiting = (text) => {
        const response = text === '' ? undefined : readResponse(text);
        if (text !== '' && response === undefined) return;
        waiting = undefined;
        got = '';
        if (response) resolve(response);
        else reject(new Error('the server has closed the connection'));
      };
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      const length = method === 'POST' ? `content-length: ${Buffer.byteLength(body)}\r\n` : '';
      socket.write(
        `${method} ${target} HTTP/1.1\r\nhost: ${host}\r\n${lines.join('')}${length}\r\n${body}`,
      );
    });
}

/** The response as soon as all of it is there (RFC 9112 §6.3). */
function readResponse(text: string): RawResponse | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = new Map<string, string>();
  const cookies: string[] = [];
  for (const line of lines) {
    const at = line.indexOf(':');
    const name = line.slice(0, at).toLowerCase();
    const value = line.slice(at + 1).trim();
    if (name === 'set-cookie') cookies.push(value);
    else headers.set(name, value);
  }
  const status = Number(first.slice(9, 12));
  const rest = text.slice(end + 4);
  const body = headers.get('transfer-encoding') === 'chunked' ? joinChunks(rest) : rest;
  const length = Number(headers.get('content-length') ?? 0);
  if (body === undefined || (body === rest && rest.length < length)) return undefined;
  return { status, headers, cookies, body };
}

/** `undefined` while the last chunk is missing (RFC 9112 §7.1). */
function joinChunks(text: string): string | undefined {
  let body = '';
  let at = 0;
  for (;;) {
    const lineEnd = text.indexOf('\r\n', at);
    if (lineEnd === -1) return undefined;
    const size = Number.parseInt(text.slice(at, lineEnd), 16);
    const start = lineEnd + 2;
    if (text.length < start + size + 2) return undefined;
    if (size === 0) return body;
    body += text.slice(start, start + size);
    at = start + size + 2;
  }
}
