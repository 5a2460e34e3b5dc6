import type { FactsProvider } from '@proofline/decisions';
import { isId, lookUpTogether, type Id } from '@proofline/kernel';
import type { Context } from '../context.ts';
import { rolesOf } from '../store/staff-rows.ts';

/** `context.staff` of a decision: roles, desk, and whether the account is active. */
export function staffFacts(context: Context): FactsProvider {
  const { rows, storage } = context;
  // Many ask at the same time: their rows are read together.
  const find = lookUpTogether((ids: readonly Id<'stf'>[]) => rows.staff.findMany(storage.db, ids));
  return {
    name: 'staff',
    async gather({ subject }) {
      if (subject.type !== 'Staff' || !isId('stf', subject.id)) return undefined;
      const row = await find(subject.id);
      if (!row) return undefined;
      return { values: { roles: rolesOf(row), desk: row.desk, active: row.state === 'active' } };
    },
  };
}
