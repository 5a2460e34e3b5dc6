import type { Id } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import type { PersonalFields } from '@proofline/ledger';
import type { Db } from '@proofline/storage';
import { newSecret, type Context } from '../context.ts';
import { CONTACTS_MAX, CONTACTS_NEEDED, INVITATION_MS, type SignedAct } from '../domain/own-act.ts';
import type { Preparation } from '../domain/preparation.ts';
import type { SubjectId } from '../domain/subjects.ts';
import { isStillSigned } from './find-invitation.ts';
import { buildOn } from './laid-by.ts';
import { writePreparation } from './prepare.ts';
import type { Done, NotDone, Proved } from './proved-act.ts';
import { tellSubject } from './tell.ts';
import { invitationDigest } from './trust-row.ts';

const refused = (because: string): NotDone => ({ because, code: 'recovery.contacts-refused' });

/** Does what a customer has proved that they want, in the caller's transaction. */
export async function doOwnAct(context: Context, tx: Db, proved: Proved): Promise<Done | NotDone> {
  const { act, customerId } = proved.signed;
  switch (act.kind) {
    case 'seal-code':
      return makeCode(context, tx, proved);
    case 'invite-contact':
      return inviteContact(context, tx, proved);
    case 'remove-contact':
      return removeContact(context, tx, { proved, contactId: act.contactId });
    case 'accept-contact':
      return acceptContact(context, tx, { proved, act, contactId: customerId });
    case 'cancel':
      return { touch: { causes: proved.causes, personal: assertionOf(proved) } };
  }
}

async function makeCode(context: Context, tx: Db, proved: Proved): Promise<Done> {
  if (!proved.seal) throw new Error('a code is sealed before it is kept');
  return keep(context, tx, {
    proved,
    subjectId: proved.signed.customerId,
    what: 'code',
    text: 'A new recovery code was made for your account. The one before is void.',
    change: { code: { ...proved.seal, madeAtMs: context.clock.now() } },
  });
}

/** The link goes to whoever asked, who hands it to whom they trust: nobody is looked up by name (P9). */
async function inviteContact(context: Context, tx: Db, proved: Proved): Promise<Done | NotDone> {
  const { authenticatorId, causes, signed } = proved;
  const { customerId } = signed;
  const nowMs = context.clock.now();
  const before = await buildOn(context, tx, { laidBy: proved.laidBy, subjectId: customerId });
  const own = await context.people.listOf(tx, customerId);
  const made = await context.rows.invitations.listOpen(tx, customerId, new Date(nowMs));
  const open = made.filter((one) =>
    own.some((passkey) => passkey.authenticatorId === one.authenticatorId),
  );
  if (open.length + (before?.contacts.length ?? 0) >= CONTACTS_MAX)
    return refused('too-many-contacts');
  const secret = newSecret(context);
  const expiresAt = new Date(nowMs + INVITATION_MS);
  const secretDigest = sha256Base64url(secret);
  const invitation = { secretDigest, subjectId: customerId, authenticatorId, expiresAt };
  const evidenceId = await context.ledger.record(tx, {
    kind: 'recovery.contact-invited',
    causes,
    refs: { authenticatorId },
    subjects: { actor: customerId },
    personal: assertionOf(proved),
    facts: { realm: context.realm, state: invitationDigest(invitation) },
  });
  await context.rows.invitations.add(tx, { ...invitation, evidenceId });
  await tellSubject(context, tx, {
    subjectId: customerId,
    text: 'An invitation was made to become a recovery contact of yours.',
  });
  // Behind `#`, so that no server on the way sees it in a URL.
  const link = `${context.origin}/recovery/contact#${secret}`;
  return { evidenceId, invitation: { link, expiresAt: expiresAt.toISOString() } };
}

async function removeContact(
  context: Context,
  tx: Db,
  { contactId, proved }: { readonly proved: Proved; readonly contactId: Id<'cus'> },
): Promise<Done | NotDone> {
  const subjectId = proved.signed.customerId;
  const before = await buildOn(context, tx, { laidBy: proved.laidBy, subjectId });
  if (!before?.contacts.includes(contactId)) return refused('no-contact-of-theirs');
  return keep(context, tx, {
    proved,
    subjectId,
    what: 'contact-removed',
    text: 'A recovery contact of yours was removed.',
    change: listed(pairsOf(before).filter(([one]) => one !== contactId)),
  });
}

async function acceptContact(
  context: Context,
  tx: Db,
  {
    act,
    contactId,
    proved,
  }: {
    readonly proved: Proved;
    readonly act: Extract<SignedAct, { kind: 'accept-contact' }>;
    readonly contactId: Id<'cus'>;
  },
): Promise<Done | NotDone> {
  const { forCustomer } = act;
  const { invitation } = proved;
  const nowMs = context.clock.now();
  // Under a clock that was set back their time would seem to be over when it is set right.
  const seenMs = (await context.rows.passing.seenAt(tx))?.getTime() ?? 0;
  const sinceMs = Math.max(nowMs, seenMs);
  const before = await buildOn(context, tx, { laidBy: proved.laidBy, subjectId: forCustomer });
  const pairs = before ? pairsOf(before) : [];
  if (forCustomer === contactId) return refused('own-contact');
  if (pairs.some(([one]) => one === contactId)) return refused('contact-already');
  if (pairs.length >= CONTACTS_MAX) return refused('too-many-contacts');
  // Whose it is was signed by them; whom it is for stands in a ceremony, which can be edited.
  const isTheirs =
    invitation?.subjectId === forCustomer && (await isStillSigned(context, tx, invitation));
  if (!isTheirs || !(await context.rows.invitations.use(tx, invitation, new Date(nowMs)))) {
    return { because: 'invitation-dead', code: 'recovery.invitation-dead' };
  }
  return keep(context, tx, {
    proved: { ...proved, causes: [...proved.causes, invitation.evidenceId] },
    subjectId: forCustomer,
    what: 'contact-accepted',
    text: 'Somebody accepted to be a recovery contact of yours. They count after three days.',
    change: { ...listed([...pairs, [contactId, sinceMs]]), chosenAtMs: sinceMs },
  });
}

function assertionOf({ proof, signed }: Proved): readonly PersonalFields[] {
  const fields = { assertion: { ...proof } };
  return [{ subject: signed.customerId, retention: 'identity', fields }];
}

type Pair = readonly [SubjectId, number];

function pairsOf({ contacts, contactsSinceMs }: Preparation): Pair[] {
  return contacts.map((one, index) => [one, contactsSinceMs?.[index] ?? 0]);
}

function listed(pairs: readonly Pair[]): Partial<Preparation> {
  return {
    contacts: pairs.map(([one]) => one),
    contactsSinceMs: pairs.map(([, since]) => since),
    contactsNeeded: CONTACTS_NEEDED,
  };
}

async function keep(
  context: Context,
  tx: Db,
  kept: {
    readonly proved: Proved;
    readonly subjectId: Id<'cus'>;
    readonly what: string;
    readonly text: string;
    readonly change: Partial<Preparation>;
  },
): Promise<Done> {
  const { change, proved, subjectId, text, what } = kept;
  const { causes, laidBy, signed } = proved;
  const evidenceId = await writePreparation(context, tx, {
    subjectId,
    laidBy,
    actor: signed.customerId,
    change,
    causes,
    facts: { what },
    personal: assertionOf(proved),
  });
  await tellSubject(context, tx, { subjectId, text });
  return { evidenceId };
}
