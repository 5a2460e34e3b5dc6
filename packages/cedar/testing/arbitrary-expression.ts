import fc from 'fast-check';
import { badTexts, goodTexts, type Constructor } from '../values/testing/extension-texts.ts';
import { attributeKinds } from './kinds.ts';

/** What an expression is meant to come to; now and then it is meant otherwise, and ill-typed. */
interface Texts {
  bool: string;
  long: string;
  string: string;
  entity: string;
  set: string;
  record: string;
  decimal: string;
  ip: string;
  datetime: string;
  duration: string;
  any: string;
}

const IDENTIFIER = /^[_a-zA-Z][_a-zA-Z0-9]*$/u;

/** Which kinds of attributes have which kind of expression. */
const sorts: Readonly<Record<string, keyof Texts>> = {
  long: 'long',
  bool: 'bool',
  string: 'string',
  user: 'entity',
  group: 'entity',
  color: 'entity',
  record: 'record',
  decimal: 'decimal',
  ip: 'ip',
  datetime: 'datetime',
  duration: 'duration',
};

/** A Cedar string literal. */
export function quote(text: string): string {
  return `"${text.replaceAll(/["\\]/gu, String.raw`\$&`).replaceAll('\0', String.raw`\0`)}"`;
}

function access(of: string, name: string): string {
  return IDENTIFIER.test(name) && name !== 'if' ? `${of}.${name}` : `${of}[${quote(name)}]`;
}

function has(of: string, name: string): string {
  return IDENTIFIER.test(name) && name !== 'if' ? `${of} has ${name}` : `${of} has ${quote(name)}`;
}

const namesOf = (sort: keyof Texts): readonly string[] =>
  Object.entries(attributeKinds).flatMap(([name, kind]) =>
    (sorts[kind] ?? 'set') === sort ? [name] : [],
  );

const names = fc.constantFrom(...Object.keys(attributeKinds), 'nothing', 'hasOwnProperty');
const types = fc.constantFrom('U', 'G', 'R', 'Color', 'N::Team', 'Action', 'N::Action', 'Nobody');

/** Literals of entities, most of which exist. */
export const uids = fc.constantFrom(
  ...'U::"a" U::"b" U::"c" U::"" G::"g" G::"h" G::"__proto__" R::"r" R::"q"'.split(' '),
  ...'N::Team::"t" Color::"red" Action::"view" Action::"all" Nobody::"x"'.split(' '),
);

/** Literals of actions and their groups. */
export const actionUids = fc.constantFrom(
  ...'Action::"view" Action::"edit" Action::"all" Action::"some" Action::"none"'.split(' '),
  'N::Action::"view"',
);

const longs = fc.oneof(
  fc.constantFrom('0', '1', '2', '(-1)', '7', '9007199254740991', '9007199254740992', '3037000500'),
  fc.constantFrom('9223372036854775807', '(-9223372036854775808)', '4611686018427387904'),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => `(${value})`),
);

const strings = fc.constantFrom(
  ...'|a|abc|aaab|a*c|é😀|😀|n|s|__proto__|two words|10.0.0.1'.split('|'),
);
const patterns = fc
  .array(fc.constantFrom('*', 'a', 'b', 'c', String.raw`\*`, 'é', '😀', 'ab'), { maxLength: 6 })
  .map((pieces) => `"${pieces.join('')}"`);

const bases = fc.constantFrom('principal', 'resource', 'context', 'context', 'context.rec');

/** An attribute that is asked for, with or without a look whether it is there. */
function attribute(sort: keyof Texts, fallback: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const all = namesOf(sort);
  return fc
    .tuple(bases, fc.constantFrom(...all), fallback, fc.nat(3))
    .map(([of, name, otherwise, how]) =>
      how === 0 && of !== 'context.rec'
        ? access(of, name)
        : `(if ${guard(of, name)} then ${access(of, name)} else ${otherwise})`,
    );
}

function guard(of: string, name: string): string {
  if (of !== 'context.rec') return has(of, name);
  return IDENTIFIER.test(name) && name !== 'if'
    ? `context has rec.${name}`
    : `context has rec && ${has(of, name)}`;
}

