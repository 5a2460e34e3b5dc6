import type { Id } from '@proofline/kernel';
import { ProblemError, type Action } from '@proofline/protocol';
import type { SessionsContext } from '../../context.ts';
import {
  checkAudiences,
  checkProof,
  checkScopes,
  checkServes,
  scopesSince,
} from '../domain/terms.ts';
import { serviceRows } from '../store/service-rows.ts';
import { changeService, type ByColleague } from './acting.ts';
import { checkOwner, knownAudiences } from './register-program.ts';

/** Other terms; what is not named stays as it is. */
export interface OtherTerms extends ByColleague {
  readonly serviceId: Id<'svc'>;
  readonly scopes?: readonly Action[] | undefined;
  readonly audiences?: readonly string[] | undefined;
  readonly serves?: readonly string[] | undefined;
  readonly ratePerMinute?: number | undefined;
  readonly ownerId?: Id<'stf'> | undefined;
}

/** Gives a service other terms. @throws ProblemError `service.unknown` or `service.terms` */
export async function changeTerms(context: SessionsContext, asked: OtherTerms): Promise<void> {
  const rows = serviceRows(context.tenant);
  if (asked.ownerId !== undefined) await checkOwner(context, asked.ownerId);
  if (asked.audiences) checkAudiences(knownAudiences(context), asked.audiences);
  await changeService(context, asked, async (tx, row) => {
    if (asked.scopes) checkScopes(row.role, asked.scopes);
    if (asked.serves) {
      checkServes(context.resourceOrigins, row.role, asked.serves);
      checkProof(row.proves, {
        takesCertificates: true,
        believesAuthorities: true,
        serves: asked.serves,
      });
    }
    const terms = {
      ownerId: asked.ownerId ?? row.ownerId,
      scopes: asked.scopes
        ? scopesSince(asked.scopes, row.scopes, context.clock.now())
        : row.scopes,
      audiences: asked.audiences ? [...new Set(asked.audiences)] : row.audiences,
      serves: asked.serves ? [...new Set(asked.serves)] : row.serves,
      ratePerMinute: asked.ratePerMinute ?? row.ratePerMinute,
    };
    await rows.setTerms(tx, row.serviceId, terms);
    const facts = {
      scopes: Object.keys(terms.scopes),
      audiences: [...terms.audiences],
      ...(terms.serves.length > 0 && { serves: [...terms.serves] }),
      ratePerMinute: terms.ratePerMinute,
      ...(asked.ownerId === undefined ? {} : { ownerChanged: 'yes' }),
    };
    return { kind: 'service.changed', facts };
  });
}

/** What is taken from a service. */
export interface Narrowing extends ByColleague {
  readonly serviceId: Id<'svc'>;
  readonly without: readonly Action[];
  readonly ratePerMinute?: number | undefined;
}

/**
 * Takes scopes from a service or lowers its rate. At least one scope stays: a service that is to do
 * nothing is suspended.
 *
 * @throws ProblemError `service.unknown` or `service.terms`
 */
export async function narrowService(context: SessionsContext, asked: Narrowing): Promise<void> {
  const rows = serviceRows(context.tenant);
  const taken = new Set<string>(asked.without);
  await changeService(context, asked, async (tx, row) => {
    const left = Object.entries(row.scopes).filter(([scope]) => !taken.has(scope));
    const ratePerMinute = asked.ratePerMinute ?? row.ratePerMinute;
    if (left.length === 0) {
      throw new ProblemError('service.terms', {
        detail: 'No scope would be left. Suspend the service instead.',
      });
    }
    if (ratePerMinute > row.ratePerMinute) {
      throw new ProblemError('service.terms', { detail: 'A higher rate takes nothing away.' });
    }
    await rows.setTerms(tx, row.serviceId, {
      ...row,
      scopes: Object.fromEntries(left),
      ratePerMinute,
    });
    const gone = Object.keys(row.scopes).filter((scope) => taken.has(scope));
    return { kind: 'service.narrowed', facts: { without: gone, ratePerMinute } };
  });
}
