import { sha256Base64url } from '@proofline/kernel/node';
import { Provider, type AdapterPayload } from 'oidc-provider';
import { isId } from '@proofline/kernel';
import type { SessionsContext } from '../context.ts';
import { tablesOf } from '../store/tables.ts';
import { findUsable } from './application-client.ts';

/** What an application is given, and what is worth something only while it stays as it was then. */
const STAMPED: ReadonlySet<string> = new Set([
  'AuthorizationCode',
  'BackchannelAuthenticationRequest',
  'AccessToken',
]);

/** Kept beside the library’s payload, which does not read it. */
export interface Stamp {
  /** Each change, a suspension and its end too, makes another version. */
  readonly applicationVersion?: number | undefined;
  /** A token’s: the digest of the code that it was issued for. */
  readonly codeHash?: string | undefined;
}

/** The digest of the code, or of the request’s id, that the token endpoint was just asked to redeem. */
export function codeHashAsked(): string | undefined {
  const { auth_req_id: asked, code = asked } = Provider.ctx?.oidc.params ?? {};
  return typeof code === 'string' ? sha256Base64url(code) : undefined;
}

/**
 * What is kept with a code or token of an application. A token bears the version of its code: what
 * changed in between, a raised policy or another key, must count for what the code gives.
 */
export async function stampOf(
  context: SessionsContext,
  model: string,
  { clientId }: AdapterPayload,
): Promise<Stamp> {
  if (!STAMPED.has(model) || !isId('app', clientId)) return {};
  const codeHash = model === 'AccessToken' ? codeHashAsked() : undefined;
  if (codeHash !== undefined) {
    // A code that came again meanwhile is gone, and a token without a version is worth nothing.
    return { codeHash, applicationVersion: await versionOfCode(context, codeHash) };
  }
  return { applicationVersion: (await findUsable(context, clientId))?.version };
}

async function versionOfCode(
  { storage, tenant }: SessionsContext,
  codeHash: string,
): Promise<number | undefined> {
  const code = await tablesOf(storage.db)
    .selectFrom('oidc_transients')
    .select('payload')
    .where('tenant', '=', tenant)
    .where('model', 'in', ['AuthorizationCode', 'BackchannelAuthenticationRequest'])
    .where('id_hash', '=', codeHash)
    .executeTakeFirst();
  const version = code?.payload['applicationVersion'];
  return typeof version === 'number' ? version : undefined;
}

/** Whether the application is still as it was when this was issued; what is no application’s, always. */
export async function isUnchanged(
  context: SessionsContext,
  model: string,
  payload: Stamp & { readonly clientId?: unknown },
): Promise<boolean> {
  if (!STAMPED.has(model) || !isId('app', payload.clientId)) return true;
  const application = await findUsable(context, payload.clientId);
  return application !== undefined && application.version === payload.applicationVersion;
}