function made(constructor: Constructor): fc.Arbitrary<string> {
  return fc
    .oneof(
      { weight: 8, arbitrary: fc.constantFrom(...goodTexts[constructor]) },
      { weight: 1, arbitrary: fc.constantFrom(...badTexts[constructor]) },
    )
    .map((text) => `${constructor}(${quote(text)})`);
}

type Tie = (key: keyof Texts) => fc.Arbitrary<string>;

/** `$1`, `$2`, … stand for operands of these sorts, in parentheses. */
function form(tie: Tie, pattern: string, ...sortsOf: (keyof Texts)[]): fc.Arbitrary<string> {
  return fc
    .tuple(...sortsOf.map(tie))
    .map((operands) =>
      pattern.replaceAll(
        /\$(\d)/gu,
        (_, digit: string) => `(${operands[Number(digit) - 1] ?? ''})`,
      ),
    );
}

interface Choice {
  readonly leaves: fc.Arbitrary<string>;
  readonly forms: readonly fc.Arbitrary<string>[];
}

/** Mostly of its sort; at the greatest depth a leaf. */
function choose(tie: Tie, { leaves, forms }: Choice, sort: keyof Texts): fc.Arbitrary<string> {
  return fc.oneof(
    { maxDepth: 5, depthSize: 'medium', depthIdentifier: 'cedar expression' },
    { weight: 8, arbitrary: leaves },
    ...forms.map((arbitrary) => ({ weight: 2, arbitrary })),
    { weight: 1, arbitrary: form(tie, 'if $1 then $2 else $3', 'bool', sort, sort) },
    { weight: 1, arbitrary: tie('any') },
  );
}

function boolChoice(tie: Tie): Choice {
  const of = (pattern: string, ...operands: (keyof Texts)[]) => form(tie, pattern, ...operands);
  const relation = fc.constantFrom('<', '<=', '>', '>=', '==', '!=');
  const compare = (sort: keyof Texts) =>
    fc.tuple(tie(sort), relation, tie(sort)).map(([a, op, b]) => `(${a}) ${op} (${b})`);
  const tagOwner = fc.oneof(fc.constantFrom('principal', 'resource'), tie('entity'));
  return {
    leaves: fc.oneof(
      fc.constantFrom('true', 'false'),
      attribute('bool', fc.constant('true')),
      fc.tuple(bases, names).map(([base, name]) => `(${has(base, name)})`),
    ),
    forms: [
      of('$1 && $2', 'bool', 'bool'),
      of('$1 || $2', 'bool', 'bool'),
      of('!$1', 'bool'),
      compare('long'),
      compare('datetime'),
      compare('duration'),
      ...(['any', 'set', 'record', 'string', 'entity', 'decimal', 'ip'] as const).flatMap(
        (sort) => [of('$1 == $2', sort, sort), of('$1 != $2', sort, sort)],
      ),
      of('$1 in $2', 'entity', 'entity'),
      of('$1 in [$2, $3]', 'entity', 'entity', 'entity'),
      of('$1 in $2', 'entity', 'set'),
      fc.tuple(tie('entity'), types).map(([entity, type]) => `(${entity}) is ${type}`),
      fc
        .tuple(tie('entity'), types, fc.oneof(tie('entity'), tie('set')))
        .map(([entity, type, above]) => `(${entity}) is ${type} in (${above})`),
      fc.tuple(tie('string'), patterns).map(([text, pattern]) => `(${text}) like ${pattern}`),
      of('$1.contains($2)', 'set', 'any'),
      of('$1.containsAll($2)', 'set', 'set'),
      of('$1.containsAny($2)', 'set', 'set'),
      of('$1.isEmpty()', 'set'),
      fc.tuple(tagOwner, tie('string')).map(([owner, tag]) => `(${owner}).hasTag(${tag})`),
      fc
        .tuple(
          fc.oneof(tie('record'), tie('entity')),
          fc.array(names, { minLength: 1, maxLength: 3 }),
        )
        .map(([record, path]) => `(${record}) has ${pathOf(path)}`),
      ...['lessThan', 'lessThanOrEqual', 'greaterThan', 'greaterThanOrEqual'].map((method) =>
        of(`$1.${method}($2)`, 'decimal', 'decimal'),
      ),
      ...['isIpv4', 'isIpv6', 'isLoopback', 'isMulticast'].map((method) =>
        of(`$1.${method}()`, 'ip'),
      ),
      of('$1.isInRange($2)', 'ip', 'ip'),
    ],
  };
}

