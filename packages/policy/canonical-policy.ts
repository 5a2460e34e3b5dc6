import { EntityUid, type Expression, type Policy } from '@proofline/cedar';

/**
 * What a release's digest is made from: a policy in Cedar's JSON form, spelt as RFC 8785 has it, so
 * that line breaks and comments do not count. Written straight, with the members in their order: a
 * release has thousands. Integers beyond 2^53, which JSON would round, are texts in it.
 */
export function canonicalPolicy({ annotations, conditions, ...policy }: Policy): string {
  const notes = Object.entries(annotations).map(([name, text]): Member => {
    return [name, text === '' ? 'null' : quoted(text)];
  });
  const clauses = conditions.map(({ kind, body }) => `{"body":${formOf(body)},"kind":"${kind}"}`);
  return (
    `{"action":${actionForm(policy.action)},` +
    (notes.length === 0 ? '' : `"annotations":${objectOf(notes)},`) +
    `"conditions":[${clauses.join(',')}],"effect":"${policy.effect}",` +
    `"principal":${scopeForm(policy.principal)},"resource":${scopeForm(policy.resource)}}`
  );
}

type Member = readonly [string, string];

/** Members in the order of their names (RFC 8785 §3.2.3). */
export function objectOf(members: readonly Member[]): string {
  const sorted = members.toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `{${sorted.map(([name, form]) => `${quoted(name)}:${form}`).join(',')}}`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

function scopeForm(scope: Policy['principal']): string {
  switch (scope.kind) {
    case 'any':
      return '{"op":"All"}';
    case 'equals':
      return objectOf([targetForm(scope.target), ['op', '"=="']]);
    case 'in':
      return objectOf([targetForm(scope.target), ['op', '"in"']]);
    case 'is': {
      const above = scope.in === undefined ? '' : `"in":${objectOf([targetForm(scope.in)])},`;
      return `{"entity_type":${quoted(scope.entityType)},${above}"op":"is"}`;
    }
  }
}

type Target = Extract<Policy['principal'], { readonly kind: 'in' }>['target'];

function targetForm(target: Target): Member {
  return target instanceof EntityUid ? ['entity', uidForm(target)] : ['slot', quoted(target)];
}

function actionForm(action: Policy['action']): string {
  if (action.kind === 'any') return '{"op":"All"}';
  if (action.kind === 'equals') return `{"entity":${uidForm(action.target)},"op":"=="}`;
  const [only, ...others] = action.targets.map(uidForm);
  if (only !== undefined && others.length === 0) return `{"entity":${only},"op":"in"}`;
  return `{"entities":[${action.targets.map(uidForm).join(',')}],"op":"in"}`;
}

function uidForm({ type, id }: EntityUid): string {
  return `{"id":${quoted(id)},"type":${quoted(type)}}`;
}

type Of<K extends Expression['kind']> = Expression & { readonly kind: K };
type Forms = { readonly [K in Expression['kind']]: (one: Of<K>) => string };

const forms: Forms = {
  literal: ({ value }) => `{"Value":${valueForm(value)}}`,
  variable: ({ name }) => `{"Var":"${name}"}`,
  slot: ({ name }) => `{"Slot":"${name}"}`,
  not: ({ operand }) => `{"!":{"arg":${formOf(operand)}}}`,
  negate: ({ operand }) => `{"neg":{"arg":${formOf(operand)}}}`,
  'is-empty': ({ operand }) => `{"isEmpty":{"arg":${formOf(operand)}}}`,
  and: ({ left, right }) => `{"&&":${sidesForm(left, right)}}`,
  or: ({ left, right }) => `{"||":${sidesForm(left, right)}}`,
  binary: ({ operator, left, right }) => `{"${operator}":${sidesForm(left, right)}}`,
  if: ({ condition, then, otherwise }) => {
    const branches = `"else":${formOf(otherwise)},"if":${formOf(condition)},"then":${formOf(then)}`;
    return `{"if-then-else":{${branches}}}`;
  },
  attribute: ({ of, name }) => `{".":{"attr":${quoted(name)},"left":${formOf(of)}}}`,
  has: ({ of, path }) => {
    const names = path.map(quoted);
    const attribute = names.length === 1 ? names.join() : `[${names.join(',')}]`;
    return `{"has":{"attr":${attribute},"left":${formOf(of)}}}`;
  },
  like: ({ of, pattern }) => {
    const pieces = pattern.flatMap(piecesOf).join(',');
    return `{"like":{"left":${formOf(of)},"pattern":[${pieces}]}}`;
  },
  is: ({ of, entityType, in: above }) => {
    const isIn = above === undefined ? '' : `"in":${formOf(above)},`;
    return `{"is":{"entity_type":${quoted(entityType)},${isIn}"left":${formOf(of)}}}`;
  },
  set: ({ elements }) => `{"Set":[${listForm(elements)}]}`,
  record: ({ members }) =>
    `{"Record":${objectOf(members.map(([name, member]): Member => [name, formOf(member)]))}}`,
  call: ({ name, arguments: given }) => `{"${name}":[${listForm(given)}]}`,
};

function formOf(expression: Expression): string {
  // The table has a writer of exactly this kind; TypeScript cannot correlate the two.
  const write = forms[expression.kind] as (one: Expression) => string;
  return write(expression);
}

function sidesForm(left: Expression, right: Expression): string {
  return `{"left":${formOf(left)},"right":${formOf(right)}}`;
}

function listForm(expressions: readonly Expression[]): string {
  return expressions.map(formOf).join(',');
}

function valueForm(value: Of<'literal'>['value']): string {
  if (value instanceof EntityUid) return `{"__entity":${uidForm(value)}}`;
  return typeof value === 'bigint' ? `{"__long":"${value}"}` : JSON.stringify(value);
}

/** Cedar writes the literal parts of a pattern character by character. */
function piecesOf(piece: Of<'like'>['pattern'][number]): string[] {
  if (piece === 'wildcard') return ['"Wildcard"'];
  return Array.from(piece.literal, (character) => `{"Literal":${quoted(character)}}`);
}
