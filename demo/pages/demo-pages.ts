import { timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { z } from 'zod';
import { mountPortal } from '../portal/mount-portal.ts';
import type { PortalSettings } from '../portal/relying-party.ts';
import type { ServiceClient } from '../actors/service-client.ts';

const PhoneMessage = z.object({
  to: z.string(),
  owner: z.string(),
  text: z.string(),
  link: z.string().optional(),
  receivedAtMs: z.number(),
});

/** A message as it arrived on a simulated phone. */
export type PhoneMessage = z.infer<typeof PhoneMessage>;

export interface DemoPagesOptions {
  readonly port: number;
  /** Where the phones keep their messages between two starts. */
  readonly messagesFile: string;
  /** Where the softphone keeps its calls: a call outlives a restart. */
  readonly callsFile: string;
  readonly notifierSecret: string;
  /** The telephone system's own account at Proofline. */
  readonly telephony: () => Promise<ServiceClient>;
  readonly agents: () => Promise<
    readonly { subjectId: string; displayName: string; desk: string }[]
  >;
  readonly ownerOf: (address: string) => string;
  /** The company’s portal for its customers; absent: there is none. */
  readonly portal?: PortalSettings | undefined;
}

const Call = z.object({ interactionId: z.string(), agentName: z.string(), ended: z.boolean() });
type Call = z.infer<typeof Call>;

const MESSAGES_MAX = 500;
const CALLS_MAX = 50;
const Inbound = z.object({
  to: z.object({ kind: z.string(), address: z.string() }),
  text: z.string(),
  link: z.string().optional(),
});
const FILES = {
  '/demo.css': 'text/css',
  '/softphone.js': 'text/javascript',
  '/phone.js': 'text/javascript',
  '/watch.js': 'text/javascript',
  '/icon.svg': 'image/svg+xml',
} as const;

/** The pages around the product: a softphone that rings agents, and the customers' phones. */
export async function startDemoPages(
  options: DemoPagesOptions,
): Promise<{ readonly messages: readonly PhoneMessage[]; close(): Promise<void> }> {
  const messages = kept(options.messagesFile, PhoneMessage);
  const app = new Hono();
  mountFiles(app);
  mountPhone(app, options, messages);
  mountSoftphone(app, options);
  if (options.portal) mountPortal(app, options.portal);
  const server = createAdaptorServer({ fetch: app.fetch });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  return { messages, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

function kept<T>(file: string, schema: z.ZodType<T>): T[] {
  if (!existsSync(file)) return [];
  return z.array(schema).parse(JSON.parse(readFileSync(file, 'utf8')));
}

function keep(file: string, list: readonly unknown[]): void {
  writeFileSync(file, JSON.stringify(list), { mode: 0o600 });
}

function mountFiles(app: Hono): void {
  const read = (name: string) => readFileSync(new URL(`public${name}`, import.meta.url), 'utf8');
  for (const [name, type] of Object.entries(FILES)) {
    app.get(name, (c) => c.body(read(name), 200, { 'content-type': `${type}; charset=utf-8` }));
  }
  for (const page of ['softphone', 'phone'])
    app.get(`/${page}`, (c) => c.html(read(`/${page}.html`)));
  app.get('/', (c) => c.redirect('/softphone'));
}

function mountPhone(app: Hono, options: DemoPagesOptions, messages: PhoneMessage[]): void {
  const expected = Buffer.from(`Bearer ${options.notifierSecret}`);
  app.post('/phone/inbox', async (c) => {
    const given = Buffer.from(c.req.header('authorization') ?? '');
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      return c.body(null, 401);
    const { to, text, link } = Inbound.parse(await c.req.json());
    const owner = options.ownerOf(to.address);
    messages.unshift({ to: to.address, owner, text, link, receivedAtMs: Date.now() });
    messages.splice(MESSAGES_MAX);
    keep(options.messagesFile, messages);
    return c.body(null, 204);
  });
  app.get('/phone/messages', (c) => c.json({ messages }));
}

function mountSoftphone(app: Hono, options: DemoPagesOptions): void {
  const calls = kept(options.callsFile, Call);
  app.get('/softphone/state', async (c) => c.json({ agents: await options.agents(), calls }));
  app.post('/softphone/ring', async (c) => {
    const { agentId } = z.object({ agentId: z.string() }).parse(await c.req.json());
    const agent = (await options.agents()).find((one) => one.subjectId === agentId);
    const telephony = await options.telephony();
    const externalId = crypto.randomUUID();
    const answer = await telephony.call('POST', '/api/interactions', {
      externalId,
      channel: 'call',
      agentId,
    });
    if (answer.status !== 201) return c.json({ message: refusedText(answer) }, 502);
    const { interactionId } = answer.body as { interactionId: string }; // the contract's form
    calls.unshift({ interactionId, agentName: agent?.displayName ?? agentId, ended: false });
    calls.splice(CALLS_MAX);
    keep(options.callsFile, calls);
    return c.json({ message: `It rings at ${agent?.displayName ?? agentId}.` });
  });
  app.post('/softphone/hang-up', async (c) => {
    const { interactionId } = z.object({ interactionId: z.string() }).parse(await c.req.json());
    const answer = await (
      await options.telephony()
    ).call('POST', `/api/interactions/${interactionId}/hang-up`);
    for (const call of calls) if (call.interactionId === interactionId) call.ended = true;
    keep(options.callsFile, calls);
    return c.json({
      message: answer.status === 204 ? 'Hung up.' : refusedText(answer),
    });
  });
}

/** A refusal as Proofline says it (RFC 9457). */
function refusedText({
  body,
  status,
}: {
  readonly body: unknown;
  readonly status: number;
}): string {
  const { data } = z.object({ title: z.string() }).safeParse(body);
  return `Refused: ${data?.title ?? `status ${status}`}`;
}
