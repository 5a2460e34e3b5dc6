import fc from 'fast-check';

/** One change to a JSON document. */
export interface Mutation {
  readonly kind: 'drop' | 'replace' | 'copy' | 'add' | 'repeat';
  readonly at: number;
  readonly from: number;
  readonly name: string;
  readonly value: unknown;
}

const entity = (type: string, id: string) => ({ type, id });
const call = (fn: string, ...args: unknown[]) => ({
  __extn: args.length === 1 ? { fn, arg: args[0] } : { fn, args },
});

/** What is put into a document: right and wrong in most places, escapes in all their forms. */
const values: readonly unknown[] = [
  true,
  false,
  0,
  -1,
  7,
  1.5,
  2 ** 53 - 1,
  '',
  'red',
  'blue',
  'U',
  'Action',
  'view',
  'no::Name',
  '1.0',
  '1.00005',
  '10.0.0.1',
  '10.0.0.0/8',
  '2024-02-30',
  '2024-02-29',
  '1d2h',
  '__entity',
  null,
  [],
  {},
  [1, 'a'],
  [[]],
  ['red', 'red'],
  { a: 1 },
  { constructor: 1 },
  JSON.parse('{"__proto__": 1}'),
  entity('U', 'alice'),
  entity('Color', 'red'),
  entity('Color', 'blue'),
  entity('G', 'g'),
  entity('Action', 'view'),
  entity('Action', 'none'),
  entity('if', 'x'),
  entity('U ', 'x'),
  { __entity: entity('U', 'alice') },
  { __entity: entity('U', 'alice'), more: 1 },
  { __entity: 3, ...entity('U', 'alice') },
  { __expr: 'U::"a"' },
  { type: 'U' },
  { id: 3 },
  call('decimal', '1.0'),
  call('ip', '::1'),
  call('decimal', 'x'),
  call('nothing', '1'),
  { fn: 'decimal', arg: '1.0' },
  { __extn: 1, fn: 'ip', args: ['1.1.1.1'] },
  { __extn: {} },
  call('isIpv4', call('ip', '1.1.1.1')),
  call('toDays', call('duration', '3d')),
  call('offset', '2024-01-01', '1h'),
  call('toDate', call('offset', '2024-01-01', '1h')),
  call('toTime', '2024-01-01'),
  call('offset', call('datetime', '2024-01-01'), call('duration', '1h')),
];

const names = ['attrs', 'parents', 'tags', 'uid', 'type', 'id', 'a', '__proto__', 'constructor'];

/** Up to three changes to one document. */
export const mutations: fc.Arbitrary<Mutation[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('drop', 'replace', 'replace', 'copy', 'add', 'repeat'),
    at: fc.nat(),
    from: fc.nat(),
    name: fc.constantFrom(...names),
    value: fc.constantFrom(...values),
  }),
  { minLength: 1, maxLength: 3 },
);

/** A changed copy; changes that do not fit where they fall are left out. */
export function mutate(json: unknown, changes: readonly Mutation[]): unknown {
  const document = { root: structuredClone(json) };
  for (const change of changes) apply(document, change);
  return document.root;
}

interface Place {
  readonly holder: object;
  readonly key: string;
}

function apply(document: { root: unknown }, { kind, at, from, name, ...change }: Mutation): void {
  // The values are shared; a document that is changed again must have its own.
  const value = structuredClone(change.value);
  const places = placesOf(document);
  const place = places[at % places.length];
  const other = places[from % places.length];
  if (place === undefined || other === undefined) return;
  const here = get(place);
  if (kind === 'replace') set(place, value);
  if (kind === 'copy') set(place, structuredClone(get(other)));
  if (kind === 'drop' && place.holder !== document) drop(place);
  if (kind === 'repeat' && Array.isArray(place.holder)) place.holder.push(structuredClone(here));
  if (kind === 'add' && typeof here === 'object' && here !== null) {
    if (Array.isArray(here)) here.push(value);
    else set({ holder: here, key: name }, value);
  }
}

function placesOf(document: { root: unknown }): Place[] {
  const places: Place[] = [{ holder: document, key: 'root' }];
  for (const place of places) {
    const value = get(place);
    if (typeof value !== 'object' || value === null) continue;
    for (const key of Object.keys(value)) places.push({ holder: value, key });
  }
  return places;
}

function get({ holder, key }: Place): unknown {
  return Object.getOwnPropertyDescriptor(holder, key)?.value;
}

/** Also under `__proto__`. */
function set({ holder, key }: Place, value: unknown): void {
  const rest = { writable: true, enumerable: true, configurable: true };
  Object.defineProperty(holder, key, { value, ...rest });
}

function drop({ holder, key }: Place): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else Reflect.deleteProperty(holder, key);
}
