import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Server as NetServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { pathToFileURL } from 'node:url';
import { checkSignature, holdsSignedBody, type SignedMessage } from '@proofline/enforce';
import { createFeedCheck, leafHash, writeFeedLine } from '@proofline/evidence';
import { sampleLog } from '@proofline/evidence/testing';
import { systemClock, systemRandom } from '@proofline/kernel';
import type { Receiver } from '@proofline/ledger';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { selfSigned } from '../../../demo/mtls-key.ts';
import type { Resolve } from '../callbacks/post-guarded.ts';
import { ReceiverSetting, ReceiverSettings } from './receiver-setting.ts';
import { receiversOf } from './receivers-of.ts';

const { leaves, signer } = sampleLog();
const origin = signer.key.name;
const lines = leaves.map((leaf, index) =>
  writeFeedLine({ type: 'entry', origin, index, leaf, leafHash: leafHash(leaf) }),
);
const loopback: Resolve = async () => [{ address: '127.0.0.1', family: 4 }];
const signal = new AbortController().signal;

let publicKey: JWK;
let privateKey: CryptoKey;
const directory = mkdtempSync(join(tmpdir(), 'proofline-receivers-'));
const open: NetServer[] = [];
beforeAll(async () => {
  const pair = await generateKeyPair('ES256');
  privateKey = pair.privateKey;
  publicKey = await exportJWK(pair.publicKey);
});
afterEach(() => {
  for (const server of open.splice(0)) {
    if ('closeAllConnections' in server) (server as Server).closeAllConnections(); // it is of http
    server.close();
  }
});

function make(setting: object, resolve: Resolve = loopback): Receiver {
  const deps = {
    clock: systemClock,
    random: systemRandom,
    resolve,
    signingKey: async () => ({ kid: 'key-1', privateKey }),
  };
  return receiversOf([ReceiverSetting.parse({ name: 'siem', ...setting })], deps)[0]!;
}

interface Heard {
  readonly message: SignedMessage;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly path: string;
}

async function listen(answer: (outgoing: ServerResponse) => void, heard: Heard[] = []) {
  const server = createServer((incoming, outgoing) => {
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part));
    incoming.on('end', () => {
      const { headers, method = '', url: path = '' } = incoming;
      const url = `http://${headers.host}${path}`;
      const header = (name: string) => [headers[name] ?? []].flat().join(', ') || undefined;
      heard.push({
        message: { method, url, header },
        body: Uint8Array.from(Buffer.concat(parts)),
        path,
      });
      answer(outgoing);
    });
  });
  return { heard, port: await portOf(server) };
}

async function portOf(server: NetServer): Promise<number> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port; // it listens to a port
}

const verify = async ({ body, message }: Heard) => {
  const findKey = async (kid: string) => (kid === 'key-1' ? publicKey : undefined);
  const checked = await checkSignature({ message, clock: systemClock, findKey });
  if (!checked.ok) return checked.error.check;
  const digest = message.header('content-digest');
  return holdsSignedBody({ covered: checked.value.covered, digest, body });
};

