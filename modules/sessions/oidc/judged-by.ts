import { Provider, type KoaContextWithOIDC } from 'oidc-provider';
import type { Id } from '@proofline/kernel';

/** What a code or token rests on. */
export interface Basis {
  /** Each change, a suspension and its end too, makes another version. */
  readonly applicationVersion?: number | undefined;
  /** The entry of the customer’s agreement; one that was taken back and given again is another. */
  readonly consentId?: string | undefined;
}

/** Of each request, and each application in it. */
const judged = new WeakMap<KoaContextWithOIDC, Map<string, Basis>>();

/**
 * What is looked at here is what this request is judged by. The first look stands: what changes between it
 * and the code that is given is nothing that the code was given on.
 */
export function noteBasis(applicationId: Id<'app'>, basis: Basis): void {
  const { ctx } = Provider;
  if (!ctx) return;
  const known = judged.get(ctx) ?? new Map<string, Basis>();
  judged.set(ctx, known.set(applicationId, { ...basis, ...known.get(applicationId) }));
}

/** What this request is judged by; nothing where nothing was looked at. */
export const basisJudged = (applicationId: Id<'app'>): Basis =>
  (Provider.ctx && judged.get(Provider.ctx)?.get(applicationId)) ?? {};
