import { bytesToBase64url } from '@proofline/kernel';
import { signInCookieLine } from '../../domain/sign-in-cookie.ts';
import type { ReceivedMessage } from '../bindings/read-message.ts';
import { postReply, redirect, type SamlReply } from '../bindings/reply.ts';
import { checkRequest } from '../checks/index.ts';
import { assertionConsumerFor } from '../domain/assertion-consumer.ts';
import { nameIdKindFor } from '../domain/name-id-format.ts';
import { demandOf, strongerLevel } from '../domain/requested-context.ts';
import { readAuthnRequest, type AuthnRequest } from '../messages/authn-request.ts';
import { writeFailure } from '../messages/write-response.ts';
import { bindings, type StatusName } from '../names.ts';
import { newMessageId, type SamlContext } from '../saml-context.ts';
import { SamlRefused } from '../saml-refused.ts';
import type { ServiceProvider } from '../service-provider.ts';
import { keepUnderWay } from '../store/under-way-rows.ts';
import { cookieOf, pushAuthorization, signInTtlSeconds } from './authorization.ts';
import type { PendingSignIn } from './pending-sign-in.ts';

/** Why a request that is genuine is answered without a sign-in, in this order. */
const answers: readonly {
  readonly status: StatusName;
  applies(request: AuthnRequest, provider: ServiceProvider): boolean;
}[] = [
  { status: 'requestDenied', applies: (_request, { isSuspended }) => isSuspended },
  { status: 'requestUnsupported', applies: ({ asksForMore }) => asksForMore },
  {
    status: 'unsupportedBinding',
    applies: ({ protocolBinding }) => protocolBinding !== bindings.post,
  },
  {
    status: 'invalidNameIdPolicy',
    applies: ({ nameIdFormat }) => nameIdKindFor(nameIdFormat) === undefined,
  },
  {
    status: 'noAuthnContext',
    applies: ({ requestedContext }) => demandOf(requestedContext) === undefined,
  },
];

/** To whom, in answer to what. */
export interface Answering {
  readonly consumerUrl: string;
  readonly inResponseTo: string;
  readonly relayState?: string | undefined;
}

/** Tells the service provider, signed, that there is no assertion, and why. */
export function failureReply(
  context: SamlContext,
  { consumerUrl, inResponseTo, relayState }: Answering,
  status: StatusName,
): SamlReply {
  const head = {
    id: newMessageId(context),
    issuer: context.addresses.entityId,
    destination: consumerUrl,
    inResponseTo,
    nowMs: context.clock.now(),
  };
  const xml = writeFailure(head, status, context.samlKeys.current());
  return postReply({ url: consumerUrl, kind: 'SAMLResponse', xml, relayState });
}

/** Checks the request; who sent it, and where its answer goes. @throws SamlRefused */
async function believe(context: SamlContext, received: ReceivedMessage) {
  const message = readAuthnRequest(received.root);
  const provider = await context.serviceProviders.find(message.issuer);
  if (!provider) throw new SamlRefused('issuer');
  try {
    await checkRequest('signIn', {
      received,
      message,
      provider,
      endpoint: context.addresses.signIn,
      nowMs: context.clock.now(),
      remember: context.replayStore.remember,
    });
    const consumerUrl = assertionConsumerFor(provider, message);
    if (consumerUrl === undefined) throw new SamlRefused('assertion-consumer');
    return { message, provider, consumerUrl };
  } catch (error) {
    if (error instanceof SamlRefused) {
      await context.noteRefused({ provider, because: error.check });
    }
    throw error;
  }
}

/** What the sign-in must be, by the request and by the operator's own policy. */
function pendingFor(
  context: SamlContext,
  { message, provider }: { readonly message: AuthnRequest; readonly provider: ServiceProvider },
  answering: Answering,
): PendingSignIn {
  const demand = demandOf(message.requestedContext) ?? { acr: undefined, stateOneOf: [] };
  const acr = strongerLevel(demand.acr, provider.requiredAcr);
  const { maxAgeSeconds } = provider;
  const nowSeconds = Math.floor(context.clock.now() / 1000);
  return {
    ...answering,
    applicationId: provider.applicationId,
    entityId: provider.entityId,
    nameIdKind: nameIdKindFor(message.nameIdFormat) ?? 'persistent',
    stateOneOf: [...demand.stateOneOf],
    ...(acr && { acr }),
    ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }),
    ...(message.forceAuthn && { provedAfterSeconds: nowSeconds }),
    nonce: bytesToBase64url(context.random.bytes(24)),
  };
}

/**
 * An `<AuthnRequest>` goes on at the one sign-in that there is: our own OpenID provider, with the level
 * and the age that are demanded. @throws SamlRefused
 */
export async function beginSignIn(
  context: SamlContext,
  received: ReceivedMessage,
): Promise<SamlReply> {
  const { message, provider, consumerUrl } = await believe(context, received);
  const { relayState } = received;
  const answering = { consumerUrl, inResponseTo: message.id, relayState };
  const answer = answers.find(({ applies }) => applies(message, provider));
  if (answer) {
    await context.noteRefused({ provider, because: answer.status });
    return failureReply(context, answering, answer.status);
  }
  const pending = pendingFor(context, { message, provider }, answering);
  const id = await keepUnderWay(context, {
    kind: 'sign-in',
    payload: pending,
    ttlMs: signInTtlSeconds * 1000,
  });
  const url = await pushAuthorization(context, { id, pending, isPassive: message.isPassive });
  return redirect(url, [signInCookieLine(context.cookieKeys, cookieOf(id), signInTtlSeconds)]);
}
