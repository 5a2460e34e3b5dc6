import { Acr, type Problem } from '@proofline/protocol';

/** How strongly and how freshly the signed-in person must prove themselves. */
export interface StepUpChallenge {
  readonly acr?: Acr;
  readonly maxAgeSeconds?: number;
}

/** Reads a step-up challenge (RFC 9470 §3) from `WWW-Authenticate`; `undefined` when it is none. */
export function parseStepUpHeader(header: string | null): StepUpChallenge | undefined {
  if (!header || !/error="insufficient_user_authentication"/.test(header)) return undefined;
  const acr = Acr.safeParse(/acr_values="([a-z]+)/.exec(header)?.[1]);
  const maxAge = /max_age="?(\d{1,6})"?/.exec(header)?.[1];
  return {
    ...(acr.success ? { acr: acr.data } : {}),
    ...(maxAge ? { maxAgeSeconds: Number(maxAge) } : {}),
  };
}

/** The challenge of a refused request: from its header or, where that is not exposed, its remedies. */
export function stepUpOf(header: string | null, problem: Problem): StepUpChallenge | undefined {
  if (problem.code !== 'access.step-up') return undefined;
  const fromHeader = parseStepUpHeader(header);
  if (fromHeader) return fromHeader;
  const remedy = problem.remedies?.find((one) => one.kind === 'agent.step-up');
  return remedy ? { acr: remedy.acr, maxAgeSeconds: remedy.maxAgeSeconds } : { acr: 'phr' };
}
