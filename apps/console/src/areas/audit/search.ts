import { evidenceKindNames, evidenceOutcomeNames } from '@proofline/protocol';
import { z } from 'zod';

/**
 * The filters of the evidence search, as they stand in the address. Times are absolute, so that a
 * link shows the same tomorrow. `cursor` is the place in the log from which the page goes back.
 *
 * Without `routine`, what is permitted all the time is left out: every list that anybody opens and
 * every question of the gateway is decided and logged, and would bury what happened on calls.
 */
export const auditSearch = z.object({
  id: z.string().trim().max(120).optional().catch(undefined),
  actor: z.string().trim().max(120).optional().catch(undefined),
  about: z.string().trim().max(120).optional().catch(undefined),
  kind: z.enum(evidenceKindNames).optional().catch(undefined),
  action: z.string().trim().max(120).optional().catch(undefined),
  outcome: z.enum(evidenceOutcomeNames).optional().catch(undefined),
  only: z.literal('orphans').optional().catch(undefined),
  reach: z.literal('followed').optional().catch(undefined),
  routine: z.literal('shown').optional().catch(undefined),
  from: z.iso.datetime().optional().catch(undefined),
  to: z.iso.datetime().optional().catch(undefined),
  cursor: z.number().int().min(0).optional().catch(undefined),
});
export type AuditSearch = z.infer<typeof auditSearch>;

/** The question to the server for the filters in an address. */
export function evidenceQuery({ routine, ...search }: AuditSearch) {
  // Whoever names one entry or decision wants that one; whoever names somebody, all that they did. The
  // server does the same for an account number.
  const isOne = /^(?:evt|dec|stf|cus|svc|psn|inq)_/.test(search.id ?? '');
  const isWhole = isOne || search.reach !== undefined;
  return { ...search, ...(routine !== 'shown' && !isWhole && { routine: 'hidden' as const }) };
}

/**
 * Whether a person is asked about, or may be: the server answers that for a purpose only. An id says by its
 * first letters what it is of; whatever else is typed may be a name or an account number.
 */
export function isAboutPerson({
  about,
  actor,
  id,
}: Pick<AuditSearch, 'about' | 'actor' | 'id'>): boolean {
  return [about, actor, id].some(
    (text) =>
      text !== undefined &&
      text !== '' &&
      (/^(?:stf|cus|psn)_/.test(text) ||
        !/^[a-z]{3}_|^(?:sha256:)?[0-9a-f]{64}$|^[\w-]{43}$/.test(text)),
  );
}

/** What something reached is counted by: as it stands in the address of that page. */
export const radiusSearch = auditSearch.pick({ id: true, from: true, to: true });
export type RadiusSearch = z.infer<typeof radiusSearch>;
