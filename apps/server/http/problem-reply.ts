import {
  problems,
  ProblemError,
  refusalText,
  type Problem,
  type ProblemFacts,
} from '@proofline/protocol';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** Turns whatever was thrown into a problem body (RFC 9457): never a stack, never an inner text. */
export function problemOf(error: unknown, requestId: string): Problem {
  const code = error instanceof ProblemError ? error.code : 'server.failed';
  const { status, text, type = `/docs/errors/${code}` }: ProblemFacts = problems[code];
  const problem: Problem = {
    // Mostly a relative reference (RFC 9457 §3.1.1): this server itself shows the page of each code.
    type,
    title: text,
    status,
    code,
    requestId,
  };
  if (!(error instanceof ProblemError)) return problem;
  const { detail, decisionId, reasons, remedies, faults } = error.details;
  // A decided refusal is said in the words that the screens and the audit view use.
  const words = detail ?? refusalText({ reasons, remedies });
  if (words !== '') problem.detail = words;
  if (decisionId !== undefined) problem.decisionId = decisionId;
  if (reasons !== undefined) problem.reasons = [...reasons];
  if (remedies !== undefined) problem.remedies = [...remedies];
  if (faults !== undefined) problem.faults = [...faults];
  return problem;
}

/** Answers with a problem; 401 carries the challenge that RFC 9110 §11.6.1 asks for. */
export function replyProblem(c: Context, problem: Problem): Response {
  const headers: Record<string, string> = {
    'content-type': 'application/problem+json',
    // RFC 9110 §15.1: some of these statuses may be cached without being asked.
    'cache-control': 'no-store',
  };
  if (problem.status === 401) headers['www-authenticate'] = challengeOf(problem);
  if (problem.status === 429) headers['retry-after'] = '60';
  // The table holds only statuses that come with a body.
  const status = problem.status as ContentfulStatusCode;
  return c.body(JSON.stringify(problem), { status, headers });
}

function challengeOf(problem: Problem): string {
  const stepUp = problem.remedies?.find((remedy) => remedy.kind === 'agent.step-up');
  if (problem.code === 'access.step-up' && stepUp) {
    // RFC 9470 §3: which assurance, and how fresh.
    return `DPoP error="insufficient_user_authentication", acr_values="${stepUp.acr}", max_age="${stepUp.maxAgeSeconds}"`;
  }
  // What unlocks it is a step-up as well: any proof of its own subject, made from now on.
  if (problem.code === 'session.locked') {
    return 'DPoP error="insufficient_user_authentication", acr_values="phr", max_age="0"';
  }
  return problem.code === 'token.missing'
    ? 'DPoP algs="ES256 EdDSA"'
    : 'DPoP error="invalid_token", algs="ES256 EdDSA"';
}
