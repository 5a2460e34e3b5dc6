import { AUTHENTICATORS_MAX, ownActRefusal, type OwnSet } from '@proofline/assurance';
import { maskText } from '@proofline/privacy';
import type { OwnAuthenticator, OwnAuthenticators } from '@proofline/protocol';
import type { Id } from '@proofline/kernel';
import type { Context } from '../context.ts';
import type { AuthenticatorRow } from '../store/authenticator-rows.ts';
import { labelOf, readOwn } from './own-set.ts';

/** The caller's own authenticators, what became of them, and where changes are told. */
export async function readOwnAuthenticators(
  context: Context,
  subjectId: Id<'stf'>,
): Promise<OwnAuthenticators> {
  const { db } = context.storage;
  const { rows, set, staff } = await readOwn(context, db, subjectId);
  const [history, channels, gone] = await Promise.all([
    context.rows.history.listOf(db, subjectId),
    context.rows.channels.listOf(db, subjectId),
    context.rows.authenticators.listGone(db, subjectId),
  ]);
  return {
    authenticators: rows.map((row) => describe(context, row, set)),
    history,
    channels: channels.map(({ address, kind }) => ({
      kind,
      masked: maskText(address, kind === 'sms' ? 'phone' : 'email'),
    })),
    gone,
    rpId: context.rpId,
    displayName: staff.displayName,
    most: AUTHENTICATORS_MAX,
    least: set.least,
  };
}

function describe(context: Context, row: AuthenticatorRow, set: OwnSet): OwnAuthenticator {
  const models = context.attestationPolicy.metadata?.models;
  const { authenticatorId } = row;
  const refusal = ownActRefusal({ kind: 'remove', authenticatorId }, set);
  return {
    authenticatorId,
    label: labelOf(row),
    kind: row.backupEligible ? 'synced' : 'device-bound',
    // Unsigned, and so only a claim, unless its maker has attested it.
    ...(row.acr === 'phrh' && { model: models?.get(row.aaguid)?.description ?? row.aaguid }),
    acr: row.countsAs,
    ...(row.acr === 'phrh' && row.atMost === 'phr' && { atMost: row.atMost }),
    registeredAt: row.registeredAt.toISOString(),
    ...(row.lastUsedAt && { lastUsedAt: row.lastUsedAt.toISOString() }),
    credentialId: row.credentialId,
    userHandle: row.userHandle,
    ...((refusal === 'authenticator.last' || refusal === 'authenticator.too-few') && { refusal }),
  };
}
