import fc from 'fast-check';

/** The tokens of expressions, as lists, so that a test can break them at any place. */
type Tokens = readonly string[];

const words = fc.constantFrom(
  'a',
  'owner',
  'when',
  'permit',
  'principal',
  '__proto__',
  'constructor',
);
const strings = fc.oneof(
  fc.constantFrom('""', '"a b"', String.raw`"\n\t\0\\\'\"\x41\u{1F600}"`, '"é漢\n"', '"if"'),
  fc.string({ maxLength: 5 }).map((text) => JSON.stringify(text).replaceAll(/\\[bfu]/gu, '')),
);
const patterns = fc.constantFrom('"*"', '""', String.raw`"a*\*b**"`, String.raw`"\u{2a}x"`);
const numbers = fc.oneof(
  fc.constantFrom('0', '007', '9223372036854775807', '9007199254740993'),
  fc.nat().map(String),
);
const names: fc.Arbitrary<Tokens> = fc
  .array(words, { minLength: 1, maxLength: 3 })
  .map((path) => path.flatMap((word, index) => (index === 0 ? [word] : ['::', word])));
const entities = fc.tuple(names, strings).map(([name, id]): Tokens => [...name, '::', id]);
const variables = fc.constantFrom('principal', 'action', 'resource', 'context');

const leaf: fc.Arbitrary<Tokens> = fc.oneof(
  fc.oneof(variables, strings, numbers, fc.constantFrom('true', 'false')).map((token) => [token]),
  fc.constantFrom(['-', '9223372036854775808'], ['-', '1'], ['[', ']'], ['{', '}']),
  entities,
);

function parens(inner: fc.Arbitrary<Tokens>): fc.Arbitrary<Tokens> {
  return inner.map((tokens) => ['(', ...tokens, ')']);
}

function commas(lists: readonly Tokens[]): Tokens {
  return lists.flatMap((tokens, index) => (index === 0 ? tokens : [',', ...tokens]));
}

const { expression } = fc.letrec<{ expression: Tokens }>((tie) => {
  const inner = tie('expression');
  const operand = parens(inner);
  const arithmetic = fc.constantFrom('+', '-', '*');
  const relations = fc.constantFrom('==', '!=', '<', '<=', '>', '>=', 'in');
  const logic = fc.constantFrom('&&', '||');
  const key = fc.oneof(words, strings);
  const operand2 = fc.tuple(operand, fc.oneof(arithmetic, relations, logic), operand);
  return {
    expression: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'cedar' },
      leaf,
      operand2.map(([left, operator, right]) => [...left, operator, ...right]),
      fc
        .tuple(inner, logic, inner, logic, inner)
        .map(([a, one, b, two, c]) => ['(', ...a, ')', one, ...b, two, ...c].filter(Boolean)),
      fc
        .tuple(fc.constantFrom('!', '-'), fc.integer({ min: 1, max: 4 }), operand)
        .map(([sign, count, tokens]): Tokens => [
          ...Array.from({ length: count }, () => sign),
          ...tokens,
        ]),
      fc.tuple(operand, words).map(([of, name]) => [...of, '.', name]),
      fc.tuple(operand, strings).map(([of, name]) => [...of, '[', name, ']']),
      fc
        .tuple(operand, fc.array(words, { minLength: 1, maxLength: 3 }))
        .map(([of, path]): Tokens => [...of, 'has', ...path.join(' . ').split(' ')]),
      fc.tuple(operand, strings).map(([of, name]) => [...of, 'has', name]),
      fc.tuple(operand, patterns).map(([of, pattern]) => [...of, 'like', pattern]),
      fc.tuple(operand, names).map(([of, name]) => [...of, 'is', ...name]),
      fc
        .tuple(operand, names, operand)
        .map(([of, name, target]) => [...of, 'is', ...name, 'in', ...target]),
      fc.tuple(inner, inner, inner).map(([a, b, c]) => ['if', ...a, 'then', ...b, 'else', ...c]),
      fc.array(inner, { maxLength: 3 }).map((list) => ['[', ...commas(list), ']']),
      fc
        .uniqueArray(fc.tuple(key, inner), { maxLength: 3, selector: ([name]) => name })
        .map((members) => [
          '{',
          ...commas(members.map(([name, value]) => [name, ':', ...value])),
          '}',
        ]),
      fc
        .tuple(operand, fc.constantFrom('contains', 'containsAny', 'hasTag', 'isInRange'), inner)
        .map(([of, method, argument]) => [...of, '.', method, '(', ...argument, ')']),
      fc
        .tuple(operand, fc.constantFrom('isEmpty', 'toDate'))
        .map(([of, method]): Tokens => [...of, '.', method, '(', ')']),
      fc
        .tuple(
          fc.constantFrom('ip', 'decimal', 'datetime', 'duration'),
          fc.array(inner, { maxLength: 2 }),
        )
        .map(([name, args]) => [name, '(', ...commas(args), ')']),
    ),
  };
});

