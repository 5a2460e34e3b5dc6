import {
  refusalText,
  type AnswerContext,
  type AuthzenObligation,
  type Decision,
  type EvaluationAnswer,
  type Obligations,
  type Remedy,
  type RequestableDenial,
} from '@proofline/protocol';
import { enforcementReasons } from '@proofline/policy';
import type { ReviewedApproval } from './review-approval.ts';
import { FIELD_PLAN_TYPE, unsupportedReason } from '../domain/deny-unsupported.ts';

interface Asked {
  readonly supported: readonly string[] | undefined;
  readonly accessRequest: RequestableDenial | undefined;
  /** Of an approval that came with the question. */
  readonly reviewed: ReviewedApproval | undefined;
}

/** A decision as AuthZEN says it (§6.2), with our whole decision beside it. */
export function answerOf(
  decision: Decision,
  { supported, accessRequest, reviewed }: Asked,
): EvaluationAnswer {
  const permitted = decision.effect === 'permit';
  const obligations = obligationsOf(decision).filter(
    // A required one that is not supported has turned the permit into a deny before.
    ({ type }) => supported === undefined || supported.includes(type),
  );
  const context: AnswerContext = {
    evaluation_id: decision.decisionId,
    evaluated_at: decision.decidedAt,
    ...(!permitted && {
      reason: reasonOf(decision),
      reason_user: { en: refusalText(decision) },
    }),
    // Its reason stands in place of ours: it says what the other does not know.
    ...reviewed,
    ...(obligations.length > 0 && { obligations }),
    ...(accessRequest && { access_request: accessRequest }),
    proofline: decision,
  };
  return { decision: permitted, context };
}

/** The last of these that is missing is the one that the others wait for. */
const reasonOfRemedy = [
  ['approval', 'approval_required'],
  ['customer.proof', 'proof_required'],
  ['agent.step-up', 'step_up_required'],
  ['reason-code', 'reason_code_required'],
] as const satisfies readonly (readonly [Remedy['kind'], AnswerContext['reason']])[];

function reasonOf({ remedies, reasons, forbidden }: Decision): AnswerContext['reason'] {
  const says = (policy: string) => reasons.some((reason) => reason.policy === policy);
  if (says(unsupportedReason.policy)) return 'obligation_not_supported';
  if (says(enforcementReasons.invalid.policy)) return 'question_not_understood';
  const needed = reasonOfRemedy.find(([kind]) => remedies.some((one) => one.kind === kind));
  return needed?.[1] ?? (forbidden ? 'forbidden' : 'not_permitted');
}

/** What must, should or may be done with this answer (AuthZEN Obligations profile). */
function obligationsOf({ obligations, remedies }: Decision): AuthzenObligation[] {
  return [...obligationsOfPermit(obligations), ...remedies.flatMap(ofRemedy)];
}

/** What must be done with a permit; who cannot do it denies. */
export function obligationsOfPermit({ fields }: Obligations): AuthzenObligation[] {
  if (!fields) return [];
  return [
    {
      id: 'fields',
      type: FIELD_PLAN_TYPE,
      fulfillment: 'required',
      properties: { vendor: 'proofline', kind: 'field-plan', ...fields },
    },
  ];
}

/** On a deny: it stays one, but the enforcement point may lead people to the next step. */
function ofRemedy(remedy: Remedy): AuthzenObligation[] {
  if (remedy.kind === 'agent.step-up') {
    const properties = { acr_value: remedy.acr, max_age: remedy.maxAgeSeconds };
    return [{ id: 'step-up', type: 'step-up', fulfillment: 'best_effort', properties }];
  }
  if (remedy.kind === 'reason-code') {
    const properties = { vendor: 'proofline', kind: 'reason-code' };
    return [{ id: 'reason-code', type: 'custom', fulfillment: 'advisory', properties }];
  }
  return [];
}
