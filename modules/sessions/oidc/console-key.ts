import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { refuseUse } from '../commands/refuse-use.ts';
import type { SessionsContext } from '../context.ts';
import { findLiveRow } from '../find-live.ts';
import { findConsoleKey } from '../store/session-key-rows.ts';
import { consoleClientId } from './clients.ts';

/** With which DPoP key the console pushed a request; `undefined` for every other client. */
export function consoleKeyOf(params: Readonly<Record<string, unknown>>): string | undefined {
  const { client_id: clientId, dpop_jkt: thumbprint } = params;
  if (clientId !== consoleClientId || typeof thumbprint !== 'string') return undefined;
  return thumbprint;
}

/**
 * The console asks in frames of its own pages. A request that another page, or a link in a message, has
 * made is for somebody’s key whom the person at the passkey does not see. Browsers that say where a
 * request comes from (Fetch Metadata §2.1) say so here.
 */
function refuseElsewhere(ctx: KoaContextWithOIDC): void {
  const site = ctx.get('sec-fetch-site');
  if (site === '' || site === 'same-origin') return;
  throw new errors.AccessDenied('the console asks from its own pages only');
}

/**
 * Whether the console asks to go on in a session whose passkey answered for another key, or for none:
 * a copy of the cookie in another browser, or a browser that has lost its key. Either takes a passkey.
 */
export async function asksWithForeignKey(
  context: SessionsContext,
  ctx: KoaContextWithOIDC,
): Promise<boolean> {
  const { client, params, result, session } = ctx.oidc;
  if (client?.clientId !== consoleClientId || result?.login) return false;
  refuseElsewhere(ctx);
  if (!session?.accountId) return false;
  const row = await findLiveRow(context, { oidc_uid: session.uid });
  if (!row) return false;
  const known = await findConsoleKey(context.storage.byKey, context.tenant, row.session_id);
  // A pushed request without a key cannot be redeemed either; it is nobody's here.
  const asked = consoleKeyOf(params ?? {});
  if (known !== undefined && known === asked) return false;
  if (known !== undefined) await refuseUse(context, row, 'console-key');
  return true;
}
