import { isId } from '@proofline/kernel';
import type { DecisionsContext } from '../../context.ts';
import type { Facts, FactsProvider } from '../../types.ts';
import { findSwitch } from '../store/switch-rows.ts';

/** `switchChange`: what stands behind a switch that somebody wants to lift. */
export function switchChangeFacts(context: DecisionsContext): FactsProvider {
  return {
    name: 'switchChange',
    async gather({ resource, subject }): Promise<Facts | undefined> {
      if (resource.type !== 'Switch' || !isId('swt', resource.id)) return undefined;
      const row = await findSwitch(context.storage.db, context.tenant, resource.id);
      if (!row) return undefined;
      const isOver = row.ended_at !== null || row.expires_at.getTime() <= context.clock.now();
      return {
        values: { standing: !isOver, thrownBySubject: row.thrown_by === subject.id },
        causes: [row.evidence_id],
        refs: { switchId: resource.id },
      };
    },
  };
}
