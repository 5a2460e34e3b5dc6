import type { FactsProvider } from '@proofline/decisions';
import { isId, lookUpTogether, type Id } from '@proofline/kernel';
import { countDeviceBound } from './count-device-bound.ts';
import type { Context } from '../context.ts';
import { isRecovered, rolesOf } from '../store/staff-rows.ts';

/** `context.staff` of a decision: roles, desk, whether the account is active, and recovered lately. */
export function staffFacts(context: Context): FactsProvider {
  const { rows, storage } = context;
  // Many ask at the same time: their rows are read together.
  const find = lookUpTogether((ids: readonly Id<'stf'>[]) => rows.staff.findMany(storage.db, ids));
  return {
    name: 'staff',
    async gather({ resource, subject }) {
      if (subject.type !== 'Staff' || !isId('stf', subject.id)) return undefined;
      const row = await find(subject.id);
      if (!row) return undefined;
      const recovered = isRecovered(row, context.clock.now());
      const active = row.state === 'active';
      const values = { roles: rolesOf(row), desk: row.desk, active, recovered };
      // On calls and accounts it decides nothing, and these are asked about all day long.
      if (resource.type === 'Account' || resource.type === 'Interaction') return { values };
      const deviceBoundAuthenticators = await countDeviceBound(context, subject.id);
      return { values: { ...values, deviceBoundAuthenticators } };
    },
  };
}
