import type { Id } from '@proofline/kernel';
import { endSession } from '../../commands/end-session.ts';
import type { ReceivedMessage } from '../bindings/read-message.ts';
import type { SamlReply } from '../bindings/reply.ts';
import { checkRequest } from '../checks/index.ts';
import { readLogoutRequest, readLogoutResponse } from '../messages/logout-messages.ts';
import type { SamlContext } from '../saml-context.ts';
import { SamlRefused } from '../saml-refused.ts';
import type { ServiceProvider } from '../service-provider.ts';
import { findOthers, findParticipants, noteLeft } from '../store/participant-rows.ts';
import { keepUnderWay, readUnderWay, takeUnderWay } from '../store/under-way-rows.ts';
import { goOn, LogoutProcess, participantOf } from './logout-process.ts';

async function check(
  context: SamlContext,
  received: ReceivedMessage,
  facts: {
    readonly message: ReturnType<typeof readLogoutRequest> | ReturnType<typeof readLogoutResponse>;
    readonly provider: ServiceProvider;
  },
): Promise<void> {
  try {
    await checkRequest('logout', {
      ...facts,
      received,
      endpoint: context.addresses.logout,
      nowMs: context.clock.now(),
      remember: context.replayStore.remember,
    });
  } catch (error) {
    if (error instanceof SamlRefused) {
      await context.noteRefused({ provider: facts.provider, because: error.check });
    }
    throw error;
  }
}

/** A service provider says that its user signs out: the session ends here, then everywhere else. */
async function answerRequest(context: SamlContext, received: ReceivedMessage): Promise<SamlReply> {
  const message = readLogoutRequest(received.root, context.clock.now());
  const provider = await context.serviceProviders.find(message.issuer);
  if (!provider) throw new SamlRefused('issuer');
  await check(context, received, { message, provider });
  const { applicationId } = provider;
  const participants = await findParticipants(context, { ...message, applicationId });
  const sessionIds = [...new Set(participants.map((row) => row.session_id))];
  for (const row of participants) await noteLeft(context, row);
  const others = await findOthers(context, sessionIds);
  for (const sessionId of sessionIds) {
    await endSession(context, sessionId, { because: 'signed-out' });
  }
  const { relayState } = received;
  return goOn(context, {
    // One that is unknown, or over, is answered in the same way: it tells nothing about anybody.
    origin: { applicationId, requestId: message.id, ...(relayState && { relayState }) },
    remaining: others.map(participantOf),
    left: [],
  });
}

/** A service provider answers our request by way of the browser: on to the next one. */
async function takeResponse(context: SamlContext, received: ReceivedMessage): Promise<SamlReply> {
  const id = received.relayState ?? '';
  const known = LogoutProcess.safeParse(await readUnderWay(context, 'logout', id)).data;
  const { awaited } = known ?? {};
  if (!awaited) throw new SamlRefused('continuation');
  const message = readLogoutResponse(received.root);
  const provider = await context.serviceProviders.findByApplication(awaited.applicationId);
  const isAwaited =
    provider?.entityId === message.issuer && message.inResponseTo === awaited.requestId;
  if (!provider || !isAwaited) throw new SamlRefused('in-response-to');
  await check(context, received, { message, provider });
  const process = LogoutProcess.safeParse(await takeUnderWay(context, 'logout', id)).data;
  if (!process) throw new SamlRefused('continuation');
  if (message.isSuccess) {
    await noteLeft(context, {
      session_id: awaited.sessionId,
      application_id: awaited.applicationId,
    });
  }
  const left = message.isSuccess ? process.left : [...process.left, provider.name];
  return goOn(context, { ...process, left });
}

/** A message of single logout, whichever it is. @throws SamlRefused */
export function takeLogoutMessage(
  context: SamlContext,
  received: ReceivedMessage,
): Promise<SamlReply> {
  return received.kind === 'SAMLRequest'
    ? answerRequest(context, received)
    : takeResponse(context, received);
}

/**
 * After somebody has signed out here: the address at which their browser goes round the service
 * providers of that session; `undefined` where there are none.
 */
export async function prepareLogout(
  context: SamlContext,
  sessionId: Id<'ses'>,
): Promise<string | undefined> {
  const others = await findOthers(context, [sessionId]);
  if (others.length === 0) return undefined;
  const id = await keepUnderWay(context, {
    kind: 'logout',
    payload: { remaining: others.map(participantOf), left: [] } satisfies LogoutProcess,
    ttlMs: 60_000,
  });
  return `${context.staffOrigin}/saml/signed-out?id=${id}`;
}

/** The browser sets out on the round that {@link prepareLogout} prepared. @throws SamlRefused */
export async function beginLogout(context: SamlContext, id: string): Promise<SamlReply> {
  const process = LogoutProcess.safeParse(await takeUnderWay(context, 'logout', id)).data;
  if (!process || process.awaited) throw new SamlRefused('continuation');
  return goOn(context, process);
}
