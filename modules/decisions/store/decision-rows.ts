import { canonicalJson, isId, type Id } from '@proofline/kernel';
import type { Question } from '@proofline/policy';
import { Decision, readDecision } from '@proofline/protocol';
import type { z } from 'zod';
import { insertOf, type Db, type Insert, type InsertTarget } from '@proofline/storage';
import type { DecisionLinks } from '../domain/decision-draft.ts';
import type { DecisionInput } from '../types.ts';
import { tablesOf, type DecisionRow } from './tables.ts';

/** A decision with its whole question. */
export interface MadeDecision {
  readonly input: DecisionInput;
  readonly decision: Decision;
  readonly question: Question;
  readonly links: DecisionLinks;
  readonly decidedAt: Date;
}

const target: InsertTarget<DecisionRow> = {
  table: 'decisions',
  columns: {
    tenant: 'text',
    decision_id: 'text',
    evidence_id: 'text',
    subject_type: 'text',
    subject_id: 'text',
    action: 'text',
    effect: 'text',
    release_sequence: 'integer',
    decision: 'text',
    facts: 'text',
    links: 'text',
    decided_at: 'timestamptz',
  },
};

/** Decisions as rows, to be written together with their evidence. */
export function insertOfDecisions(tenant: string, made: readonly MadeDecision[]): Insert {
  const rows = made.map(({ input, decision, question, links, decidedAt }): DecisionRow => ({
    tenant,
    decision_id: decision.decisionId,
    evidence_id: decision.evidenceId,
    subject_type: input.subject.type,
    subject_id: input.subject.id,
    action: decision.action,
    effect: decision.effect,
    release_sequence: decision.release.sequence,
    decision: canonicalJson(decision),
    facts: canonicalJson(question.context),
    links: canonicalJson({ ...links }),
    decided_at: decidedAt,
  }));
  return insertOf(target, rows);
}

/** The row of a decision of this tenant. */
export async function findDecisionRow(
  db: Db,
  tenant: string,
  decisionId: Id<'dec'>,
): Promise<DecisionRow | undefined> {
  return tablesOf(db)
    .selectFrom('decisions')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('decision_id', '=', decisionId)
    .executeTakeFirst();
}

/** The decision as it was answered, and the facts that it rested on. */
export function recordedDecision(row: DecisionRow): {
  readonly decision: Decision;
  readonly facts: z.output<typeof readDecision.reply>['facts'];
} {
  return {
    decision: Decision.parse(JSON.parse(row.decision)),
    facts: readDecision.reply.shape.facts.parse(JSON.parse(row.facts)),
  };
}

/** What a decision and its consequences are found by. */
export function linksOf(row: DecisionRow): DecisionLinks {
  // Written by this module in this form.
  return JSON.parse(row.links) as DecisionLinks;
}

/** Who asked what in which session, under which grant, for asking about these again. */
export function recordedInput(row: DecisionRow): DecisionInput {
  const { sessionId, grantId, interactionId } = linksOf(row).refs;
  const { action, resource } = recordedDecision(row).decision;
  return {
    subject: { type: row.subject_type, id: row.subject_id },
    action,
    resource,
    ...(isId('ses', sessionId) && { sessionId }),
    ...(isId('grt', grantId) && { grantId }),
    ...(isId('int', interactionId) && { interactionId }),
  };
}
