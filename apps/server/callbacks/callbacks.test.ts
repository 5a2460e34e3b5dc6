import { createServer, type Server, type ServerResponse } from 'node:http';
import { newId, systemClock, systemRandom } from '@proofline/kernel';
import { afterEach, describe, expect, it } from 'vitest';
import { CallbackTarget } from './callback-target.ts';
import { createCallbacks } from './create-callbacks.ts';
import { isInternalAddress } from './internal-address.ts';
import type { Resolve } from './post-guarded.ts';
import { createPostLogout, createPostSoap } from './post-logout.ts';
import { createPostPing } from './post-ping.ts';

let listener: Server | undefined;
afterEach(() => {
  listener?.closeAllConnections();
  listener?.close();
});

async function listen(answer: (outgoing: ServerResponse) => void) {
  const heard: { path: string; authorization: string; body: unknown }[] = [];
  listener = createServer((incoming, outgoing) => {
    let text = '';
    incoming.on('data', (chunk) => (text += String(chunk)));
    incoming.on('end', () => {
      const { authorization = '' } = incoming.headers;
      heard.push({ path: incoming.url ?? '', authorization, body: JSON.parse(text) });
      answer(outgoing);
    });
  });
  await new Promise<void>((resolve) => listener?.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { heard, port };
}

const ports = { clock: systemClock, random: systemRandom };
const taskId = newId('arq', ports);
const loopback: Resolve = async () => [{ address: '127.0.0.1', family: 4 }];
const callbacksFor = (targets: readonly object[], resolve?: Resolve) =>
  createCallbacks({
    targets: new Map([['svc_a', targets.map((target) => CallbackTarget.parse(target))]]),
    staffOrigin: 'https://staff.example',
    sign: async ({ endpoint, body }) => `signed:${endpoint}:${body.length}`,
    ...(resolve && { resolve }),
  });
const noticeTo = (endpoint: string) => ({
  endpoint,
  serviceId: 'svc_a',
  taskId,
  status: 'approved' as const,
  state: 'flow-7',
});

describe('a callback', () => {
  it('says which task ended, signed for its address and body, and nothing else', async () => {
    const { heard, port } = await listen((outgoing) => outgoing.writeHead(204).end());
    const url = `http://pep.localhost:${port}/ended`;
    await callbacksFor([{ url, internal: true }], loopback).send(noticeTo(url));
    const status_endpoint = `https://staff.example/access/v1/requests/${taskId}`;
    const body = { state: 'flow-7', task: { id: taskId, status: 'approved', status_endpoint } };
    const authorization = `Bearer signed:${url}:${JSON.stringify(body).length}`;
    expect(heard).toEqual([{ path: '/ended', authorization, body }]);
  });

  it.each([301, 307, 400, 500])(
    'answered with %i is not told, and led nowhere else',
    async (code) => {
      const { heard, port } = await listen((outgoing) =>
        outgoing.writeHead(code, { location: '/elsewhere' }).end('x'.repeat(100_000)),
      );
      const url = `http://pep.localhost:${port}/ended`;
      const sending = callbacksFor([{ url, internal: true }], loopback).send(noticeTo(url));
      await expect(sending).rejects.toThrow(`answered with ${code}`);
      expect(heard.map(({ path }) => path)).toEqual(['/ended']);
    },
  );

  it('goes to no address that is not registered for this very service', async () => {
    const url = 'https://pep.example/ended';
    const publicly: Resolve = async () => [{ address: '93.184.215.14', family: 4 }];
    const callbacks = callbacksFor([{ url }], publicly);
    const may = (endpoint: string, serviceId = 'svc_a') =>
      callbacks.isAllowed({ endpoint, serviceId });
    expect(await may(url)).toBe(true);
    expect(await may(url, 'svc_b')).toBe(false);
    for (const other of ['/', '?x', '#x', ':443/ended', 'x', '/..']) {
      expect(await may(`${url}${other}`)).toBe(false);
    }
    await expect(callbacks.send(noticeTo(`${url}/x`))).rejects.toThrow('registered no more');
  });

  it('goes nowhere once its name leads inside, whatever it led to before', async () => {
    const { heard, port } = await listen((outgoing) => outgoing.writeHead(204).end());
    const url = `https://pep.example:${port}/ended`;
    let asked = 0;
    const rebinding: Resolve = async () => {
      asked += 1;
      const outside = { address: '93.184.215.14', family: 4 };
      return asked === 1 ? [outside] : [outside, { address: '127.0.0.1', family: 4 }];
    };
    const callbacks = callbacksFor([{ url }], rebinding);
    expect(await callbacks.isAllowed({ endpoint: url, serviceId: 'svc_a' })).toBe(true);
    await expect(callbacks.send(noticeTo(url))).rejects.toThrow('no address');
    expect(heard).toEqual([]);
  });
});

describe('a logout token', () => {
  it('goes as a form to where it is registered, and inside only where the operator said so', async () => {
    const heard: string[] = [];
    listener = createServer((incoming, outgoing) => {
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk: string) => heard.push(chunk));
      incoming.on('end', () => outgoing.writeHead(200).end());
    });
    await new Promise<void>((resolve) => listener?.listen(0, '127.0.0.1', resolve));
    const address = listener.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const origin = `http://127.0.0.1:${port}`;
    const url = `${origin}/signed-out`;
    const sent = { url, token: 'a.b.c' };
    await expect(createPostLogout([], loopback)(sent)).rejects.toThrow('not https');
    const named = `https://tool.example:${port}/`;
    const rebound = createPostLogout([], loopback)({ url: named, token: 'a.b.c' });
    await expect(rebound).rejects.toThrow('no address');
    expect(heard).toEqual([]);
    await createPostLogout([origin], loopback)(sent);
    expect(heard).toEqual(['logout_token=a.b.c']);
  });
  it('of SAML goes the same way, and no more of its answer is read than one can have', async () => {
    let answer = '<Envelope/>';
    listener = createServer((_, outgoing) => outgoing.end(answer));
    await new Promise<void>((resolve) => listener?.listen(0, '127.0.0.1', resolve));
    const address = listener.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const sent = { url: `http://127.0.0.1:${port}/soap`, envelope: '<Envelope/>' };
    await expect(createPostSoap([], loopback)(sent)).rejects.toThrow('not https');
    const post = createPostSoap([`http://127.0.0.1:${port}`], loopback);
    expect(await post(sent)).toBe(answer);
    answer = ' '.repeat(40_001);
    await expect(post(sent)).rejects.toThrow('too long');
  });
});

