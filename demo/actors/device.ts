import { localFetch, type LocalRequest } from './local-fetch.ts';

/** What an answer came to: status, headers, and the body, parsed when it is JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** One browser on one machine: a cookie jar per host, and the Origin header of the page in front. */
export interface Device {
  /** As a page of `origin` would ask: cookies and Origin go along. */
  ask(
    url: string,
    init?: LocalRequest & { readonly origin?: string; readonly json?: unknown },
  ): Promise<Answer>;
  /** The cookies that this device holds for a host: for thieves in attack tests. */
  cookiesOf(host: string): ReadonlyMap<string, string>;
  /** Puts a cookie into the jar, as a thief would. */
  plantCookie(host: string, name: string, value: string): void;
}

/** A fresh browser profile; `send` is its way to the machine, loopback by default. */
export function createDevice(send = localFetch): Device {
  const jars = new Map<string, Map<string, string>>();
  const jarOf = (host: string) => {
    const jar = jars.get(host) ?? new Map<string, string>();
    jars.set(host, jar);
    return jar;
  };
  return {
    cookiesOf: (host) => jarOf(host),
    plantCookie: (host, name, value) => void jarOf(host).set(name, value),
    async ask(url, { origin, json, headers, ...init } = {}) {
      const jar = jarOf(new URL(url).host);
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      const response = await send(url, {
        ...init,
        ...(json === undefined
          ? {}
          : { body: JSON.stringify(json), method: init.method ?? 'POST' }),
        headers: {
          ...(cookie === '' ? {} : { cookie }),
          ...(origin === undefined ? {} : { origin }),
          ...(json === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
      });
      for (const line of response.headers.getSetCookie()) keepCookie(jar, line);
      return {
        status: response.status,
        headers: response.headers,
        body: await readAnswer(response),
      };
    },
  };
}

function keepCookie(jar: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split(';');
  const at = pair.indexOf('=');
  const name = pair.slice(0, at).trim();
  const value = pair.slice(at + 1).trim();
  const dead = attributes.some((attribute) => {
    const [key, text = ''] = attribute.trim().split('=');
    if (/^max-age$/i.test(key ?? '')) return Number(text) <= 0;
    return /^expires$/i.test(key ?? '') && Date.parse(text) < Date.now();
  });
  if (dead || value === '') jar.delete(name);
  else jar.set(name, value);
}

async function readAnswer(response: Response): Promise<unknown> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return isJson && text !== '' ? JSON.parse(text) : text;
}
