import fc from 'fast-check';
import { quoteText } from '../../values/describe-value.ts';
import { longs, texts } from './random-rows.ts';

const text = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('resource.name', 'resource.code') },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'resource.address.city',
      'resource.owner.desk',
      'context.word',
      'principal.desk',
    ),
  },
  { weight: 2, arbitrary: fc.constantFrom(...texts, '\0', 'd1').map(quoteText) },
);

const long = fc.oneof(
  fc.constantFrom('resource.amount', 'resource.level', 'context.limit'),
  fc.constantFrom(...longs).map((value) => `(${value})`),
);

const uid = fc.constantFrom(
  'User::"u0"',
  'User::"u1"',
  'User::"u4"',
  'Group::"g1"',
  'Desk::"d1"',
  'Desk::"d9"',
  'Team::"t1"',
  'Row::"r3"',
  'User::"\\0"',
);
const entity = fc.oneof(
  fc.constantFrom('resource', 'resource.owner', 'principal', 'context.user'),
  uid,
);
const entities = fc.oneof(
  fc.array(uid, { maxLength: 3 }).map((uids) => `[${uids.join(', ')}]`),
  fc.constantFrom('resource.viewers', '[principal]'),
);
const texts_ = fc.array(fc.constantFrom(...texts).map(quoteText), { maxLength: 4 });
const pattern = fc
  .array(fc.constantFrom('*', '*', 'a', 'b', '%', '_', '!', '\\\\', 'é', '\\*', '\\0', ' '), {
    maxLength: 4,
  })
  .map((pieces) => `"${pieces.join('')}"`);
const order = fc.constantFrom('<', '<=', '>', '>=');
const equality = fc.constantFrom('==', '!=');
/** Of any type, so that types differ at times. */
const anything = fc.oneof(
  text,
  long,
  entity,
  fc.constantFrom('resource.locked', 'resource.due', 'resource.tags', 'true', '["a", "b"]', '[]'),
  fc.constantFrom('datetime("1970-01-02")', 'decimal("0.5")', 'resource.note', 'resource.price'),
);

const leaf = fc.oneof(
  fc.constantFrom(
    'resource.locked',
    'resource.live',
    'context.row.same',
    'context.on',
    'principal.senior',
    'true',
    'false',
  ),
  fc.tuple(text, equality, text).map((parts) => parts.join(' ')),
  fc.tuple(long, fc.oneof(order, equality), long).map((parts) => parts.join(' ')),
  fc.tuple(anything, equality, anything).map((parts) => parts.join(' ')),
  fc.tuple(text, pattern).map(([of, like]) => `${of} like ${like}`),
  fc.constantFrom(
    'resource has name',
    'resource has owner',
    'resource has owner.desk',
    'resource.owner has desk',
    'resource has address',
    'resource has address.city',
    'resource has note',
    'context has row',
    'context has row.same',
    'context has nothing',
    'principal has desk',
    'resource.name has x',
    'context has word',
    'resource has tags',
  ),
  fc.tuple(entity, uid).map(([left, right]) => `${left} in ${right}`),
  fc.tuple(entity, entities).map(([left, right]) => `${left} in ${right}`),
  fc.constantFrom('principal in resource.owner', 'principal in resource', 'resource in principal'),
  fc.tuple(entity, fc.constantFrom('User', 'Row', 'Group')).map(([of, type]) => `${of} is ${type}`),
  fc.tuple(entity, uid).map(([of, above]) => `${of} is User in ${above}`),
  fc.tuple(texts_, anything).map(([set, of]) => `[${set.join(', ')}].contains(${of})`),
  fc.tuple(entities, entity).map(([set, of]) => `${set}.contains(${of})`),
  fc.constantFrom(
    'resource.tags.contains("a")',
    'resource.tags.contains(context.word)',
    'resource.tags.containsAll(["a", "b"])',
    'resource.tags.containsAny(["é", "NULL", 3])',
    '["a", "b", "\\""].containsAll(resource.tags)',
    'resource.tags.isEmpty()',
    'resource.tags == ["a", "NULL"]',
    'resource.numbers.contains(9223372036854775807)',
    'resource.numbers.containsAny([1, -1, "a"])',
    'resource.numbers.isEmpty()',
    '[].containsAll(resource.numbers)',
    'resource.numbers.containsAll([])',
    'resource.viewers.containsAny([principal, Group::"g1"])',
    'principal.desks.contains(resource.code)',
    'resource.tags != []',
    'resource.name.isEmpty()',
    'resource.viewers == [User::"u0", User::"u1"]',
  ),
  fc.tuple(order).map(([by]) => `resource.due ${by} context.now`),
  fc.constantFrom('resource.due == context.now', 'datetime("1970-01-02") <= resource.due'),
  fc
    .constantFrom('lessThan', 'lessThanOrEqual', 'greaterThan', 'greaterThanOrEqual')
    .map((method) => `resource.price.${method}(decimal("1.0"))`),
  fc.constantFrom(
    'decimal("0.5").lessThan(resource.price)',
    'resource.level.lessThan(decimal("1.0"))',
  ),
  fc.constantFrom(
    'resource.due < resource.price',
    'resource.name < 3',
    'resource.amount < resource.level',
  ),
  fc.constantFrom('resource.note', 'resource.name'),
);

