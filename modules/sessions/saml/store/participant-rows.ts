import { bytesToBase64url, type Id } from '@proofline/kernel';
import { among, type Db } from '@proofline/storage';
import type { NameIdKind } from '../domain/name-id-format.ts';
import type { SamlContext } from '../saml-context.ts';
import { samlTablesOf, type ParticipantRow } from './tables.ts';

const randomName = ({ random }: Pick<SamlContext, 'random'>): string =>
  `_${bytesToBase64url(random.bytes(24))}`;

/** The name by which one service provider knows a person, made at the first sign-in there. */
async function persistentName(
  context: SamlContext,
  tx: Db,
  of: { readonly entityId: string; readonly subjectId: string },
): Promise<string> {
  const { tenant } = context;
  const db = samlTablesOf(tx);
  await db
    .insertInto('saml_name_ids')
    .values({
      tenant,
      entity_id: of.entityId,
      subject_id: of.subjectId,
      name_id: randomName(context),
    })
    .onConflict((conflict) => conflict.columns(['tenant', 'entity_id', 'subject_id']).doNothing())
    .execute();
  const row = await db
    .selectFrom('saml_name_ids')
    .select('name_id')
    .where('tenant', '=', tenant)
    .where('entity_id', '=', of.entityId)
    .where('subject_id', '=', of.subjectId)
    .executeTakeFirstOrThrow();
  return row.name_id;
}

interface Joining {
  readonly sessionId: Id<'ses'>;
  readonly subjectId: string;
  readonly applicationId: string;
  readonly entityId: string;
  readonly kind: NameIdKind;
  readonly expiresAt: Date;
}

/** The session's name and index at a service provider: the same ones however often it asks. */
export async function joinSession(
  context: SamlContext,
  tx: Db,
  joining: Joining,
): Promise<Pick<ParticipantRow, 'name_id' | 'session_index'>> {
  const { tenant } = context;
  const { sessionId, applicationId, kind } = joining;
  const db = samlTablesOf(tx);
  const nameId =
    kind === 'persistent' ? await persistentName(context, tx, joining) : randomName(context);
  await db
    .insertInto('saml_participants')
    .values({
      tenant,
      session_id: sessionId,
      application_id: applicationId,
      name_id_kind: kind,
      name_id: nameId,
      session_index: randomName(context),
      expires_at: joining.expiresAt,
      left_at: null,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['tenant', 'session_id', 'application_id', 'name_id_kind'])
        .doUpdateSet({ left_at: null }),
    )
    .execute();
  return db
    .selectFrom('saml_participants')
    .select(['name_id', 'session_index'])
    .where('tenant', '=', tenant)
    .where('session_id', '=', sessionId)
    .where('application_id', '=', applicationId)
    .where('name_id_kind', '=', kind)
    .executeTakeFirstOrThrow();
}

/** The sessions that a service provider names; without an index, all of that person there. */
export async function findParticipants(
  { storage, tenant }: SamlContext,
  by: {
    readonly applicationId: string;
    readonly nameId: string;
    readonly sessionIndexes: readonly string[];
  },
): Promise<ParticipantRow[]> {
  const query = samlTablesOf(storage.db)
    .selectFrom('saml_participants')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('application_id', '=', by.applicationId)
    .where('name_id', '=', by.nameId)
    .where('left_at', 'is', null);
  return by.sessionIndexes.length === 0
    ? query.execute()
    : query.where(among('session_index', 'text', by.sessionIndexes)).execute();
}

/** Where else these sessions were used, by those who were not told yet that they ended. */
export async function findOthers(
  { storage, tenant }: SamlContext,
  sessionIds: readonly Id<'ses'>[],
): Promise<ParticipantRow[]> {
  if (sessionIds.length === 0) return [];
  return samlTablesOf(storage.db)
    .selectFrom('saml_participants')
    .selectAll()
    .where('tenant', '=', tenant)
    .where(among('session_id', 'text', sessionIds))
    .where('left_at', 'is', null)
    .orderBy('application_id')
    .limit(50)
    .execute();
}

/** The service provider knows that this session is over there. */
export async function noteLeft(
  { storage, tenant, clock }: SamlContext,
  participant: Pick<ParticipantRow, 'session_id' | 'application_id'>,
): Promise<void> {
  await samlTablesOf(storage.db)
    .updateTable('saml_participants')
    .set({ left_at: new Date(clock.now()) })
    .where('tenant', '=', tenant)
    .where('session_id', '=', participant.session_id)
    .where('application_id', '=', participant.application_id)
    .execute();
}
