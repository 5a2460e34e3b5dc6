import { request, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';

/** A request written exactly as given: no path is normalised, no header added but Host. */
export interface RawRequest {
  /** Where it goes and what the Host header says: `http://staff.localhost:4400`. */
  readonly origin: string;
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
  /** For answers that never end: what came within this time is the answer. */
  readonly readForMs?: number;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly bytes: Uint8Array;
}

/** Sends one request over a connection of its own. */
export function send(options: RawRequest): Promise<RawAnswer> {
  const { host, port } = new URL(options.origin);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port,
        path: options.path,
        method: options.method ?? 'GET',
        headers: { host, ...(options.headers as Record<string, string>) }, // Node takes lists too
        agent: false,
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        const finish = () => {
          const bytes = Buffer.concat(chunks);
          const { statusCode: status = 0, headers } = incoming;
          resolve({ status, headers, text: bytes.toString('utf8'), bytes });
        };
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', finish);
        incoming.on('error', reject);
        if (options.readForMs === undefined) return;
        setTimeout(() => {
          finish();
          outgoing.destroy();
        }, options.readForMs).unref();
      },
    );
    outgoing.on('error', reject);
    outgoing.end(options.body);
  });
}

/** The stable code of a problem body, or the status where there is none. */
export function codeIn(answer: { readonly status: number; readonly text: string }): string {
  const code = /"code":"([a-z.-]+)"/.exec(answer.text)?.[1];
  return code ?? String(answer.status);
}

/** Writes bytes to a port as they are; answers what came back until the other side closed. */
export function sendBytes(
  port: number,
  bytes: string | Uint8Array,
  waitMs = 3_000,
): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    const finish = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(Buffer.concat(chunks).toString('utf8'));
    };
    const timer = setTimeout(finish, waitMs);
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('close', finish);
    socket.on('error', finish);
  });
}