function pathOf(path: readonly string[]): string {
  const plain = path.filter((name) => IDENTIFIER.test(name) && name !== 'if');
  return plain.length === 0 ? quote(path[0] ?? '') : plain.join('.');
}

/** An expression of any sort, and forms that are seldom right. */
function anything(tie: Tie, leaves: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const of = (pattern: string, ...operands: (keyof Texts)[]) => form(tie, pattern, ...operands);
  return fc.oneof(
    { maxDepth: 5, depthSize: 'medium', depthIdentifier: 'cedar expression' },
    fc.oneof(leaves, fc.constantFrom('true', 'context')),
    ...(
      ['bool', 'long', 'string', 'entity', 'set', 'record', 'decimal', 'ip', 'datetime'] as const
    ).map((sort) => tie(sort)),
    tie('duration'),
    fc.tuple(tie('any'), names).map(([value, name]) => access(`(${value})`, name)),
    of('$1.getTag($2)', 'any', 'string'),
    // Wrong numbers of arguments are for the evaluator to refuse.
    of('ip($1, $2)', 'any', 'any'),
    of('$1.isInRange()', 'any'),
    of('$1.toDate($2)', 'any', 'any'),
  );
}

/** Expressions of the whole language, by what they are meant to come to, as Cedar writes them. */
export const expressions = fc.letrec<Texts>((loose) => {
  // The table below has texts under every key.
  const tie: Tie = (key) => loose(key) as fc.Arbitrary<string>;
  const of = (pattern: string, ...operands: (keyof Texts)[]) => form(tie, pattern, ...operands);
  const choice = (sort: keyof Texts, leaf: fc.Arbitrary<string>, forms: Choice['forms']) =>
    choose(tie, { leaves: fc.oneof(leaf, attribute(sort, leaf)), forms }, sort);
  const tag = fc
    .tuple(fc.constantFrom('principal', 'resource'), fc.constantFrom('n', 's', 'constructor'))
    .map(([owner, name]) => `${owner}.getTag("${name}")`);
  const members = fc
    .uniqueArray(fc.tuple(names, tie('any')), { maxLength: 3, selector: ([name]) => name })
    .map((all) => `{${all.map(([name, value]) => `${quote(name)}: ${value}`).join(', ')}}`);
  const lists = (element: keyof Texts) =>
    fc.array(tie(element), { maxLength: 4 }).map((all) => `[${all.join(', ')}]`);
  const entity = fc.oneof(fc.constantFrom('principal', 'resource', 'action'), uids);
  const emptySets = fc.constantFrom('[]', '[1, 2]', '[2, 1]', '["a"]', '[U::"a", G::"g"]', '[[]]');
  const emptyRecords = fc.constantFrom(
    'context',
    '{}',
    '{n: 1}',
    '{n: 1, s: "a"}',
    '{s: "a", n: 1}',
  );
  return {
    bool: choose(tie, boolChoice(tie), 'bool'),
    long: choice('long', longs, [
      of('$1 + $2', 'long', 'long'),
      of('$1 - $2', 'long', 'long'),
      of('$1 * $2', 'long', 'long'),
      of('-$1', 'long'),
      ...['toMilliseconds', 'toSeconds', 'toMinutes', 'toHours', 'toDays'].map((method) =>
        of(`$1.${method}()`, 'duration'),
      ),
    ]),
    string: choice('string', strings.map(quote), [tag]),
    entity: choice('entity', entity, [tag]),
    set: choice('set', emptySets, [
      ...(['any', 'long', 'entity', 'set', 'record', 'string', 'ip'] as const).map(lists),
      tag,
    ]),
    record: choice('record', emptyRecords, [members, of('$1.rec', 'record')]),
    decimal: choice('decimal', made('decimal'), [of('decimal($1)', 'string')]),
    ip: choice('ip', made('ip'), [of('ip($1)', 'string')]),
    datetime: choice('datetime', made('datetime'), [
      of('$1.offset($2)', 'datetime', 'duration'),
      of('$1.toDate()', 'datetime'),
    ]),
    duration: choice('duration', made('duration'), [
      of('$1.durationSince($2)', 'datetime', 'datetime'),
      of('$1.toTime()', 'datetime'),
    ]),
    any: anything(tie, fc.oneof(longs, strings.map(quote), entity)),
  };
});
