import fc from 'fast-check';
import { mutate, mutations } from '../schema/testing/mutate-json.ts';
import { attributeKinds, attributeNames, kinds, type Kind } from './kinds.ts';

/** What policies are evaluated in; as JSON, some of it wrong. */
export interface World {
  readonly schema: string | undefined;
  readonly entities: unknown;
  readonly request: unknown;
}

/** An attribute that something has, or may have. */
interface Declaration {
  readonly name: string;
  readonly kind: Kind;
  readonly isRequired: boolean;
}

const holders = ['U', 'G', 'R', 'view', 'edit'] as const;
type Holder = (typeof holders)[number];

const kindNames = Object.keys(kinds);
const numbers = fc.array(fc.nat(999), {
  minLength: attributeNames.length,
  maxLength: attributeNames.length,
});

function kindOf(name: string, die: number): Kind {
  // One in ten is of another kind than usual, so that policies meet what they do not expect.
  const usual = attributeKinds[name] ?? 'long';
  const kind = die % 10 === 0 ? (kindNames[die % kindNames.length] ?? usual) : usual;
  return kinds[kind] ?? { schema: 'Long', values: [0] };
}

function declare(dice: readonly number[]): Declaration[] {
  return attributeNames.flatMap((name, index) => {
    const die = dice[index] ?? 0;
    if (die % 6 > 2) return [];
    return [{ name, kind: kindOf(name, Math.floor(die / 6)), isRequired: die % 6 === 1 }];
  });
}

interface Filling {
  readonly dice: readonly number[];
  readonly hasSchema: boolean;
}

function pick<T>(list: readonly T[], die: number): T | undefined {
  return list[die % list.length];
}

function valueOf({ values, bare }: Kind, die: number, hasSchema: boolean): unknown {
  return structuredClone(
    pick(hasSchema && bare !== undefined && die % 2 === 0 ? bare : values, die),
  );
}

function fill(declarations: readonly Declaration[], { dice, hasSchema }: Filling): object {
  const members = declarations.flatMap(({ name, kind, isRequired }, index) => {
    const die = dice[index] ?? 0;
    if (!isRequired && die % 3 === 0) return [];
    return [[name, valueOf(kind, Math.floor(die / 3), hasSchema)] as const];
  });
  // `fromEntries` defines, so that `__proto__` is a member.
  return Object.fromEntries(members);
}

function writeRecord(declarations: readonly Declaration[]): string {
  const members = declarations.map(
    ({ name, kind, isRequired }) =>
      `${JSON.stringify(name)}${isRequired ? '' : '?'}: ${kind.schema}`,
  );
  return `{ ${members.join(', ')} }`;
}

const tagKinds = ['long', 'string', 'strings', 'user', 'record', 'ip'];
const tagNames = ['n', 's', 'constructor', 'two words'];

interface Draft {
  readonly hasSchema: boolean;
  /** What each holder declares. */
  readonly declared: Readonly<Record<Holder, readonly number[]>>;
  readonly tags: number;
  readonly applies: number;
  readonly entities: readonly (readonly number[])[];
  readonly request: readonly number[];
}

function writeSchema({ declared, tags, applies }: Draft): string {
  const record = (holder: Holder) => writeRecord(declare(declared[holder]));
  const tagKind = pick(tagKinds, tags) ?? 'long';
  const tagged = tags % 3 === 0 ? '' : ` tags ${kinds[tagKind]?.schema ?? 'Long'}`;
  const resources = pick(['R', 'R, G', 'R, G, U, N::Team'], applies) ?? 'R';
  return `
namespace N { entity Team; action look; }
entity Color enum ["red", "green"];
entity G in [G, N::Team] ${record('G')};
entity U in [G, N::Team] ${record('U')}${tagged};
entity R in [G] ${record('R')}${tagged};
action some;
action all in [some];
action view in [all] appliesTo { principal: [U, G], resource: [${resources}], context: ${record('view')} };
action edit in [some] appliesTo { principal: [U], resource: [R], context: ${record('edit')} };
action none;
`;
}

/** The graph goes from the left to the right. */
const graph = [
  { type: 'U', id: 'a' },
  { type: 'U', id: 'b' },
  { type: 'R', id: 'r' },
  { type: 'R', id: 'q' },
  { type: 'U', id: '' },
  { type: 'G', id: 'g' },
  { type: 'G', id: 'h' },
  { type: 'G', id: '__proto__' },
  { type: 'N::Team', id: 't' },
  { type: 'Color', id: 'red' },
];

function parentsOf(index: number, die: number): object[] {
  const type = graph[index]?.type ?? '';
  const above = graph.flatMap((uid, at) => (at > Math.max(index, 4) ? [uid] : []));
  const allowed = above.filter(
    (uid) => uid.type === 'G' || (uid.type === 'N::Team' && (type === 'U' || type === 'G')),
  );
  if (type === 'Color' || type === 'N::Team') return [];
  return allowed.filter((_, at) => (die >> at) % 2 === 1);
}

