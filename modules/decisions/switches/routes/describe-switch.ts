import { StopCode, targetLabel, type SwitchSummary, type SwitchTarget } from '@proofline/protocol';
import type { DecisionsContext } from '../../context.ts';
import { targetOf, type SwitchRow } from '../store/switch-rows.ts';

/** What a target is called where its name may be shown. */
export async function labelOf(context: DecisionsContext, target: SwitchTarget): Promise<string> {
  const id =
    target.kind === 'agent'
      ? target.subjectId
      : target.kind === 'service'
        ? target.serviceId
        : undefined;
  const name =
    id === undefined
      ? undefined
      : (context.services?.find(({ serviceId }) => serviceId === id)?.name ??
        (await context.nameOf?.(id)));
  return targetLabel(target, () => name);
}

/** A switch as the contract words it, for one reader. */
export async function describeSwitch(
  context: DecisionsContext,
  row: SwitchRow,
  reader: string,
): Promise<SwitchSummary> {
  const target = targetOf(row);
  const isOver = row.expires_at.getTime() <= context.clock.now();
  return {
    switchId: row.switch_id,
    target,
    label: await labelOf(context, target),
    reasonCode: StopCode.parse(row.reason_code),
    note: row.note,
    // It has stopped nothing since its last moment, whoever wrote that down and when.
    state: row.ended_how ?? (isOver ? 'expired' : 'standing'),
    thrownBy: await named(context, row.thrown_by),
    isOwn: row.thrown_by === reader,
    thrownAt: row.thrown_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    ...(row.lifted_by !== null && { liftedBy: await named(context, row.lifted_by) }),
    ...(row.ended_at !== null && { endedAt: row.ended_at.toISOString() }),
    evidenceId: row.evidence_id,
  };
}

async function named({ nameOf }: DecisionsContext, id: string) {
  const name = await nameOf?.(id);
  return name === undefined ? { id } : { id, name };
}
