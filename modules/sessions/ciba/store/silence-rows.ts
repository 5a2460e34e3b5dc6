import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import { tablesOf } from '../../store/tables.ts';
import type { PersonId } from '../../types.ts';

interface Pair {
  readonly subjectId: PersonId;
  readonly applicationId: Id<'app'>;
}

/** Until when an application asks a person nothing; the newest word counts. */
export async function silence(
  db: Db,
  tenant: string,
  { applicationId, subjectId, until }: Pair & { readonly until: Date },
): Promise<void> {
  await tablesOf(db)
    .insertInto('session_silenced_applications')
    .values({ tenant, subject_id: subjectId, application_id: applicationId, until })
    .onConflict((conflict) =>
      conflict.columns(['tenant', 'subject_id', 'application_id']).doUpdateSet({ until }),
    )
    .execute();
}

/** True when it was silenced. */
export async function endSilence(
  db: Db,
  tenant: string,
  { applicationId, subjectId }: Pair,
): Promise<boolean> {
  const gone = await tablesOf(db)
    .deleteFrom('session_silenced_applications')
    .where('tenant', '=', tenant)
    .where('subject_id', '=', subjectId)
    .where('application_id', '=', applicationId)
    .executeTakeFirst();
  return gone.numDeletedRows === 1n;
}

/** What a person has silenced now. */
export async function listSilenced(
  db: Db,
  tenant: string,
  { subjectId, at }: { readonly subjectId: PersonId; readonly at: Date },
): Promise<readonly { readonly applicationId: Id<'app'>; readonly until: Date }[]> {
  const rows = await tablesOf(db)
    .selectFrom('session_silenced_applications')
    .select(['application_id', 'until'])
    .where('tenant', '=', tenant)
    .where('subject_id', '=', subjectId)
    .where('until', '>', at)
    .orderBy('until')
    .execute();
  return rows.map(({ application_id: applicationId, until }) => ({ applicationId, until }));
}