function writeEntities({ entities, declared, tags, hasSchema }: Draft): object[] {
  const tagKind = kinds[pick(tagKinds, tags) ?? 'long'] ?? { schema: 'Long', values: [0] };
  const drawn = entities.flatMap((dice, index) => {
    const uid = graph[index];
    const [isThere = 0, parents = 0, tag = 0] = dice;
    if (uid === undefined || isThere % 5 < 2) return [];
    const holder = uid.type === 'U' || uid.type === 'G' || uid.type === 'R' ? uid.type : undefined;
    const attrs = holder === undefined ? {} : fill(declare(declared[holder]), { dice, hasSchema });
    const mayBeTagged = (holder === 'U' || holder === 'R') && (!hasSchema || tags % 3 !== 0);
    const tagged = mayBeTagged ? tagNames.filter((_, at) => (tag >> at) % 2 === 1) : [];
    const valueOfTag = (name: string, at: number) =>
      [name, valueOf(tagKind, tag + at, hasSchema)] as const;
    return [
      {
        uid,
        attrs,
        parents: parentsOf(index, parents),
        tags: Object.fromEntries(tagged.map(valueOfTag)),
      },
    ];
  });
  // With a schema, its actions are entities anyway.
  if (hasSchema) return drawn;
  const action = (id: string, ...above: string[]) => ({
    uid: { type: 'Action', id },
    attrs: {},
    parents: above.map((parent) => ({ type: 'Action', id: parent })),
  });
  return [...drawn, action('view', 'all'), action('all', 'some'), action('edit', 'some')];
}

/** What is usual stands in these lists often. */
const zeros = Array.from({ length: 12 }, () => 0);
const twos = Array.from({ length: 14 }, () => 2);
const views = Array.from({ length: 18 }, () => 'view');

function writeRequest({ request, declared, hasSchema }: Draft): object {
  const [who = 0, what = 0, which = 0] = request;
  const principals = [...zeros, 1, 1, 1, 4, 5, 9].map((index) => graph[index]);
  const resources = [...twos, 3, 3, 5, 0, 8].map((index) => graph[index]);
  const actions = [...views, 'edit', 'edit', 'edit', 'all', 'none'];
  const id = pick(actions, what) ?? 'view';
  const declarations = declare(declared[id === 'edit' ? 'edit' : 'view']);
  return {
    principal: pick(principals, who),
    action: { type: what % 90 === 0 ? 'N::Action' : 'Action', id },
    resource: pick(resources, which),
    context: fill(declarations, { dice: request, hasSchema }),
  };
}

/** So many shapes of a world there are: making ready a schema costs more than a decision. */
const SHAPES = 200;

/** Dice that a seed decides, by a linear congruential generator. */
function rollFrom(seed: number): number[] {
  let state = seed;
  return attributeNames.map(() => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return state >> 8;
  });
}

function shapeOf(shape: number): Pick<Draft, 'declared' | 'tags' | 'applies'> {
  const seeds = holders.map((holder, index) => [holder, rollFrom(shape * 10 + index)]);
  return {
    declared: Object.fromEntries(seeds) as Draft['declared'], // One for each of the holders.
    tags: shape,
    applies: shape,
  };
}

const drafts: fc.Arbitrary<Draft> = fc
  .record({
    shape: fc.nat(SHAPES - 1),
    hasSchema: fc.boolean(),
    entities: fc.array(numbers, { minLength: graph.length, maxLength: graph.length }),
    request: numbers,
  })
  .map(({ shape, ...draft }) => ({ ...draft, ...shapeOf(shape) }));

/** Anything, but for integers that a number has rounded: to Cedar they would be others. */
const hostile = fc.jsonValue({ maxDepth: 4 }).filter((json) => !hasRounded(json));

function hasRounded(json: unknown): boolean {
  if (typeof json === 'number') return Number.isInteger(json) && !Number.isSafeInteger(json);
  return typeof json === 'object' && json !== null && Object.values(json).some(hasRounded);
}

function withHostile(request: object, name: string, value: unknown): object {
  const { context = {} }: { context?: object } = request;
  const members = Object.entries(context).filter(([other]) => other !== name);
  return { ...request, context: Object.fromEntries([...members, [name, value]]) };
}

/** Entities, mostly with a schema or of one shape, a request; one in four is hostile. */
export const worlds: fc.Arbitrary<World> = fc
  .tuple(drafts, fc.nat(11), mutations, fc.constantFrom(...attributeNames), hostile)
  .map(([draft, die, mutation, name, value]) => {
    const changes = die < 2 ? mutation : undefined;
    const request = writeRequest(draft);
    const given = {
      entities: writeEntities(draft),
      request: die === 2 ? withHostile(request, name, value) : request,
    };
    const schema = draft.hasSchema ? writeSchema(draft) : undefined;
    const changed = changes === undefined ? given : mutate(given, changes);
    const isWhole = typeof changed === 'object' && changed !== null;
    // A mutation may drop or replace anything.
    const { entities, request: asked } = (isWhole ? changed : {}) as Partial<typeof given>;
    return { schema, entities, request: asked };
  });
