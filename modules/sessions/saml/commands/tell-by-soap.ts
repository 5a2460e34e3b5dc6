import type { Id } from '@proofline/kernel';
import { writeLogoutRequest, readLogoutResponse } from '../messages/logout-messages.ts';
import { signXml } from '../messages/sign-xml.ts';
import { inEnvelope, messageInEnvelope } from '../messages/soap-envelope.ts';
import { newMessageId, type SamlContext } from '../saml-context.ts';
import { soapLogoutOf, type ServiceProvider } from '../service-provider.ts';
import { findOthers, noteLeft } from '../store/participant-rows.ts';
import { participantOf } from './logout-process.ts';

/** Where a session was used that has ended. */
export interface EndedAt {
  readonly applicationId: string;
  readonly sessionId: Id<'ses'>;
}

/** Answers whether there is anybody to tell; throws unless they said that it is over there. */
export type TellOfLogout = (ended: EndedAt) => Promise<boolean>;

/**
 * Tells a service provider of a session that has ended, from here (saml-profiles-2.0-os §4.4 by the SOAP
 * binding): without a browser, and so however it ended. Whose answer it is, TLS says.
 */
export function createTellBySoap(context: SamlContext): TellOfLogout {
  return async ({ applicationId, sessionId }) => {
    const provider = await context.serviceProviders.findByApplication(applicationId);
    const url = provider && soapLogoutOf(provider);
    if (!provider || url === undefined) return false;
    const rows = await findOthers(context, [sessionId]);
    const here = rows.filter((row) => row.application_id === applicationId);
    // One name each: a person may have come under a lasting one, and under one of the session.
    for (const row of here) await tell(context, { provider, url, participant: participantOf(row) });
    if (here.length > 0)
      await noteLeft(context, { session_id: sessionId, application_id: applicationId });
    return here.length > 0;
  };
}

async function tell(
  context: SamlContext,
  to: {
    readonly provider: ServiceProvider;
    readonly url: string;
    readonly participant: ReturnType<typeof participantOf>;
  },
): Promise<void> {
  const { clock, addresses, samlKeys } = context;
  const id = newMessageId(context);
  const head = { id, issuer: addresses.entityId, destination: to.url, nowMs: clock.now() };
  const xml = writeLogoutRequest(head, { ...to.participant, audience: to.provider.entityId });
  const signed = signXml(xml, 'LogoutRequest', samlKeys.current());
  const answer = await context.postSoap({ url: to.url, envelope: inEnvelope(signed) });
  const response = readLogoutResponse(messageInEnvelope(answer));
  const isAnswer = response.inResponseTo === id && response.issuer === to.provider.entityId;
  if (!isAnswer || !response.isSuccess) throw new Error('the session was not ended there');
}