const { condition } = fc.letrec<{ condition: string; inner: string }>((tie) => ({
  condition: tie('inner'),
  inner: fc.oneof(
    { depthSize: 'small', maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.tuple(tie('inner'), tie('inner')).map(([left, right]) => `(${left} && ${right})`),
    fc.tuple(tie('inner'), tie('inner')).map(([left, right]) => `(${left} || ${right})`),
    tie('inner').map((operand) => `!(${operand})`),
    fc
      .tuple(tie('inner'), tie('inner'), tie('inner'))
      .map(([test, then, otherwise]) => `(if ${test} then ${then} else ${otherwise})`),
    fc
      .tuple(tie('inner'), text, text, text)
      .map(([test, one, two, of]) => `((if ${test} then ${one} else ${two}) == ${of})`),
    fc.tuple(tie('inner'), tie('inner')).map(([left, right]) => `((${left}) == (${right}))`),
    leaf.map((operand) => `(resource has name && ${operand})`),
  ),
}));

const clause = fc
  .tuple(fc.constantFrom('when', 'when', 'unless'), condition)
  .map(([kind, body]) => `${kind} { ${body} }`);

const policy = fc
  .record({
    effect: fc.constantFrom('permit', 'permit', 'forbid'),
    principal: fc.constantFrom(
      'principal',
      'principal',
      'principal is User',
      'principal in Group::"g1"',
      'principal == User::"u0"',
    ),
    action: fc.constantFrom('action', 'action == Action::"read"', 'action in [Action::"read"]'),
    resource: fc.constantFrom(
      'resource',
      'resource',
      'resource',
      'resource is Row',
      'resource in Desk::"d1"',
      'resource is Row in Team::"t1"',
      'resource == Row::"r3"',
      'resource in Group::"g2"',
      'resource is User',
    ),
    clauses: fc.array(clause, { minLength: 0, maxLength: 2 }),
  })
  .map(
    ({ effect, principal, action, resource, clauses }) =>
      `${effect} (${principal}, ${action}, ${resource}) ${clauses.join(' ')};`,
  );

/** Sets of policies over the rows, written in Cedar; ill-typed ones among them. */
export const policySets = fc.array(policy, { minLength: 1, maxLength: 4 });

/** Who asks, and what is known of the context. */
export const questions = fc.record({
  principal: fc.constantFrom('u0', 'u1', 'u2', 'u3', 'u4'),
  word: fc.option(fc.constantFrom(...texts), { nil: undefined }),
  limit: fc.option(fc.constantFrom(...longs), { nil: undefined }),
  on: fc.option(fc.boolean(), { nil: undefined }),
  user: fc.option(fc.constantFrom('u0', 'u1', 'u4'), { nil: undefined }),
});
