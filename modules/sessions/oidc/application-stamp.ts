import { sha256Base64url } from '@proofline/kernel/node';
import { Provider, type AdapterPayload } from 'oidc-provider';
import { isId } from '@proofline/kernel';
import { findConsent } from '../consents/store/consent-rows.ts';
import type { SessionsContext } from '../context.ts';
import { tablesOf } from '../store/tables.ts';
import { findUsable } from './application-client.ts';
import { basisJudged, type Basis } from './judged-by.ts';
import { modelOf } from './realm.ts';

/** What an application is given, and what is worth something only while it stays as it was then. */
const STAMPED: ReadonlySet<string> = new Set([
  'AuthorizationCode',
  'BackchannelAuthenticationRequest',
  'AccessToken',
]);

/** Kept beside the library’s payload, which does not read it. */
export interface Stamp extends Basis {
  /** A token’s: the digest of the code that it was issued for. */
  readonly codeHash?: string | undefined;
}

/** The digest of the code, or of the request’s id, that the token endpoint was just asked to redeem. */
export function codeHashAsked(): string | undefined {
  const { auth_req_id: asked, code = asked } = Provider.ctx?.oidc.params ?? {};
  return typeof code === 'string' ? sha256Base64url(code) : undefined;
}

/**
 * What is kept with a code or token of an application. A token bears the basis of its code: what changed
 * in between, a raised policy or another key, must count for what the code gives.
 */
export async function stampOf(
  context: SessionsContext,
  model: string,
  { accountId, clientId }: AdapterPayload,
): Promise<Stamp> {
  if (!STAMPED.has(model) || !isId('app', clientId)) return {};
  const codeHash = model === 'AccessToken' ? codeHashAsked() : undefined;
  // A code that came again meanwhile is gone, and a token without a version is worth nothing.
  if (codeHash !== undefined) return { codeHash, ...(await basisOfCode(context, codeHash)) };
  // A code is of what its request was judged by, and nothing is read anew for it.
  const now =
    model === 'AuthorizationCode' ? {} : await basisNow(context, { accountId, clientId, model });
  return { ...now, ...basisJudged(clientId) };
}

interface Issued {
  readonly model: string;
  readonly accountId?: unknown;
  readonly clientId?: unknown;
  readonly grantId?: unknown;
}

async function basisNow(
  context: SessionsContext,
  { accountId, clientId, grantId, model }: Issued,
): Promise<Basis> {
  const { realm, storage } = context;
  const application = await findUsable(context, clientId);
  if (!application) return {};
  const { applicationId, version: applicationVersion } = application;
  // Who is asked elsewhere has agreed to nothing until they answer: whether they did, before or meanwhile, is
  // told by nothing that waits (P9).
  const waits = model === 'BackchannelAuthenticationRequest' && grantId === undefined;
  if (realm === 'workforce' || waits) return { applicationVersion };
  const consent =
    isId('cus', accountId) &&
    (await findConsent(storage.db, context, { applicationId, customerId: accountId }));
  return consent ? { applicationVersion, consentId: consent.evidenceId } : {};
}

async function basisOfCode(
  { realm, storage, tenant }: SessionsContext,
  codeHash: string,
): Promise<Basis> {
  const code = await tablesOf(storage.db)
    .selectFrom('oidc_transients')
    .select('payload')
    .where('tenant', '=', tenant)
    .where('model', 'in', [
      modelOf(realm, 'AuthorizationCode'),
      modelOf(realm, 'BackchannelAuthenticationRequest'),
    ])
    .where('id_hash', '=', codeHash)
    .executeTakeFirst();
  const { applicationVersion, consentId } = code?.payload ?? {};
  return {
    ...(typeof applicationVersion === 'number' && { applicationVersion }),
    ...(typeof consentId === 'string' && { consentId }),
  };
}

/** Whether what this was issued on still stands, exactly so; what is no application’s, always. */
export async function isUnchanged(
  context: SessionsContext,
  model: string,
  payload: Basis & Omit<Issued, 'model'>,
): Promise<boolean> {
  if (!STAMPED.has(model) || !isId('app', payload.clientId)) return true;
  const now = await basisNow(context, { ...payload, model });
  if (now.applicationVersion === undefined) return false;
  return (
    now.applicationVersion === payload.applicationVersion && now.consentId === payload.consentId
  );
}