describe('an internal address', () => {
  it.each(
    [
      '0.0.0.0 10.1.2.3 100.64.0.1 127.9.9.9 169.254.169.254 172.31.0.1 192.168.1.1 198.18.0.1',
      '203.0.113.7 224.0.0.1 255.255.255.255 :: ::1 ::ffff:93.184.215.14 fe80::1 fd00::1 ff02::1',
      '64:ff9b::a00:1 2001:db8::1 2002:a00:1:: 2001:0:1:: name.example 1.2.3',
    ].flatMap((line) => line.split(' ')),
  )('is %s', (address) => {
    expect(isInternalAddress(address)).toBe(true);
  });

  it.each(['8.8.8.8', '93.184.215.14', '2606:4700::1111', '2a00:1450:4001::1'])(
    'is not %s',
    (address) => {
      expect(isInternalAddress(address)).toBe(false);
    },
  );
});

describe('the setting', () => {
  it.each([
    ['http://pep.example/ended', false],
    ['http://pep.example/ended', true],
    ['https://user:word@pep.example/', false],
    ['https://pep.example/#part', false],
    ['https://PEP.example/', false],
    ['https://pep.example', false],
    ['https://10.0.0.5/', false],
    ['https://[::1]/', false],
    ['https://localhost/', false],
    ['ftp://pep.example/', false],
    ['nonsense', true],
  ])('does not take %s (internal: %s)', (url, internal) => {
    expect(CallbackTarget.safeParse({ url, internal }).success).toBe(false);
  });

  it('takes an internal address where the operator says so', () => {
    expect(CallbackTarget.safeParse({ url: 'https://10.0.0.5/', internal: true }).success).toBe(
      true,
    );
    expect(CallbackTarget.safeParse({ url: 'https://pep.example/' }).success).toBe(true);
  });
});

describe('a ping to an application', () => {
  const told = { token: 'its-own', authReqId: 'A'.repeat(43) };

  it('goes over https alone, and inside only where the operator lets it', async () => {
    const { heard, port } = await listen((outgoing) => outgoing.writeHead(204).end());
    const plain = `http://tool.localhost:${port}`;
    const post = createPostPing([plain], loopback);
    await expect(post({ ...told, url: `${plain}/answered` })).rejects.toThrow(/https/);
    const inside = `https://tool.localhost:${port}`;
    const stranger = createPostPing([], loopback);
    await expect(stranger({ ...told, url: `${inside}/answered` })).rejects.toThrow(/connected/);
    expect(heard).toEqual([]);
  });
});
