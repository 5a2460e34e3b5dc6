import {
  preparsePolicySet,
  preparseSchema,
  statefulIsAuthorized,
  type CedarValueJson,
} from '@cedar-policy/cedar-wasm/nodejs';
import type { JsonObject } from '@proofline/kernel';
import {
  supposeByAsking,
  type CompiledPolicies,
  type EngineRelease,
  type Evaluation,
  type PolicyEngine,
} from './engine.ts';
import { groupsOf, NAMESPACE, type EntityRef, type Question } from './question.ts';

/**
 * The Cedar project's own engine, as `@cedar-policy/cedar-wasm`: what ours is compared with. About
 * 2,500 decisions a second, so never on the way of a request.
 */
export const oracleEngine = {
  /** It reads the texts itself. */
  compile({
    source: { digest, schema, policies },
  }: Pick<EngineRelease, 'source'>): CompiledPolicies {
    // Both caches are keyed by content: compiling the same release twice is harmless.
    const parsed = [
      preparseSchema(digest, schema),
      preparsePolicySet(digest, { staticPolicies: { ...policies } }),
    ];
    if (parsed.some((answer) => answer.type === 'failure')) {
      throw new Error('a validated release could not be parsed by the engine');
    }
    const ask = (question: Question) => evaluate(digest, question);
    return { evaluate: ask, suppose: supposeByAsking(ask) };
  },
} satisfies PolicyEngine;

function evaluate(digest: string, question: Question): Evaluation {
  try {
    const answer = statefulIsAuthorized({
      principal: uid(question.principal),
      action: uid({ type: 'Action', id: question.action }),
      resource: uid(question.resource),
      context: cedarContext(question.context),
      entities: [{ uid: uid(question.principal), attrs: {}, parents: groupsOf(question).map(uid) }],
      preparsedSchemaName: digest,
      preparsedPolicySetId: digest,
      validateRequest: true,
    });
    if (answer.type === 'failure') return { kind: 'invalid' };
    const { decision, diagnostics } = answer.response;
    return {
      kind: 'evaluated',
      allowed: decision === 'allow',
      determining: diagnostics.reason,
      erring: diagnostics.errors.map((error) => error.policyId),
    };
  } catch {
    // The binding traps on values that it cannot carry (a BigInt, a cycle): not a question for us.
    return { kind: 'invalid' };
  }
}

function uid(ref: EntityRef): { type: string; id: string } {
  return { type: `${NAMESPACE}::${ref.type}`, id: ref.id };
}

function cedarContext(context: JsonObject): Record<string, CedarValueJson> {
  // JSON without `undefined` members is what cedar-wasm reads; its type says the same less exactly.
  // `__entity` and `__extn` escapes are refused by the schema, which declares plain values only.
  return JSON.parse(JSON.stringify(context)) as Record<string, CedarValueJson>;
}
