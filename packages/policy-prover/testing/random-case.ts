import type { JsonObject } from '@proofline/kernel';
import type { Question } from '@proofline/policy';
import fc from 'fast-check';
import { expressions, uids } from '../../cedar/testing/arbitrary-expression.ts';
import { attributeKinds, kinds } from '../../cedar/testing/kinds.ts';

const attributes = Object.entries(attributeKinds)
  .filter(([name]) => name !== '__proto__')
  .map(([name, kind], index) => ({ name, kind: kinds[kind]!, isRequired: index % 3 === 0 }));

const renamed: Readonly<Record<string, string>> = {
  U: 'Proofline::Staff',
  G: 'Proofline::Role',
  R: 'Proofline::Account',
  Color: 'Proofline::Color',
  Action: 'Proofline::Action',
};

/** What the Cedar engine’s own tests make up, in the names that the PDP knows. */
function inOurNames(text: string): string {
  return text
    .replaceAll('N::', 'Proofline::')
    .replaceAll(
      /(?<!:)\b(U|G|R|Color|Action)(?=::"| in |\)| in\()/g,
      (name) => renamed[name] ?? name,
    )
    .replaceAll(/\bis (U|G|R|Color|Action)\b/g, (_, name: string) => `is ${renamed[name] ?? name}`);
}

function typeIn(schema: string): string {
  return schema.replaceAll(/\b(U|G|Color)\b/g, (name) => renamed[name] ?? name);
}

const members = attributes.map(
  ({ name, kind, isRequired }) =>
    `${JSON.stringify(name)}${isRequired ? '' : '?'}: ${typeIn(kind.schema)}`,
);

/** Types of every sort in the context, and roles as the PDP reads them. */
export const richSchema = `
namespace Proofline {
  entity Role; entity Team; entity Account; entity Color enum ["red", "green"];
  entity Staff in [Role];
  type Facts = { staff?: { roles: Set<String> }, ${members.join(', ')} };
  action some; action all in [some];
  action view in [all] appliesTo { principal: Staff, resource: [Account, Staff, Color], context: Facts };
}`;

const scopes = (variable: string) =>
  fc.oneof(
    { weight: 5, arbitrary: fc.constant(variable) },
    { weight: 2, arbitrary: uids.map((uid) => `${variable} in ${uid}`) },
    { weight: 1, arbitrary: uids.map((uid) => `${variable} == ${uid}`) },
    { weight: 1, arbitrary: fc.constantFrom('U', 'R').map((type) => `${variable} is ${type}`) },
  );
const actionScopes = fc.constantFrom(
  'action',
  'action',
  'action in Action::"some"',
  'action == Action::"view"',
);
const clauses = fc.array(
  fc
    .tuple(fc.constantFrom('when', 'unless'), expressions.bool)
    .map(([kind, body]) => `${kind} { ${body} }`),
  { minLength: 1, maxLength: 2 },
);
const policies = fc
  .tuple(scopes('principal'), actionScopes, clauses)
  .map(([principal, action, all]) =>
    inOurNames(`(${principal}, ${action}, resource) ${all.join(' ')};`),
  );
const open = clauses.map((all) => inOurNames(`(principal, action, resource) ${all.join(' ')};`));

/** Sets of policies, most of them ill-typed somewhere; mostly one of them permits something. */
export const randomPolicies = fc
  .record({
    open: fc.array(open, { minLength: 1, maxLength: 2 }),
    permits: fc.array(policies, { maxLength: 1 }),
    forbids: fc.array(policies, { maxLength: 1 }),
  })
  .map(({ open: first, permits, forbids }) => {
    const all = [
      ...[...first, ...permits].map((one) => `permit ${one}`),
      ...forbids.map((one) => `forbid ${one}`),
    ];
    return Object.fromEntries(all.map((one, index) => [`p${index}`, one]));
  });

function renamedIn(value: unknown): unknown {
  const text = JSON.stringify(value).replaceAll(
    /"type":"(U|G|R|Color)"/g,
    (_, name: string) => `"type":"${renamed[name]}"`,
  );
  return JSON.parse(text);
}

const context = fc
  .array(fc.nat(999), { minLength: attributes.length, maxLength: attributes.length })
  .map((dice) =>
    Object.fromEntries(
      attributes.flatMap(({ name, kind, isRequired }, index) => {
        const die = dice[index] ?? 0;
        if (!isRequired && die % 3 === 0) return [];
        return [[name, renamedIn(kind.values[die % kind.values.length])]];
      }),
    ),
  );

const roles = fc.subarray(['g', 'h', '__proto__']);

/** Questions that the schema allows. */
export const randomQuestion: fc.Arbitrary<Question> = fc
  .record({
    principal: fc.constantFrom('a', 'b', ''),
    resource: fc.constantFrom(
      { type: 'Account', id: 'r' },
      { type: 'Staff', id: 'a' },
      { type: 'Color', id: 'red' },
    ),
    context,
    staff: fc.option(
      roles.map((all) => ({ roles: all })),
      { nil: undefined },
    ),
  })
  .map(({ principal, resource, context: facts, staff }) => ({
    principal: { type: 'Staff', id: principal },
    action: 'view',
    resource,
    // Made of JSON above.
    context: { ...facts, ...(staff && { staff }) } as JsonObject,
  }));