const constraint = (slot: string): fc.Arbitrary<Tokens> =>
  fc.oneof(
    fc.constant([]),
    entities.map((uid) => ['==', ...uid]),
    parens(entities).map((uid) => ['in', ...uid]),
    fc.constantFrom<Tokens[]>(['==', slot], ['in', '(', slot, ')'], ['is', 'A', 'in', slot]),
    names.map((name) => ['is', ...name]),
    fc.tuple(names, entities).map(([name, uid]) => ['is', ...name, 'in', ...uid]),
  );

const actions = fc.constantFrom<Tokens[]>(
  [],
  ['==', 'Action', '::', '"a"'],
  ['in', 'A', '::', 'Action', '::', '"a"'],
  ['in', '[', ']'],
  [
    'in',
    '(',
    '[',
    'Action',
    '::',
    '"a"',
    ',',
    '(',
    'B',
    '::',
    'Action',
    '::',
    '"b"',
    ')',
    ',',
    ']',
    ')',
  ],
);

const annotations = fc.constantFrom<Tokens[]>(
  [],
  ['@', 'id', '(', '"x"', ')'],
  ['@', 'if', '@', '__proto__', '(', '"\\n"', ')'],
);

const conditions = fc.array(
  fc
    .tuple(fc.constantFrom('when', 'unless'), expression)
    .map(([kind, body]): Tokens => [kind, '{', ...body, '}']),
  { maxLength: 3 },
);

/** The tokens of policies and templates that are well formed, but for longs that are too large. */
export const policyTokens: fc.Arbitrary<Tokens> = fc
  .record({
    annotations,
    effect: fc.constantFrom('permit', 'forbid'),
    principal: constraint('?principal'),
    action: actions,
    resource: constraint('?resource'),
    conditions,
  })
  .map((policy): Tokens => [
    ...policy.annotations,
    policy.effect,
    '(',
    ...commas([
      ['principal', ...policy.principal],
      ['action', ...policy.action],
      ['resource', ...policy.resource],
    ]),
    ')',
    ...policy.conditions.flat(),
    ';',
  ]);

const spaces = fc.constantFrom(' ', ' ', '\n', '\t', '\u2028', ' // c "\n', '\r\n', '\u00a0');

/** The tokens with something between them. */
export function spaced(tokens: fc.Arbitrary<Tokens>): fc.Arbitrary<string> {
  return fc
    .tuple(tokens, fc.array(spaces, { minLength: 1, maxLength: 5 }))
    .map(([list, between]) =>
      list.map((token, index) => token + (between[index % between.length] ?? ' ')).join(''),
    );
}

const tokens = (
  '( ) [ ] { } . , : :: ; @ ! - + * / % == = != < > && || in is has like if then else true ' +
  'principal action resource context when a ip contains __cedar ' +
  String.raw`"s" "*" "\*" "\q" 1 9223372036854775808 ?principal ?resource ?x #`
).split(' ');

/** Well formed but for one token, which is another, is one more, or is missing. */
export const brokenTokens: fc.Arbitrary<Tokens> = fc
  .tuple(
    policyTokens,
    fc.nat(),
    fc.constantFrom('put', 'insert', 'drop'),
    fc.constantFrom(...tokens),
  )
  .map(([list, at, change, token]) => {
    const index = at % list.length;
    return list.toSpliced(
      index,
      change === 'insert' ? 0 : 1,
      ...(change === 'drop' ? [] : [token]),
    );
  });