describe('over https', () => {
  const taken = (outgoing: ServerResponse) => outgoing.writeHead(204).end();

  it('a page is signed for its address, its body and its authorization (RFC 9421)', async () => {
    const { heard, port } = await listen(taken);
    const url = `http://siem.localhost:${port}/in?index=audit`;
    const setting = { form: 'ndjson', url, internal: true, authorization: 'Splunk abc' };
    await make(setting).transmit(lines, signal);
    const [one] = heard;
    expect(Buffer.from(one!.body).toString()).toBe(`${lines.join('\n')}\n`);
    expect(one!.message.header('content-type')).toBe('application/x-ndjson');
    expect(one!.message.header('authorization')).toBe('Splunk abc');
    expect(await verify(one!)).toBe(true);
    const other = Uint8Array.from(Buffer.from('[]'));
    expect(await verify({ ...one!, body: other })).toBe(false);
    for (const change of [
      { url: one!.message.url.replace('audit', 'other') },
      { method: 'PUT' },
      {
        header: (name: string) =>
          name === 'authorization' ? 'Splunk xyz' : one!.message.header(name),
      },
    ]) {
      const changed = { ...one!, message: { ...one!.message, ...change } };
      expect(await verify(changed)).toBe('signature');
    }
  });

  it('an OTLP page is one JSON request', async () => {
    const { heard, port } = await listen(taken);
    const url = `http://otel.localhost:${port}/v1/logs`;
    await make({ form: 'otlp', url, internal: true }).transmit(['{"resourceLogs":[]}'], signal);
    expect(heard[0]!.message.header('content-type')).toBe('application/json');
    expect(Buffer.from(heard[0]!.body).toString()).toBe('{"resourceLogs":[]}');
  });

  it.each([
    [307, 'It answered with 307; a redirect is not followed.'],
    [401, 'It answered with 401.'],
    [503, 'It answered with 503.'],
  ])(
    '%i is not taken, leads nowhere, and nothing of the answer is told',
    async (code, sentence) => {
      const { heard, port } = await listen((outgoing) =>
        outgoing.writeHead(code, { location: '/inside' }).end('my secret'.repeat(100_000)),
      );
      const url = `http://siem.localhost:${port}/in`;
      const sending = make({ form: 'ocsf', url, internal: true }).transmit(['{}'], signal);
      await expect(sending).rejects.toThrow(sentence);
      expect(heard.map(({ path }) => path)).toEqual(['/in']);
    },
  );

  it('an answer without end delays nothing once it has begun well', async () => {
    const { port } = await listen((outgoing) => {
      outgoing.writeHead(200);
      const more = () => outgoing.write('x'.repeat(65_536), () => setImmediate(more));
      outgoing.on('error', () => undefined);
      more();
    });
    const url = `http://siem.localhost:${port}/in`;
    const sending = make({ form: 'ndjson', url, internal: true }).transmit(['{}'], signal);
    await expect(sending).resolves.toBeUndefined();
  });

  it('a name that leads inside is not connected to, and a closed port is told without its address', async () => {
    const { heard, port } = await listen(taken);
    const inside = make({ form: 'ndjson', url: `https://siem.example:${port}/in` });
    await expect(inside.transmit(['{}'], signal)).rejects.toThrow('leads to no address');
    expect(heard).toEqual([]);
    const gone = make({ form: 'ndjson', url: 'http://siem.localhost:1/in', internal: true });
    await expect(gone.transmit(['{}'], signal)).rejects.toThrow(/^It could not be reached\.$/);
  });
});

describe('syslog over TLS', () => {
  async function listenTls(take: (socket: TLSSocket) => void) {
    const { certificate, key } = await pem('siem.localhost');
    const server = createTlsServer({ cert: certificate, key }, (socket) => {
      socket.on('error', () => undefined);
      take(socket);
    });
    return { port: await portOf(server), authority: certificate };
  }
  const pem = async (name: string) => {
    const made = await selfSigned(name);
    return { certificate: made.certificate, key: made.key };
  };

  it('counts octets, so that a message may have any letter and any line break', async () => {
    let text = '';
    const { authority, port } = await listenTls((socket) =>
      socket.setEncoding('utf8').on('data', (part) => (text += String(part))),
    );
    const url = `tls://siem.localhost:${port}`;
    const to = make({ form: 'syslog', url, internal: true, authority });
    await to.transmit(['<109>1 - - - - - - \uFEFFé', 'a\nb'], signal);
    expect(text).toBe('24 <109>1 - - - - - - \uFEFFé3 a\nb');
  });

  it('tells nothing to whom nobody trusted vouches for, or who is called otherwise', async () => {
    let heard = 0;
    const { authority, port } = await listenTls((socket) => socket.on('data', () => (heard += 1)));
    const url = `tls://siem.localhost:${port}`;
    const { certificate: other } = await pem('siem.localhost');
    const untrusted = 'Its certificate is not trusted.';
    for (const setting of [
      { url, internal: true },
      { url, internal: true, authority: other },
      { url: `tls://other.localhost:${port}`, internal: true, authority },
    ]) {
      const sending = make({ form: 'syslog', ...setting }).transmit(['secret'], signal);
      await expect(sending).rejects.toThrow(untrusted);
    }
    expect(heard).toBe(0);
  });

  it('cuts off who talks without end, and who never hangs up when the server stops', async () => {
    const { authority, port } = await listenTls((socket) => {
      const more = () => socket.write('x'.repeat(65_536), () => setImmediate(more));
      more();
    });
    const url = `tls://siem.localhost:${port}`;
    const talkative = make({ form: 'syslog', url, internal: true, authority });
    await expect(talkative.transmit(['a'], signal)).rejects.toThrow('could not be reached');
    const silent = await listenTls((socket) => (socket.allowHalfOpen = true));
    const stop = new AbortController();
    const held = make({
      form: 'syslog',
      url: `tls://siem.localhost:${silent.port}`,
      internal: true,
      authority: silent.authority,
    }).transmit(['a'], stop.signal);
    stop.abort();
    await expect(held).rejects.toThrow('did not take it in time');
  });
});

