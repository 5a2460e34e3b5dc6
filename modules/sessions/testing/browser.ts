import { request, type IncomingHttpHeaders } from 'node:http';

/** A response as a browser's network panel shows it; redirects are not followed. */
export interface Exchange {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
}

interface Sent {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** One request to a port on loopback, with the Host header of the URL. */
export function send(port: number, url: URL, sent: Sent = {}): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port,
        path: url.pathname + url.search,
        method: sent.method ?? 'GET',
        headers: { ...sent.headers, host: url.host },
      },
      (incoming) => {
        let text = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (chunk: string) => (text += chunk));
        incoming.on('end', () =>
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(sent.body);
  });
}

/** A browser with a cookie jar that minds paths and expiry, as far as these tests need it. */
export class Browser {
  readonly #port: number;
  #cookies: Cookie[] = [];

  constructor(port: number) {
    this.#port = port;
  }

  async go(url: string, sent: Sent = {}): Promise<Exchange> {
    const target = new URL(url);
    const cookie = this.#cookies
      .filter(({ path }) => target.pathname === path || target.pathname.startsWith(withSlash(path)))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
    const headers = { ...sent.headers, ...(cookie ? { cookie } : {}) };
    const answer = await send(this.#port, target, { ...sent, headers });
    for (const line of answer.headers['set-cookie'] ?? []) this.#store(line);
    return answer;
  }

  /** A cookie that is there already. */
  plant(name: string, value: string): void {
    this.#cookies = this.#cookies.filter((known) => known.name !== name);
    this.#cookies.push({ name, value, path: '/' });
  }

  /** What a thief of cookies would carry away. */
  get cookies(): readonly Cookie[] {
    return this.#cookies;
  }

  #store(line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const split = pair.indexOf('=');
    const name = pair.slice(0, split);
    const value = pair.slice(split + 1);
    const attribute = (wanted: string) =>
      attributes
        .find((text) => text.toLowerCase().startsWith(`${wanted}=`))
        ?.slice(wanted.length + 1);
    const path = attribute('path') ?? '/';
    this.#cookies = this.#cookies.filter((known) => known.name !== name || known.path !== path);
    const expires = attribute('expires');
    const over = expires !== undefined && Date.parse(expires) < Date.parse('2000-01-01');
    if (!over && value !== '') this.#cookies.push({ name, value, path });
  }
}

const withSlash = (path: string): string => (path.endsWith('/') ? path : `${path}/`);
