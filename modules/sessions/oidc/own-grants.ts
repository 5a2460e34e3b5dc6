import { isId } from '@proofline/kernel';
import type { AdapterPayload, KoaContextWithOIDC } from 'oidc-provider';
import { commandLineClientId, consoleClientId, samlClientId } from './clients.ts';

/**
 * Clients of our own, whose grant says nothing that is not known without it: the operator gave it when the
 * server was built. What an issued code or token is worth hangs on the session, and never on this.
 */
const OWN: ReadonlySet<string> = new Set([consoleClientId, commandLineClientId, samlClientId]);
const scope = 'openid';
const form = /^own:([\w-]+):(stf_\w+):([\w-]+)$/;

type Grant = InstanceType<KoaContextWithOIDC['oidc']['provider']['Grant']>;

/** The grant of one of our own clients, which is kept nowhere; `undefined` for every other client. */
export function ownGrant(ctx: KoaContextWithOIDC): Grant | undefined {
  const { session, client, provider, account } = ctx.oidc;
  if (!session || !client || !account || !OWN.has(client.clientId)) return undefined;
  const { accountId } = account;
  if (!isId('stf', accountId)) return undefined;
  const { clientId } = client;
  // One for each session: a code that comes again ends what was given in its session, and in no other.
  const grant = new provider.Grant({ accountId, clientId });
  grant.jti = `own:${clientId}:${accountId}:${session.uid}`;
  grant.addOIDCScope(scope);
  return grant;
}

/** What the library would find under the id of such a grant. */
export function readOwnGrant(id: string): AdapterPayload | undefined {
  const [, clientId = '', accountId = ''] = form.exec(id) ?? [];
  if (!OWN.has(clientId)) return undefined;
  return { kind: 'Grant', jti: id, clientId, accountId, openid: { scope } };
}