describe('into a file', () => {
  const pathOf = (name: string) => join(directory, name);
  const into = (name: string, more: object = {}) =>
    make({ form: 'ndjson', url: pathToFileURL(pathOf(name)).href, ...more });

  it('pages stand one behind the other, and half a line of a crash by itself', async () => {
    await into('feed.ndjson').transmit(lines.slice(0, 3), signal);
    writeFileSync(pathOf('feed.ndjson'), '{"type":"ent', { flag: 'a' });
    await into('feed.ndjson').transmit(lines.slice(3), signal);
    const written = readFileSync(pathOf('feed.ndjson'), 'utf8').split('\n');
    expect(written).toEqual([...lines.slice(0, 3), '{"type":"ent', ...lines.slice(3), '']);
    const check = createFeedCheck();
    for (const line of written) check.take(line);
    expect(check.finish().unreadable).toBe(1);
  });

  it('a file that has become too large is put aside, and none is ever lost', async () => {
    const long = 'x'.repeat(600_000);
    const to = into('large.ndjson', { megabytes: 1 });
    for (const letter of 'abcde') await to.transmit([letter + long], signal);
    const files = readdirSync(directory).filter((name) => name.startsWith('large'));
    expect(files.toSorted()).toEqual(['large.ndjson', 'large.ndjson.1', 'large.ndjson.2']);
    const all = files.toSorted().map((name) => readFileSync(pathOf(name), 'utf8'));
    expect(all.join('').match(/[a-e]x/g)).toHaveLength(5);
  });

  it('never through a link, and what goes wrong is told without the path', async () => {
    symlinkSync(pathOf('feed.ndjson'), pathOf('link.ndjson'));
    await expect(into('link.ndjson').transmit(['{}'], signal)).rejects.toThrow('cannot be written');
    await expect(into('no/such/folder').transmit(['{}'], signal)).rejects.toThrow(
      /^The file cannot be written\.$/,
    );
    rmSync(directory, { recursive: true });
  });
});

describe('the setting', () => {
  const https = { name: 'siem', form: 'ndjson', url: 'https://siem.example.com/in' };
  const tls = { name: 'siem', form: 'syslog', url: 'tls://siem.example.com:6514' };
  const file = { name: 'siem', form: 'ocsf', url: 'file:///var/log/proofline.ndjson' };

  it.each([https, tls, file, { ...https, form: 'otlp', kinds: ['decision.made'], from: 'now' }])(
    'takes %j',
    (setting) => {
      expect(ReceiverSetting.safeParse(setting).error).toBeUndefined();
    },
  );

  it.each([
    ['a stranger’s member', { ...https, verify: false }],
    ['plain http', { ...https, url: 'http://siem.example.com/in' }],
    ['plain http, even inside', { ...https, url: 'http://10.0.0.5/in', internal: true }],
    ['an address inside, unsaid', { ...https, url: 'https://10.0.0.5/in' }],
    ['an address inside, unsaid, over TLS', { ...tls, url: 'tls://10.0.0.5:6514' }],
    ['credentials in the address', { ...https, url: 'https://a:b@siem.example.com/in' }],
    ['credentials in the address, over TLS', { ...tls, url: 'tls://a@siem.example.com:6514' }],
    ['TLS without a port', { ...tls, url: 'tls://siem.example.com' }],
    ['TLS with a path', { ...tls, url: 'tls://siem.example.com:6514/in' }],
    ['plain syslog', { ...tls, url: 'tcp://siem.example.com:514' }],
    ['syslog over https', { ...https, form: 'syslog' }],
    ['OTLP into a file', { ...file, form: 'otlp' }],
    ['a file of another machine', { ...file, url: 'file://other/var/log/x' }],
    ['a folder', { ...file, url: 'file:///var/log/' }],
    ['a kind that there is not', { ...https, kinds: ['decision.unmade'] }],
    ['no kind at all', { ...https, kinds: [] }],
    ['a line break in the authorization', { ...https, authorization: 'a\r\nx: y' }],
    ['a certificate for https', { ...https, authority: 'x' }],
    ['a certificate that is none', { ...tls, authority: 'x' }],
    ['a key without its certificate', { ...tls, key: 'x' }],
    ['an authorization for syslog', { ...tls, authorization: 'Bearer x' }],
    ['a name that is none', { ...https, name: 'SIEM 1' }],
  ])('does not take %s', (_, setting) => {
    expect(ReceiverSetting.safeParse(setting).success).toBe(false);
  });

  it('names each receiver once, and not many', () => {
    expect(ReceiverSettings.safeParse([https, tls]).success).toBe(false);
    const many = Array.from({ length: 11 }, (_, at) => ({ ...https, name: `r${at}` }));
    expect(ReceiverSettings.safeParse(many).success).toBe(false);
  });
});
