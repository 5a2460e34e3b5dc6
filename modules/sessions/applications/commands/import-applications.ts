import { newId, type Id } from '@proofline/kernel';
import type { ApplicationDraft } from '@proofline/protocol';
import type { SessionsContext } from '../../context.ts';
import { whyUnusable } from '../domain/why-unusable.ts';
import { findApplicationNamed, insertApplication } from '../store/application-rows.ts';
import { factsOf } from './record-application.ts';

/**
 * Registers applications on behalf of whoever runs the server, who holds its keys as well; no route
 * leads here. One whose name is there already is left as it is. Answers their ids, in order.
 *
 * @throws Error where one cannot be registered
 */
export async function importApplications(
  context: SessionsContext,
  drafts: readonly ApplicationDraft[],
): Promise<Id<'app'>[]> {
  const { tenant, ledger } = context;
  const at = new Date(context.clock.now());
  const ids: Id<'app'>[] = [];
  for (const draft of drafts) {
    const fault = whyUnusable(draft, context);
    if (fault !== undefined) throw new Error(`${draft.name}: ${fault}`);
    const id = await context.storage.transaction(async (tx) => {
      const known = await findApplicationNamed(tx, tenant, draft.name);
      if (known) return known.applicationId;
      const applicationId = newId('app', context);
      const evidenceId = await ledger.record(tx, {
        kind: 'application.registered',
        refs: { applicationId },
        facts: { ...factsOf(draft), by: 'operator' },
      });
      await insertApplication(tx, tenant, {
        ...draft,
        applicationId,
        version: 1,
        registeredBy: undefined,
        registeredAt: at,
        changedAt: at,
        suspendedAt: undefined,
        lastUsedAt: undefined,
        evidenceId,
      });
      return applicationId;
    });
    ids.push(id);
  }
  return ids;
}
