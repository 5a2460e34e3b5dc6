import { isId, type Id } from '@proofline/kernel';

/**
 * What a program on somebody’s own computer may ask for in their name. The address of the act is the
 * one audience of the token (RFC 8707 §2), so a token for one candidate is nothing at another.
 */
export type SingleAct =
  | { readonly kind: 'promote'; readonly candidateId: Id<'pcd'> }
  | { readonly kind: 'roll-back' };

const PROMOTION = /^\/api\/policies\/candidates\/([^/]+)\/promotion$/;

/** The act that an absolute URL is the address of, if it is one; a query makes it none. */
export function actAt(staffOrigin: string, url: unknown): SingleAct | undefined {
  if (typeof url !== 'string' || !url.startsWith(`${staffOrigin}/`)) return undefined;
  const path = url.slice(staffOrigin.length);
  if (path === '/api/policies/rollback') return { kind: 'roll-back' };
  const candidateId = PROMOTION.exec(path)?.[1];
  return isId('pcd', candidateId) ? { kind: 'promote', candidateId } : undefined;
}
