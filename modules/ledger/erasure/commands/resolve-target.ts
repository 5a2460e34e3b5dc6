import { isId } from '@proofline/kernel';
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
    case 'fields': {
      const { retention, before } = target;
      const pseudonym = await findPseudonym(context, target.subject);
      const isPart = retention !== undefined || before !== undefined;
      return {
        form: 'fields',
        pseudonym,
        ...(retention && { retention }),
        ...(isPart && { before: before ?? monthBefore(context.clock.now(), 0) }),
      };
    }
  }
}

/** @throws ProblemError `erasure.nothing` */
export async function resolveScope(context: ErasureContext, scope: HoldScope): Promise<HeldScope> {
  if (scope.kind === 'subject') {
    return { kind: 'subject', pseudonym: await findPseudonym(context, scope.subject) };
  }
  if (scope.kind === 'range' && scope.end <= scope.start) throw new ProblemError('erasure.nothing');
  return scope;
}

/** Of an id, a pseudonym, or a text that `resolveSubject` knows. @throws ProblemError `erasure.nothing` */
async function findPseudonym(context: ErasureContext, text: string): Promise<string> {
  const { pseudonyms } = context;
  if (isId('psn', text)) {
    const known = await pseudonyms.reverse([text]);
    if (known.has(text)) return text;
    throw new ProblemError('erasure.nothing');
  }
  const isSubject = /^(?:stf|cus|svc)_/.test(text);
  const subjectId = isSubject ? text : await context.resolveSubject?.(text);
  const found = subjectId === undefined ? undefined : await pseudonyms.find(subjectId);
  if (found === undefined) throw new ProblemError('erasure.nothing');
  return found;
}
