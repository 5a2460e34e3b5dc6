import { isId, type Id } from '@proofline/kernel';

const CANDIDATE_ACTS = {
  promotion: 'promote',
  stage: 'stage',
  vouching: 'vouch',
  withdrawal: 'withdraw',
} as const;

/**
 * What a program on somebody’s own computer may ask for in their name. The address of the act is the
 * one audience of the token (RFC 8707 §2), so a token for one candidate is nothing at another.
 */
export type SingleAct =
  | {
      readonly kind: (typeof CANDIDATE_ACTS)[keyof typeof CANDIDATE_ACTS];
      readonly candidateId: Id<'pcd'>;
    }
  | { readonly kind: 'list' | 'roll-back' };

const OF_CANDIDATE = /^\/api\/policies\/candidates\/([^/]+)\/([a-z]+)$/;

/** The act that an absolute URL is the address of, if it is one; a query makes it none. */
export function actAt(staffOrigin: string, url: unknown): SingleAct | undefined {
  if (typeof url !== 'string' || !url.startsWith(`${staffOrigin}/`)) return undefined;
  const path = url.slice(staffOrigin.length);
  if (path === '/api/policies/rollback') return { kind: 'roll-back' };
  if (path === '/api/policies/releases') return { kind: 'list' };
  const [, candidateId, act = ''] = OF_CANDIDATE.exec(path) ?? [];
  const kind = Object.entries(CANDIDATE_ACTS).find(([segment]) => segment === act)?.[1];
  return kind && isId('pcd', candidateId) ? { kind, candidateId } : undefined;
}
