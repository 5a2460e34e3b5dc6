import { type PolicyJson, policyToJson, templateToJson } from '@cedar-policy/cedar-wasm/nodejs';
import type { Expression } from '../../policy/expression.ts';
import type { Policy } from '../../policy/policy.ts';

/** What cedar-wasm reads a policy or template as; nothing where it refuses the text. */
export function readWithWasm(text: string): PolicyJson | undefined {
  const policy = policyToJson(text);
  if (policy.type === 'success') return policy.json;
  const template = templateToJson(text);
  return template.type === 'success' ? template.json : undefined;
}

/**
 * The policy in the form in which two readers agree: cedar-wasm sorts the members of a record, and
 * its numbers are doubles, so that integers beyond 2^53 lose their last digits.
 */
export function comparable(policy: Policy): unknown {
  return simplify(policy);
}

function simplify(node: unknown): unknown {
  if (typeof node === 'bigint') return Number(node);
  if (Array.isArray(node)) return node.map(simplify);
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).map(([name, member]): [string, unknown] => [
    name,
    name === 'members' ? simplify(sortMembers(member as Members)) : simplify(member), // Of a record.
  ]);
  return Object.fromEntries(entries);
}

type Members = Extract<Expression, { kind: 'record' }>['members'];

function sortMembers(members: Members): Members {
  return members.toSorted(([left], [right]) => (left < right ? -1 : 1));
}

const LONG_MAX = 2n ** 63n - 1n;

/** JSON of cedar-wasm with its rounded integers as bigints, of which the largest rounds up too far. */
export function withBigints(json: unknown): unknown {
  if (typeof json === 'number' && !Number.isSafeInteger(json)) {
    const value = BigInt(json);
    return value > LONG_MAX ? LONG_MAX : value;
  }
  if (Array.isArray(json)) return json.map(withBigints);
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(
    Object.entries(json).map(([name, member]) => [name, withBigints(member)]),
  );
}
