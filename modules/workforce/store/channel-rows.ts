import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import type { Channel } from '../types.ts';
import { tables } from './tables.ts';

/** SQL of the table `workforce_channels`. */
export function channelRows(tenant: string) {
  return {
    /** Those of somebody who has registered nothing yet, in place of what HR gave before. */
    async replace(db: Db, subjectId: Id<'stf'>, channels: readonly Channel[]): Promise<void> {
      await tables(db)
        .deleteFrom('workforce_channels')
        .where('tenant', '=', tenant)
        .where('subject_id', '=', subjectId)
        .execute();
      if (channels.length === 0) return;
      await tables(db)
        .insertInto('workforce_channels')
        .values(channels.map((channel) => ({ ...channel, tenant, subject_id: subjectId })))
        .execute();
    },

    async listOf(db: Db, subjectId: Id<'stf'>): Promise<Channel[]> {
      const rows = await tables(db)
        .selectFrom('workforce_channels')
        .select(['kind', 'address'])
        .where('tenant', '=', tenant)
        .where('subject_id', '=', subjectId)
        .orderBy('kind')
        .execute();
      return rows.map(({ address, kind }) => ({ kind: kind === 'sms' ? 'sms' : 'email', address }));
    },
  };
}
