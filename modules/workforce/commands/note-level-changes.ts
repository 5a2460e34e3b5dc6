import { isId } from '@proofline/kernel';
import type { Acr } from '@proofline/protocol';
import type { NotedChange } from '@proofline/sessions';
import type { Db } from '@proofline/storage';
import type { Context } from '../context.ts';
import { labelOf } from './own-set.ts';
import { tellChannels } from './tell-channels.ts';

/**
 * A sweep found authenticators to count as another level: their subjects find it in their history, and
 * are told where something was taken from them. In the transaction that takes it.
 */
export async function noteLevelChanges(
  context: Context,
  tx: Db,
  changes: readonly NotedChange[],
): Promise<void> {
  const { authenticators, history } = context.rows;
  const at = new Date(context.clock.now());
  for (const { credential, evidenceId, isFall, level } of changes) {
    const { authenticatorId, subjectId } = credential;
    if (!isId('stf', subjectId)) continue;
    const acr: Acr = level === 'phrh' ? 'phrh' : 'phr';
    const row = await authenticators.noteLevel(tx, { authenticatorId, subjectId }, acr);
    if (row === undefined) continue;
    // One that is refused has no level that could be named.
    const named = level === 'none' ? {} : { acr };
    const line = { kind: 'level-changed', label: labelOf(row), ...named } as const;
    await history.add(tx, { ...line, evidenceId, subjectId, at });
    if (isFall) await tellChannels(context, tx, { subjectId, what: 'fell' });
  }
}
