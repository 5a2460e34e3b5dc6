import { z } from 'zod';
import { idOf } from '@proofline/protocol';
import { plainPage, postReply, redirectReply, type SamlReply } from '../bindings/reply.ts';
import { writeLogoutRequest, writeLogoutResponse } from '../messages/logout-messages.ts';
import { signXml } from '../messages/sign-xml.ts';
import { newMessageId, type SamlContext } from '../saml-context.ts';
import {
  browserLogoutOf,
  soapLogoutOf,
  type BrowserLogoutEndpoint,
  type ServiceProvider,
} from '../service-provider.ts';
import type { ParticipantRow } from '../store/tables.ts';
import { keepUnderWay } from '../store/under-way-rows.ts';

const Participant = z.object({
  sessionId: idOf('ses'),
  applicationId: z.string(),
  nameId: z.string(),
  nameIdKind: z.enum(['persistent', 'transient']),
  sessionIndex: z.string(),
});
type Participant = z.infer<typeof Participant>;

/** A single logout on its way from one service provider to the next; written and read by this room. */
export const LogoutProcess = z.object({
  /** Who asked for it, and is answered last; absent when it began here. */
  origin: z
    .object({
      applicationId: z.string(),
      requestId: z.string(),
      relayState: z.string().optional(),
    })
    .optional(),
  remaining: z.array(Participant),
  /** Whose answer the browser will bring. */
  awaited: z
    .object({ applicationId: z.string(), requestId: z.string(), sessionId: idOf('ses') })
    .optional(),
  /** Names of those where the person may still be signed in. */
  left: z.array(z.string()),
});
export type LogoutProcess = z.infer<typeof LogoutProcess>;

const processTtlMs = 10 * 60_000;

export const participantOf = (row: ParticipantRow): Participant => ({
  sessionId: row.session_id,
  applicationId: row.application_id,
  nameId: row.name_id,
  nameIdKind: row.name_id_kind,
  sessionIndex: row.session_index,
});

interface Message {
  readonly endpoint: BrowserLogoutEndpoint;
  readonly url: string;
  readonly kind: 'SAMLRequest' | 'SAMLResponse';
  readonly xml: string;
  readonly relayState: string | undefined;
}

/** By the binding that the service provider registered, signed in either. */
function send(context: SamlContext, { endpoint, ...message }: Message): SamlReply {
  const key = context.samlKeys.current();
  if (endpoint.binding === 'redirect') return redirectReply(message, key);
  const element = message.kind === 'SAMLRequest' ? 'LogoutRequest' : 'LogoutResponse';
  return postReply({ ...message, xml: signXml(message.xml, element, key) });
}

const headFor = (context: SamlContext, destination: string) => ({
  id: newMessageId(context),
  issuer: context.addresses.entityId,
  destination,
  nowMs: context.clock.now(),
});

async function ask(
  context: SamlContext,
  process: LogoutProcess,
  next: { readonly participant: Participant; readonly provider: ServiceProvider },
): Promise<SamlReply | undefined> {
  const { participant, provider } = next;
  const endpoint = browserLogoutOf(provider);
  if (!endpoint) return undefined;
  const head = headFor(context, endpoint.url);
  const { sessionId, applicationId } = participant;
  const relayState = await keepUnderWay(context, {
    kind: 'logout',
    payload: { ...process, awaited: { applicationId, requestId: head.id, sessionId } },
    ttlMs: processTtlMs,
  });
  const xml = writeLogoutRequest(head, { ...participant, audience: provider.entityId });
  return send(context, { endpoint, url: endpoint.url, kind: 'SAMLRequest', xml, relayState });
}

async function answerOrigin(context: SamlContext, process: LogoutProcess): Promise<SamlReply> {
  const { origin, left } = process;
  const provider =
    origin && (await context.serviceProviders.findByApplication(origin.applicationId));
  const endpoint = provider && browserLogoutOf(provider);
  if (!origin || !endpoint) return signedOutPage(left);
  const url = endpoint.responseUrl ?? endpoint.url;
  const head = { ...headFor(context, url), inResponseTo: origin.requestId };
  const xml = writeLogoutResponse(head, left.length === 0 ? 'success' : 'partialLogout');
  const { relayState } = origin;
  return send(context, { endpoint, url, kind: 'SAMLResponse', xml, relayState });
}

function signedOutPage(left: readonly string[]): SamlReply {
  if (left.length === 0) return plainPage('You are signed out', 'You are signed out everywhere.');
  const text = `You may still be signed in at: ${left.join(', ')}. Sign out there, too.`;
  return plainPage('You are signed out here', text);
}

/** The next service provider that can be told by way of the browser; at the end, who asked. */
export async function goOn(context: SamlContext, process: LogoutProcess): Promise<SamlReply> {
  const left = [...process.left];
  for (const [index, participant] of process.remaining.entries()) {
    const provider = await context.serviceProviders.findByApplication(participant.applicationId);
    // Removed since: nobody knows where it is.
    if (!provider) continue;
    // The end of the session has it told from here, which needs no browser.
    if (soapLogoutOf(provider) !== undefined) continue;
    const rest = { ...process, left, remaining: process.remaining.slice(index + 1) };
    const reply = await ask(context, rest, { participant, provider });
    if (reply) return reply;
    left.push(provider.name);
  }
  return answerOrigin(context, { ...process, left, remaining: [] });
}
