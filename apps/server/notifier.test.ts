import { createServer, type Server, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createWebhookNotifier } from './notifier.ts';

let carrier: Server;
afterEach(() => {
  vi.restoreAllMocks();
  carrier.closeAllConnections();
  carrier.close();
});

async function open(answer: (outgoing: ServerResponse) => void) {
  const heard: { path: string; authorization: string; body: unknown }[] = [];
  carrier = createServer((incoming, outgoing) => {
    let text = '';
    incoming.on('data', (chunk) => (text += String(chunk)));
    incoming.on('end', () => {
      const { authorization = '' } = incoming.headers;
      heard.push({ path: incoming.url ?? '', authorization, body: JSON.parse(text) });
      answer(outgoing);
    });
  });
  await new Promise<void>((resolve) => carrier.listen(0, '127.0.0.1', resolve));
  const address = carrier.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const notifier = createWebhookNotifier({ url: `http://127.0.0.1:${port}/in`, secret: 's3cret' });
  return { heard, send: () => notifier.send(message) };
}
const message = {
  messageId: 'msg_1',
  to: { kind: 'sms' as const, address: '+44 7700 900000' },
  text: 'Please confirm.',
  link: 'https://customers.example/confirm/1',
} as unknown as Parameters<ReturnType<typeof createWebhookNotifier>['send']>[0]; // a short id, for reading

describe('the webhook notifier', () => {
  it('hands over just the message, with its secret as a bearer', async () => {
    const { heard, send } = await open((outgoing) => outgoing.writeHead(202).end('taken'));
    await send();
    expect(heard).toEqual([{ path: '/in', authorization: 'Bearer s3cret', body: message }]);
  });

  it.each([400, 401, 429, 500, 503])(
    'takes %i for not sent, and tells nothing of the message',
    async (status) => {
      const { send } = await open((outgoing) => outgoing.writeHead(status).end('+44 7700 900000'));
      await expect(send()).rejects.toThrow(`the carrier answered ${status}`);
      await expect(send()).rejects.not.toThrow(/7700|s3cret/);
    },
  );

  it('follows no redirect: address and secret go nowhere else', async () => {
    const { heard, send } = await open((outgoing) =>
      outgoing.writeHead(307, { location: '/elsewhere' }).end(),
    );
    await expect(send()).rejects.toThrow('fetch failed');
    expect(heard.map(({ path }) => path)).toEqual(['/in']);
  });

  it('gives up on a carrier that does not answer within 5 s', async () => {
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.timeout(50));
    const { send } = await open(() => {});
    await expect(send()).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(timeout).toHaveBeenCalledWith(5_000);
  });
});
