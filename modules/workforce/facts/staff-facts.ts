import type { FactsProvider } from '@proofline/decisions';
import { isId } from '@proofline/kernel';
import type { Context } from '../context.ts';
import { rolesOf } from '../store/staff-rows.ts';

/** `context.staff` of a decision: roles, desk, and whether the account is active. */
export function staffFacts(context: Context): FactsProvider {
  return {
    name: 'staff',
    async gather({ subject }) {
      if (subject.type !== 'Staff' || !isId('stf', subject.id)) return undefined;
      const row = await context.rows.staff.findById(context.storage.db, subject.id);
      if (!row) return undefined;
      return { values: { roles: rolesOf(row), desk: row.desk, active: row.state === 'active' } };
    },
  };
}
