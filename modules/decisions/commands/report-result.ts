import type { Id } from '@proofline/kernel';
import { receiptText, type EvidenceDraft } from '@proofline/ledger';
import { ProblemError, type FieldPlan, type ResultOutcome } from '@proofline/protocol';
import { insertRows } from '@proofline/storage';
import type { DecisionsContext } from '../context.ts';
import {
  findDecisionRow,
  insertOfDecisions,
  linksOf,
  recordedDecision,
  recordedInput,
} from '../store/decision-rows.ts';
import { insertResult } from '../store/result-rows.ts';
import type { DecisionRow } from '../store/tables.ts';
import { permitOf, withAsker } from './asking.ts';
import { isAnswerable, stillPermitted } from './still-permitted.ts';

/** How a decided request came out at an enforcement point. */
export interface ReportedResult {
  readonly decisionId: Id<'dec'>;
  readonly outcome: ResultOutcome;
  readonly upstreamStatus: number;
  readonly fields?: FieldPlan | undefined;
  readonly rows?: number | undefined;
  /** `logged`: with the proof that the entry is in the log. */
  readonly acknowledge?: 'durable' | 'logged' | undefined;
}

/** What whoever reported is told. */
export interface ReportAnswer {
  readonly evidenceId: Id<'evt'>;
  readonly stillPermitted: boolean;
  readonly receipt?: string;
  readonly leafHash?: string;
}

/**
 * Records what became of a permit, once, as said by whoever asked for it, and answers when that is durable: an
 * enforcement point answers its caller only then (P3), and only when what the permit rested on still lives (P6).
 * Where it does not, the entry says that the result was not delivered.
 *
 * @throws ProblemError `evidence.unknown`, `decision.not-reportable`, `evidence.unavailable`
 */
export async function reportResult(
  context: DecisionsContext,
  result: ReportedResult,
): Promise<ReportAnswer> {
  const { decisionId, outcome } = result;
  // A decision's row never changes, and the facts are asked for outside of the transaction.
  const row = await findDecisionRow(context.storage.db, context.tenant, decisionId);
  const asking = context.asking?.asking();
  // Whoever did not ask is told what they would be told if there were none: an id that was overheard, or
  // guessed, opens no story of a result that never was.
  if (!row || linksOf(row).subjects['asker'] !== asking?.permit.input.subject.id) {
    throw new ProblemError('evidence.unknown');
  }
  const { decision, facts } = recordedDecision(row);
  if (decision.effect !== 'permit') throw new ProblemError('decision.not-reportable');
  const rested = { input: recordedInput(row), facts, atMs: context.clock.now() };
  // What was stopped while the guarded system worked is not shown either.
  const isDelivered = await stillPermitted(context, rested);
  const said = resultDraft(row, result, isDelivered);
  const draft = asking ? withAsker(said, asking) : said;
  const evidenceId = await context.storage.transaction(async (tx) => {
    const recorded = await context.ledger.record(tx, draft);
    const at = new Date(context.clock.now());
    if (
      !(await insertResult(tx, context.tenant, { decisionId, evidenceId: recorded, outcome, at }))
    ) {
      throw new ProblemError('decision.not-reportable');
    }
    if (asking?.isNew) {
      const permit = permitOf(asking, { evidenceId: recorded, decidedAt: at });
      await insertRows(tx, insertOfDecisions(context.tenant, [permit]));
    }
    return recorded;
  });
  context.asking?.recorded();
  const proof = await acknowledged(context, evidenceId, result.acknowledge);
  context.onReported?.(linksOf(row).refs);
  // The entry may then say more than was delivered, never less.
  return {
    evidenceId,
    stillPermitted: isDelivered && (await isAnswerable(context, decision, rested)),
    ...proof,
  };
}

async function acknowledged(
  { ledger }: DecisionsContext,
  evidenceId: Id<'evt'>,
  level: ReportedResult['acknowledge'],
): Promise<Pick<ReportAnswer, 'receipt' | 'leafHash'>> {
  if (level !== 'logged') {
    await ledger.durable(evidenceId);
    return {};
  }
  const receipt = await ledger.logged(evidenceId);
  const leafHash = Buffer.from(receipt.leafHash).toString('base64');
  return { receipt: receiptText(receipt), leafHash };
}

function resultDraft(
  row: DecisionRow,
  { outcome, upstreamStatus, fields, rows }: ReportedResult,
  isDelivered: boolean,
): EvidenceDraft {
  const { decision } = recordedDecision(row);
  return {
    kind: 'request.completed',
    causes: [decision.evidenceId],
    ...linksOf(row),
    facts: {
      action: decision.action,
      resourceType: decision.resource.type,
      outcome,
      upstreamStatus,
      ...(fields && { fields: { ...fields } }),
      ...(rows !== undefined && { rows }),
      ...(!isDelivered && { delivered: false }),
    },
  };
}
