import type { Schema } from '@proofline/cedar';
import { parseCondition, type Invariant } from '@proofline/policy';
import { declareEntity, withoutFact } from './encode/declare-world.ts';
import { encodeConditions, encodeDecision, type DecidingSet } from './encode/encode-decision.ts';
import { actionOf, type World } from './encode/world.ts';
import { asDecided } from './encode/fill-defaults.ts';
import { and, FALSE, not, TRUE, type Term } from './smt/term.ts';

/** A set of policies as a proof takes it. */
export interface ProvedSet extends DecidingSet {
  readonly schema: Schema;
}

/** A way in which a request can break an invariant, and the second question that shows it. */
export interface Violation {
  /** The request that is permitted. */
  readonly permitted: World;
  /** The request that had to be permitted too, and is not. */
  readonly refused?: World;
  readonly term: Term;
}

/** Every way in which a request of this kind can break an invariant. Throws `NotEncodable`. */
export function violationsOf(
  set: ProvedSet,
  { claim, assuming }: Invariant,
  { world, isPermitted }: { readonly world: World; readonly isPermitted: Term },
): Violation[] {
  const holdsIn = (reported: World, condition: string) =>
    holds(condition, asDecided(reported, set.defaults));
  const assumed = and(isPermitted, assuming === undefined ? TRUE : holdsIn(world, assuming));
  if ('never' in claim) return [{ permitted: world, term: assumed }];
  if ('onlyWhen' in claim) {
    return [{ permitted: world, term: and(assumed, not(holdsIn(world, claim.onlyWhen))) }];
  }
  if ('onlyIfAlso' in claim) {
    const entityType = `Proofline::${claim.onlyIfAlso}`;
    const principal = declareEntity(set.schema, entityType, world.script);
    const other = { ...world, principal };
    const isOther = appliesTo(other) ? encodeDecision(set, other) : FALSE;
    return [{ permitted: world, refused: other, term: and(assumed, not(isOther)) }];
  }
  return claim.notMoreWithout.map((fact) => {
    const poorer = withoutFact(world, fact);
    const isPoorer = encodeDecision(set, poorer);
    const condition = assuming === undefined ? TRUE : holdsIn(poorer, assuming);
    const term = and(isPoorer, condition, not(isPermitted));
    return { permitted: poorer, refused: world, term };
  });
}

function holds(condition: string, world: World): Term {
  const { isOk, holds: term } = encodeConditions(parseCondition(condition), world);
  return and(isOk, term);
}

function appliesTo(world: World): boolean {
  return actionOf(world)?.principalTypes.has(world.principal.entityType) === true;
}
