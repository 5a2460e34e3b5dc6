import { AUTHENTICATORS_MAX, lowerAcr, ownActRefusal, type OwnSet } from '@proofline/assurance';
import type { Id } from '@proofline/kernel';
import { maskText } from '@proofline/privacy';
import type { OwnAuthenticator, OwnAuthenticators } from '@proofline/protocol';
import type { Context } from '../context.ts';
import type { CustomerCredential } from '../types.ts';
import { labelOf, readOwn } from './own-set.ts';

/** The customer's own passkeys, what became of them, and where changes are told. */
export async function readOwnAuthenticators(
  context: Context,
  customerId: Id<'cus'>,
): Promise<OwnAuthenticators> {
  const { db } = context.storage;
  const { customer, rows, set } = await readOwn(context, db, customerId);
  const [history, gone] = await Promise.all([
    context.rows.history.listOf(db, customerId),
    context.rows.authenticators.listGone(db, customerId),
  ]);
  const { contact } = customer;
  return {
    authenticators: rows.map((row) => describe(row, set)),
    history,
    channels: contact
      ? [
          {
            kind: contact.kind,
            masked: maskText(contact.address, contact.kind === 'sms' ? 'phone' : 'email'),
          },
        ]
      : [],
    gone,
    rpId: context.rpId,
    displayName: customer.greetingName,
    most: AUTHENTICATORS_MAX,
    least: set.least,
  };
}

function describe(row: CustomerCredential, set: OwnSet): OwnAuthenticator {
  const { acr, atMost, authenticatorId } = row;
  const refusal = ownActRefusal({ kind: 'remove', authenticatorId }, set);
  return {
    authenticatorId,
    label: labelOf(row),
    kind: row.backupEligible ? 'synced' : 'device-bound',
    // Unsigned, and so only a claim, unless its maker has attested it.
    ...(acr === 'phrh' && { model: row.aaguid }),
    acr: lowerAcr(acr, atMost),
    ...(acr === 'phrh' && atMost === 'phr' && { atMost }),
    registeredAt: row.registeredAt.toISOString(),
    ...(row.lastUsedAt && { lastUsedAt: row.lastUsedAt.toISOString() }),
    credentialId: row.credentialId,
    userHandle: row.userHandle,
    ...(refusal === 'authenticator.last' && { refusal }),
  };
}
