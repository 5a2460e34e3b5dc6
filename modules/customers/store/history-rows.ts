import type { Id } from '@proofline/kernel';
import { AuthenticatorEvent } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { tables } from './tables.ts';

/** A line of a customer's history: what an entry of evidence says, in their words. */
export interface HistoryLine extends Omit<AuthenticatorEvent, 'at' | 'acr'> {
  readonly customerId: Id<'cus'>;
  readonly at: Date;
}

const LINES_MAX = 100;

/** SQL of the table `customer_authenticator_history`: only added to. */
export function historyRows(tenant: string) {
  return {
    async add(db: Db, line: HistoryLine): Promise<void> {
      await tables(db)
        .insertInto('customer_authenticator_history')
        .values({
          tenant,
          evidence_id: line.evidenceId,
          customer_id: line.customerId,
          kind: line.kind,
          label: line.label ?? null,
          tried: line.tried ?? null,
          at: line.at,
        })
        .execute();
    },

    /** Newest first. */
    async listOf(db: Db, customerId: Id<'cus'>): Promise<AuthenticatorEvent[]> {
      const rows = await tables(db)
        .selectFrom('customer_authenticator_history')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('customer_id', '=', customerId)
        .orderBy('at', 'desc')
        .orderBy('evidence_id', 'desc')
        .limit(LINES_MAX)
        .execute();
      return rows.flatMap(({ at, evidence_id: evidenceId, kind, label, tried }) => {
        const line = AuthenticatorEvent.safeParse({
          evidenceId,
          at: at.toISOString(),
          kind,
          label: label ?? undefined,
          tried: tried ?? undefined,
        });
        return line.success ? [line.data] : [];
      });
    },
  };
}
