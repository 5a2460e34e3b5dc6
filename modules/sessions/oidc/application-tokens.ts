import { oidcSettingsOf } from '../applications/domain/oidc-settings-of.ts';
import { isId } from '@proofline/kernel';
import {
  errors,
  type Client,
  type Configuration,
  type KoaContextWithOIDC,
  type ResourceServer,
} from 'oidc-provider';
import type { SessionsContext } from '../context.ts';
import { grantTtlSeconds } from '../domain/grant-request.ts';
import { findUsable } from './application-client.ts';
import { findSubjectSession } from './sync-session.ts';

/**
 * What a token of an application for an API of others is: opaque, so that a suspended application and an
 * ended session are worth nothing at the next question of that API (P6), and not only when it runs out.
 *
 * @throws InvalidTarget where the application is not registered to ask for it
 */
export async function resourceForApplication(
  context: SessionsContext,
  clientId: string,
  resource: string,
): Promise<ResourceServer> {
  const application = await findUsable(context, clientId);
  if (!oidcSettingsOf(application)?.asksFor?.includes(resource)) throw new errors.InvalidTarget();
  const accessTokenTTL = grantTtlSeconds;
  return { scope: '', audience: resource, accessTokenFormat: 'opaque', accessTokenTTL };
}

type Policy = NonNullable<
  NonNullable<NonNullable<Configuration['features']>['introspection']>['allowedPolicy']
>;

/**
 * Who is told what a token is worth (RFC 7662 §2.1): the application that it was issued to, and the one
 * that serves the API that it is for. Everybody else reads that it is worth nothing (P9), and so does
 * everybody once its session, its colleague or its application is over.
 */
export function mayIntrospectWith(context: SessionsContext): Policy {
  return async (_ctx: KoaContextWithOIDC, client: Client, token) => {
    const asker = await findUsable(context, client.clientId);
    if (!asker || client.clientAuthMethod === 'none' || !('accountId' in token)) return false;
    const issuedTo = await findUsable(context, token.clientId);
    if (!issuedTo || !('aud' in token) || typeof token.sessionUid !== 'string') return false;
    const isOwn = issuedTo.applicationId === asker.applicationId;
    const isServed = [token.aud]
      .flat()
      .some((api) => api !== undefined && oidcSettingsOf(asker)?.serves?.includes(api));
    if (!isOwn && !isServed) return false;
    const session = await findSubjectSession(context, token.sessionUid, token.accountId);
    return session !== undefined;
  };
}

/** An application gives its own tokens back, and nobody else’s (RFC 7009 §2.1). */
export const mayRevoke: Policy = (_ctx, client, token) =>
  isId('app', client.clientId) && token.clientId === client.clientId;
