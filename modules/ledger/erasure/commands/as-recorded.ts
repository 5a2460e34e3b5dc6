import type { EvidenceEntry } from '@proofline/evidence';
import { canonicalJson } from '@proofline/kernel';
import { provenEntry } from '../../reading/proven-facts.ts';
import type { ErasureContext } from '../context.ts';
import { effectKindOf, factsOf, monthBefore, refsOf, type Plan } from '../domain/plan.ts';
import type { ErasureRow } from '../store/erasure-rows.ts';
import { currentPolicy } from './current-policy.ts';

/**
 * Whether an approved row is what the log says was approved: asked for by one person and approved by
 * another, or by the policy in force, each entry proved by its path to the checkpoint, and about exactly
 * this. The working login may write such a row; it cannot write the log. False: it is about to be there.
 *
 * @throws Error in words when the log says otherwise, or nothing.
 */
export async function isAsRecorded(context: ErasureContext, row: ErasureRow): Promise<boolean> {
  const ids = [row.asked_evidence, ...(row.answered_evidence ? [row.answered_evidence] : [])];
  for (const id of ids) if (await isUnderWay(context, id)) return false;
  const why = await whyNotAsRecorded(context, row);
  if (why !== undefined) throw new NotAsRecorded(row, why);
  return true;
}

/** The entry of what was erased, by which it goes. @throws Error in words when it is not in the log */
export async function requireEffect(context: ErasureContext, row: ErasureRow): Promise<void> {
  const { effect_evidence: effect, plan } = row;
  const entry = await prove(context, effect);
  const isOfThis = entry?.kind === effectKindOf(plan) && entry.refs['erasureId'] === row.erasure_id;
  if (!isOfThis) throw new NotAsRecorded(row, 'the entry of its effect is not in the log');
}

class NotAsRecorded extends Error {
  constructor({ erasure_id: erasureId }: ErasureRow, why: string) {
    super(`the erasure ${erasureId} is not as the log has it, so it is not carried out: ${why}`);
  }
}

/** It was committed, and is not under a checkpoint that this process has seen. */
async function isUnderWay({ rows, storage, sequencer }: ErasureContext, id: string) {
  if (await rows.outbox.find(storage.db, id)) return true;
  const [entry] = await rows.entries.findByIds(storage.db, [id]);
  return entry !== undefined && entry.index >= sequencer.published().size;
}

async function whyNotAsRecorded(
  context: ErasureContext,
  row: ErasureRow,
): Promise<string | undefined> {
  const { plan } = row;
  const approved = await prove(context, row.answered_evidence);
  if (approved?.kind !== 'erasure.approved') return 'no entry approves it';
  if (plan.form === 'expired') return whyNotByPolicy(context, { row, plan, approved });
  if (!isAbout(approved, row)) return 'something else was approved';
  const asked = await prove(context, row.asked_evidence);
  if (asked?.kind !== 'erasure.requested') return 'no entry asks for it';
  if (!isAbout(asked, row)) return 'something else was asked for';
  const [asker, approver] = [asked.subjects['actor'], approved.subjects['actor']];
  if (asker === undefined || approver === undefined) return 'nobody asked for it, or approved it';
  if (asker === approver) return 'one person asked for it and approved it';
  return plan.form === 'prefix' && !(await provePolicy(context))
    ? 'no entry publishes a retention policy'
    : undefined;
}

async function whyNotByPolicy(
  context: ErasureContext,
  about: {
    readonly row: ErasureRow;
    readonly plan: Extract<Plan, { form: 'expired' }>;
    readonly approved: EvidenceEntry;
  },
): Promise<string | undefined> {
  const { row, plan, approved } = about;
  if (!isAbout(approved, row, { by: 'policy' })) return 'something else was approved';
  const published = await provePolicy(context);
  if (!published) return 'no entry publishes a retention policy';
  const { automatic, [plan.retention]: months } = published.policy;
  const isDue = automatic && plan.before <= monthBefore(context.clock.now(), months);
  return isDue ? undefined : 'the retention policy in force does not have it so';
}

async function provePolicy(context: ErasureContext) {
  const published = await currentPolicy(context);
  const entry = await prove(context, published.evidenceId ?? null);
  return entry?.kind === 'retention.published' ? published : undefined;
}

function isAbout(
  { refs, facts }: EvidenceEntry,
  { erasure_id: erasureId, plan, basis }: ErasureRow,
  more: Readonly<Record<string, string>> = {},
): boolean {
  const expected = {
    refs: { erasureId, ...refsOf(plan) },
    facts: { basis, ...factsOf(plan), ...more },
  };
  return canonicalJson({ refs, facts }) === canonicalJson(expected);
}

async function prove(
  context: ErasureContext,
  evidenceId: string | null,
): Promise<EvidenceEntry | undefined> {
  if (evidenceId === null) return undefined;
  return provenEntry(context, context.sequencer.published(), evidenceId);
}
