import { createParser } from 'eventsource-parser';
import { request } from 'node:http';
import type { Colleague } from '../../demo/story/cast.ts';
import type { Company } from '../../demo/start-company.ts';

/** One event of a stream, as it came. */
export interface Heard {
  readonly event: string;
  readonly data: string;
}

/** A colleague's event stream, open over real HTTP. */
export interface LiveStream {
  /** Everything but heartbeats, in order. */
  readonly heard: readonly Heard[];
  /** Resolves when the server has ended it. */
  readonly ended: Promise<void>;
  /** Resolves with the next heartbeat: the server sends one only when nothing else waits. */
  quiet(): Promise<void>;
  close(): void;
}

/** Opens `/api/self/events` as a colleague; answers once the first heartbeat has come. */
export async function openStream(company: Company, colleague: Colleague): Promise<LiveStream> {
  const { accessToken, key } = colleague.console;
  const url = `${company.origins.staff}/api/self/events`;
  const { host, port, pathname } = new URL(url);
  const dpop = await key.prove({ method: 'GET', url, accessToken });
  const headers = { host, authorization: `DPoP ${accessToken}`, dpop };
  const heard: Heard[] = [];
  let waiting: (() => void)[] = [];
  const parser = createParser({
    onEvent({ event = '', data }) {
      if (event !== 'heartbeat') return void heard.push({ event, data });
      for (const resolve of waiting.splice(0)) resolve();
    },
  });
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path: pathname, headers, agent: false });
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      if (incoming.statusCode !== 200)
        return reject(new Error(`the stream was refused: ${incoming.statusCode}`));
      incoming.on('data', (chunk: Buffer) => parser.feed(chunk.toString('utf8')));
      const ended = new Promise<void>((done) => incoming.on('close', done));
      const quiet = () => new Promise<void>((beat) => (waiting = [...waiting, beat]));
      const stream = { heard, ended, quiet, close: () => outgoing.destroy() };
      void quiet().then(() => resolve(stream));
    });
    outgoing.end();
  });
}
