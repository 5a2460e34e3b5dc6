import { isId, newId } from '@proofline/kernel';
import {
  erasedEntriesMax,
  ProblemError,
  type ErasureTarget,
  type HoldScope,
} from '@proofline/protocol';
import type { ErasureContext } from '../context.ts';
import { monthBefore, type HeldScope, type Plan } from '../domain/plan.ts';

/**
 * What somebody typed, as it is kept: a pseudonym in the place of a person.
 *
 * @throws ProblemError `erasure.nothing`
 */
export async function resolveTarget(context: ErasureContext, target: ErasureTarget): Promise<Plan> {
  switch (target.form) {
    case 'policy':
      return target;
    case 'prefix':
      if (target.below === 0) throw new ProblemError('erasure.nothing');
      return target;
    case 'entries':
      if (target.end <= target.start) throw new ProblemError('erasure.nothing');
      if (target.end - target.start > erasedEntriesMax) {
        throw new ProblemError('erasure.not-permitted', {
          detail: `At most ${erasedEntriesMax} entries at a time.`,
        });
      }
      return target;
    case 'fields':
      return fieldsOf(context, target, await findPseudonym(context, target.subject));
  }
}

/**
 * The same to look at what it would take. In the place of a person whom the log does not know stands
 * a pseudonym that nobody has: of them there is nothing, as of many whom it does know (P9).
 *
 * @throws ProblemError `erasure.nothing`, where no person was typed
 */
export async function resolveForecast(
  context: ErasureContext,
  target: ErasureTarget,
): Promise<Plan> {
  if (target.form !== 'fields') return resolveTarget(context, target);
  const known = await knownPseudonym(context, target.subject);
  return fieldsOf(context, target, known ?? newId('psn', context));
}

function fieldsOf(
  { clock }: ErasureContext,
  { retention, before }: Extract<ErasureTarget, { form: 'fields' }>,
  pseudonym: string,
): Plan {
  const isPart = retention !== undefined || before !== undefined;
  return {
    form: 'fields',
    pseudonym,
    ...(retention && { retention }),
    ...(isPart && { before: before ?? monthBefore(clock.now(), 0) }),
  };
}

/** @throws ProblemError `erasure.nothing` */
export async function resolveScope(context: ErasureContext, scope: HoldScope): Promise<HeldScope> {
  if (scope.kind === 'subject') {
    return { kind: 'subject', pseudonym: await findPseudonym(context, scope.subject) };
  }
  if (scope.kind === 'range' && scope.end <= scope.start) throw new ProblemError('erasure.nothing');
  return scope;
}

/** @throws ProblemError `erasure.nothing` */
async function findPseudonym(context: ErasureContext, text: string): Promise<string> {
  const found = await knownPseudonym(context, text);
  if (found === undefined) throw new ProblemError('erasure.nothing');
  return found;
}

/** Of an id, a pseudonym, or a text that `resolveSubject` knows. */
async function knownPseudonym(context: ErasureContext, text: string): Promise<string | undefined> {
  const { pseudonyms } = context;
  if (isId('psn', text)) return (await pseudonyms.reverse([text])).has(text) ? text : undefined;
  const isSubject = /^(?:stf|cus|svc)_/.test(text);
  const subjectId = isSubject ? text : await context.resolveSubject?.(text);
  return subjectId === undefined ? undefined : pseudonyms.find(subjectId);
}
