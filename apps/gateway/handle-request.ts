import { problemBody, problemHeaders, stepUpChallenge } from '@proofline/enforce';
import { bytesToBase64url, newId, type Id } from '@proofline/kernel';
import { describeError, ProblemError } from '@proofline/protocol';
import { gatewayChecks } from './checks/index.ts';
import { found, type Exchange, type GatewayContext, type GatewayRequest } from './exchange.ts';
import type { Answer } from './http/answer.ts';

/** How a request came out: for the log and the figures, without a path or a person. */
export interface RequestOutcome {
  readonly requestId: Id<'req'>;
  readonly operationId: string;
  readonly status: number;
  /** The problem's code, or `ok`. */
  readonly code: string;
  /** The line of the table at which it ended. */
  readonly check: string;
  readonly decisionId?: string;
  /** What a refusal says to ourselves, or an unexpected error's class and place. */
  readonly error?: Readonly<Record<string, string>>;
}

function refuse(error: unknown, requestId: Id<'req'>): { answer: Answer; code: string } {
  const problem = error instanceof ProblemError ? error : new ProblemError('server.failed');
  const { internal: _ours, ...members } = problem.details;
  const body = problemBody(problem.code, { ...members, requestId });
  const challenge =
    problem.code === 'access.step-up' ? stepUpChallenge(members.remedies ?? []) : undefined;
  return {
    answer: {
      status: body.status,
      headers: problemHeaders(problem.code, challenge),
      body: JSON.stringify(body),
    },
    code: problem.code,
  };
}

/** Under which decision an answer was given, and what was done with each data category. */
function decisionHeaders({ decision }: Exchange): Record<string, string> {
  if (decision === undefined) return {};
  const { fields } = decision.obligations;
  const plan = new TextEncoder().encode(JSON.stringify(fields));
  return {
    'proofline-decision': decision.decisionId,
    ...(fields ? { 'proofline-fields': bytesToBase64url(plan) } : {}),
  };
}

/** Sends one request through the table. Never throws. */
export async function handleRequest(
  request: GatewayRequest,
  context: GatewayContext,
): Promise<{ readonly answer: Answer; readonly outcome: RequestOutcome }> {
  const requestId = newId('req', context);
  const exchange: Exchange = { request, requestId };
  let check = '';
  const outcome = (status: number, code: string): RequestOutcome => ({
    requestId,
    operationId: exchange.match?.operation.operationId ?? 'none',
    status,
    code,
    check,
    ...(exchange.decision ? { decisionId: exchange.decision.decisionId } : {}),
  });
  try {
    for (const line of gatewayChecks) {
      check = line.name;
      // Each line rests on those before it.
      await line.run(exchange, context);
    }
    const { status } = found(exchange.upstream);
    const headers = {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      ...decisionHeaders(exchange),
    };
    const body = JSON.stringify(found(exchange.filtered).body);
    return { answer: { status, headers, body }, outcome: outcome(status, 'ok') };
  } catch (error) {
    const { answer, code } = refuse(error, requestId);
    return { answer, outcome: { ...outcome(answer.status, code), error: describeError(error) } };
  }
}
