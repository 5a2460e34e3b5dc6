import { isId, type Id } from '@proofline/kernel';
import { AuthenticatorEvent } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { tables } from './tables.ts';

/** A line of somebody's history: what an entry of evidence says, in their words. */
export interface HistoryLine extends Omit<AuthenticatorEvent, 'at'> {
  readonly subjectId: Id<'stf'>;
  readonly at: Date;
}

const LINES_MAX = 100;

/** SQL of the table `workforce_authenticator_history`: only added to. */
export function historyRows(tenant: string) {
  return {
    async add(db: Db, line: HistoryLine): Promise<void> {
      await tables(db)
        .insertInto('workforce_authenticator_history')
        .values({
          tenant,
          evidence_id: line.evidenceId,
          subject_id: line.subjectId,
          kind: line.kind,
          label: line.label ?? null,
          acr: line.acr ?? null,
          tried: line.tried ?? null,
          at: line.at,
        })
        .execute();
    },

    /** Newest first. */
    async listOf(db: Db, subjectId: Id<'stf'>): Promise<AuthenticatorEvent[]> {
      const rows = await tables(db)
        .selectFrom('workforce_authenticator_history')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('subject_id', '=', subjectId)
        .orderBy('at', 'desc')
        .orderBy('evidence_id', 'desc')
        .limit(LINES_MAX)
        .execute();
      return rows.flatMap((row) => {
        const { acr, at, evidence_id: evidenceId, kind, label, tried } = row;
        if (!isId('evt', evidenceId)) return [];
        const line = AuthenticatorEvent.safeParse({
          evidenceId,
          at: at.toISOString(),
          kind,
          label: label ?? undefined,
          acr: acr ?? undefined,
          tried: tried ?? undefined,
        });
        return line.success ? [line.data] : [];
      });
    },
  };
}
