import { bytesToBase64url } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import type { SamlContext } from '../saml-context.ts';
import { samlTablesOf } from './tables.ts';

type Kind = 'sign-in' | 'logout';

const pruneEveryMs = 60_000;
let prunedAtMs = 0;

async function prune({ storage, tenant, clock }: SamlContext): Promise<void> {
  const nowMs = clock.now();
  if (nowMs - prunedAtMs < pruneEveryMs) return;
  prunedAtMs = nowMs;
  const db = samlTablesOf(storage.db);
  const old = new Date(nowMs);
  await db
    .deleteFrom('saml_under_way')
    .where('tenant', '=', tenant)
    .where('expires_at', '<', old)
    .execute();
  await db
    .deleteFrom('saml_participants')
    .where('tenant', '=', tenant)
    .where('expires_at', '<', old)
    .execute();
}

/** Keeps something under way under a new id of 128 bits, which is answered and not stored. */
export async function keepUnderWay(
  context: SamlContext,
  kept: { readonly kind: Kind; readonly payload: object; readonly ttlMs: number },
): Promise<string> {
  await prune(context);
  const id = bytesToBase64url(context.random.bytes(16));
  await samlTablesOf(context.storage.db)
    .insertInto('saml_under_way')
    .values({
      tenant: context.tenant,
      id_hash: sha256Base64url(id),
      kind: kept.kind,
      payload: JSON.stringify(kept.payload),
      expires_at: new Date(context.clock.now() + kept.ttlMs),
    })
    .execute();
  return id;
}

/** Without taking it; `undefined`: unknown, taken or expired. */
export async function readUnderWay(context: SamlContext, kind: Kind, id: string): Promise<unknown> {
  const row = await samlTablesOf(context.storage.db)
    .selectFrom('saml_under_way')
    .select(['payload', 'expires_at'])
    .where('tenant', '=', context.tenant)
    .where('id_hash', '=', sha256Base64url(id))
    .where('kind', '=', kind)
    .executeTakeFirst();
  if (!row || row.expires_at.getTime() <= context.clock.now()) return undefined;
  return JSON.parse(row.payload);
}

/** Takes it, once: of two at the same time one gets it. */
export async function takeUnderWay(context: SamlContext, kind: Kind, id: string): Promise<unknown> {
  const row = await samlTablesOf(context.storage.db)
    .deleteFrom('saml_under_way')
    .where('tenant', '=', context.tenant)
    .where('id_hash', '=', sha256Base64url(id))
    .where('kind', '=', kind)
    .returning(['payload', 'expires_at'])
    .executeTakeFirst();
  if (!row || row.expires_at.getTime() <= context.clock.now()) return undefined;
  return JSON.parse(row.payload);
}
