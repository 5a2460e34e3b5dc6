import { newId, type Id } from '@proofline/kernel';
import { ProblemError, type StopCode, type SwitchTarget } from '@proofline/protocol';
import type { DecisionsContext } from '../../context.ts';
import { insertSwitch, namesOf, STANDING_MAX, standingRows } from '../store/switch-rows.ts';
import type { SwitchRow } from '../store/switch-rows.ts';

interface Throw {
  readonly actor: Id<'stf'>;
  readonly target: SwitchTarget;
  readonly reasonCode: StopCode;
  readonly note: string;
  readonly minutes: number;
  /** The permit’s entry: a cause of this one. */
  readonly decisionEvidenceId: Id<'evt'>;
}

/**
 * Stops something, from the commit on: here with the next question, on every other node when it looks
 * again. One person suffices, because a switch only ever narrows.
 *
 * @throws ProblemError `switch.too-many`, `evidence.unavailable`
 */
export async function throwSwitch(context: DecisionsContext, wanted: Throw): Promise<SwitchRow> {
  const { storage, tenant, clock, ledger } = context;
  const { actor, target, reasonCode, note, minutes } = wanted;
  const row = await storage.transaction(async (tx) => {
    const standing = await standingRows(tx, tenant);
    if (standing.length >= STANDING_MAX) throw new ProblemError('switch.too-many');
    const thrownAt = new Date(clock.now());
    const expiresAt = new Date(thrownAt.getTime() + minutes * 60_000);
    const switchId = newId('swt', context);
    const names = namesOf(target);
    const evidenceId = await ledger.record(tx, {
      kind: 'switch.thrown',
      causes: [wanted.decisionEvidenceId],
      refs: { switchId },
      subjects: { actor, ...(target.kind === 'agent' && { stopped: target.subjectId }) },
      facts: {
        target: target.kind,
        // Who is stopped is a person: said by pseudonym above.
        ...(target.kind !== 'agent' && names.target_name !== '' && { name: names.target_name }),
        reasonCode,
        expiresAt: expiresAt.toISOString(),
      },
      personal: [{ subject: actor, retention: 'access', fields: { note } }],
    });
    const made: SwitchRow = {
      tenant,
      switch_id: switchId,
      ...names,
      reason_code: reasonCode,
      note,
      thrown_by: actor,
      thrown_at: thrownAt,
      expires_at: expiresAt,
      evidence_id: evidenceId,
      ended_at: null,
      ended_how: null,
      lifted_by: null,
    };
    await insertSwitch(tx, made);
    return made;
  });
  await context.switches.look();
  await ledger.durable(row.evidence_id);
  return row;
}
