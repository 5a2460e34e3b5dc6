import {
  problems,
  refusalText,
  type Problem,
  type ProblemCode,
  type ProblemError,
} from '@proofline/protocol';

/** What a refusal tells besides its code. */
export type ProblemMembers = Pick<
  ProblemError['details'],
  'decisionId' | 'reasons' | 'remedies'
> & {
  readonly detail?: string;
  readonly requestId?: string;
};

/** The RFC 9457 body of a refusal. Only the code, the public text and the given members leave. */
export function problemBody(code: ProblemCode, members: ProblemMembers = {}): Problem {
  const { status, text } = problems[code];
  const detail = members.detail ?? refusalText(members);
  return {
    type: `/docs/errors/${code}`,
    title: text,
    status,
    code,
    ...(detail === '' ? {} : { detail }),
    ...(members.requestId === undefined ? {} : { requestId: members.requestId }),
    ...(members.decisionId === undefined ? {} : { decisionId: members.decisionId }),
    ...(members.reasons === undefined ? {} : { reasons: [...members.reasons] }),
    ...(members.remedies === undefined ? {} : { remedies: [...members.remedies] }),
  };
}

/** RFC 9449 §7.1: each 401 says which kind of credential is asked for, and what was wrong with it. */
function dpopChallenge(code: ProblemCode): string {
  const algs = 'algs="ES256 EdDSA"';
  if (code === 'token.missing') return `DPoP ${algs}`;
  const proof = code.startsWith('token.proof');
  return `DPoP error="${proof ? 'invalid_dpop_proof' : 'invalid_token'}", ${algs}`;
}

/** Silence is over soon or not at all: what is asked again before that finds the same. */
const RETRY_AFTER_SECONDS = 2;

/** The headers of a refusal. `challenge` is the RFC 9470 challenge of a step-up. */
export function problemHeaders(code: ProblemCode, challenge?: string): Record<string, string> {
  return {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    ...(problems[code].status === 401
      ? { 'www-authenticate': challenge ?? dpopChallenge(code) }
      : {}),
    // RFC 9110 §10.2.3: nobody said no, so it may be asked again.
    ...(code === 'decision.unavailable' ? { 'retry-after': String(RETRY_AFTER_SECONDS) } : {}),
  };
}

/** A refusal as a fetch `Response`. */
export function problemResponse(
  code: ProblemCode,
  options: { readonly members?: ProblemMembers; readonly challenge?: string } = {},
): Response {
  return new Response(JSON.stringify(problemBody(code, options.members)), {
    status: problems[code].status,
    headers: problemHeaders(code, options.challenge),
  });
}
