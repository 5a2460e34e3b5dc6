import type { DecisionsContext } from '../../context.ts';
import { endSwitch, standingRows } from '../store/switch-rows.ts';

/**
 * Looks at the switches, and writes down which have run out. They stop nothing from their last moment
 * on, whether this runs or not. Called every second.
 */
export async function followSwitches(context: DecisionsContext): Promise<void> {
  const { storage, tenant, ledger, clock } = context;
  await context.switches.look();
  const now = clock.now();
  const over = (await standingRows(storage.db, tenant)).filter(
    ({ expires_at: expiresAt }) => expiresAt.getTime() <= now,
  );
  if (over.length === 0) return;
  for (const row of over) {
    await storage.transaction(async (tx) => {
      const switchId = row.switch_id;
      // Another node may have been first.
      if (!(await endSwitch(tx, tenant, { switchId, at: row.expires_at }))) return;
      await ledger.record(tx, {
        kind: 'switch.expired',
        causes: [row.evidence_id],
        refs: { switchId },
        subjects: { thrownBy: row.thrown_by },
        facts: { target: row.target_kind, reasonCode: row.reason_code },
      });
    });
  }
  await context.switches.look();
}
