import type { Acr } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { Context } from '../context.ts';
import type { AuthenticatorRow } from '../store/authenticator-rows.ts';
import { labelOf } from './own-set.ts';

interface Use {
  readonly counter: number;
  readonly backedUp: boolean;
  /** What it counts as today. */
  readonly countsAs: Acr;
  readonly at: Date;
}

/**
 * Notes a use; false when the same counter was used meanwhile, or the authenticator was removed. When
 * it counts as another level than the last time, its subject finds that in their history.
 */
export async function noteUse(
  context: Context,
  tx: Db,
  { stored, use }: { readonly stored: AuthenticatorRow; readonly use: Use },
): Promise<boolean> {
  if (!(await context.rows.authenticators.recordUse(tx, stored, use))) return false;
  const { at, countsAs: acr } = use;
  if (acr === stored.countsAs) return true;
  const { authenticatorId, evidenceId: registered, subjectId } = stored;
  const evidenceId = await context.ledger.record(tx, {
    kind: 'authenticator.level-changed',
    causes: [registered],
    refs: { authenticatorId },
    subjects: { actor: subjectId },
    facts: { realm: 'workforce', before: stored.countsAs, acr },
  });
  const line = { kind: 'level-changed', label: labelOf(stored), acr } as const;
  await context.rows.history.add(tx, { ...line, evidenceId, subjectId, at });
  return true;
}
