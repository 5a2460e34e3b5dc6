import type { Id } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import type { DecisionsContext } from '../../context.ts';
import { endSwitch, findSwitch, type SwitchRow } from '../store/switch-rows.ts';

/**
 * Ends a switch before its time. Lifting opens again, so it takes a second person: whoever threw it in
 * a hurry, or holds the thrower’s session, shall not also be the one who finds that the danger is over.
 * The policies say the same; it is held here as well, because a release must not be able to change it.
 *
 * @throws ProblemError `switch.closed`, `switch.not-yours`, `evidence.unavailable`
 */
export async function liftSwitch(
  context: DecisionsContext,
  lifting: {
    readonly actor: Id<'stf'>;
    readonly switchId: Id<'swt'>;
    readonly decisionEvidenceId: Id<'evt'>;
  },
): Promise<SwitchRow> {
  const { storage, tenant, ledger } = context;
  const { actor, switchId, decisionEvidenceId } = lifting;
  const found = await findSwitch(storage.db, tenant, switchId);
  if (!found) throw new ProblemError('switch.closed');
  if (found.thrown_by === actor) throw new ProblemError('switch.not-yours');
  const at = new Date(context.clock.now());
  if (found.expires_at <= at) throw new ProblemError('switch.closed');
  const evidenceId = await storage.transaction(async (tx) => {
    if (!(await endSwitch(tx, tenant, { switchId, at, liftedBy: actor }))) {
      throw new ProblemError('switch.closed');
    }
    return ledger.record(tx, {
      kind: 'switch.lifted',
      causes: [found.evidence_id, decisionEvidenceId],
      refs: { switchId },
      subjects: { actor, thrownBy: found.thrown_by },
      facts: { target: found.target_kind, reasonCode: found.reason_code },
    });
  });
  await context.switches.look();
  await ledger.durable(evidenceId);
  return { ...found, ended_at: at, ended_how: 'lifted', lifted_by: actor };
}
