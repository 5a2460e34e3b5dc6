/** A schema with one of everything. */
export const richSchema = `
entity Top;
entity G in [G, Top];
entity Color enum ["red", "green"];
entity Owned in [Color];
entity U in [G] {
  a: Long, name?: String, active?: Bool, price?: decimal, when?: datetime, took?: duration,
  from?: ipaddr, boss?: U, color?: Color, did?: Action, codes?: Set<Long>, friends?: Set<U>,
  colors?: Set<Color>, home?: { a: Long, b?: { "__entity"?: String, c?: Set<{ x?: Long }> } },
  "__extn"?: Long, "__proto__"?: Long, "constructor"?: String, "two words"?: String,
} tags Set<String>;
action readonly;
action all in [readonly];
action view in [all] appliesTo { principal: [U, Color], resource: [G, U], context: Context };
action none;
type Context = { a?: Long, color?: Color, boss?: U, from?: ipaddr, inner?: { b: Bool, a?: Address } };
type Address = { street: String, codes?: Set<Long>, "constructor"?: Long, "__proto__"?: Long };
`;

/** Entities that it accepts, with every attribute. */
export const richEntities: readonly unknown[] = [
  {
    uid: { type: 'U', id: 'alice' },
    attrs: {
      a: 1,
      name: 'Alice',
      active: true,
      price: '1.5',
      when: '2024-01-01',
      took: { __extn: { fn: 'duration', arg: '1h' } },
      from: '10.0.0.1',
      boss: { type: 'U', id: 'bob' },
      color: { __entity: { type: 'Color', id: 'red' } },
      did: { type: 'Action', id: 'view' },
      codes: [1, 2, 2],
      friends: [{ type: 'U', id: 'bob' }],
      colors: [{ type: 'Color', id: 'green' }],
      home: { a: 1, b: { __entity: 'x', c: [{}, { x: 1 }] } },
      __extn: 1,
      constructor: 'x',
      'two words': '',
    },
    parents: [{ type: 'G', id: 'g' }],
    tags: { one: ['a'], toString: [] },
  },
  { uid: { type: 'U', id: 'bob' }, attrs: { a: 2 }, parents: [] },
  { uid: { type: 'G', id: 'g' }, attrs: {}, parents: [{ type: 'G', id: 'h' }] },
  { uid: { type: 'G', id: 'h' }, attrs: {}, parents: [{ type: 'Top', id: 't' }] },
  { uid: { type: 'Color', id: 'red' }, attrs: {}, parents: [] },
  { uid: { type: 'Owned', id: 'o' }, attrs: {}, parents: [{ type: 'Color', id: 'red' }] },
  { uid: { type: 'Action', id: 'all' }, attrs: {}, parents: [{ type: 'Action', id: 'readonly' }] },
];

/** A request that it accepts. */
export const richRequest = {
  principal: { type: 'U', id: 'alice' },
  action: { type: 'Action', id: 'view' },
  resource: { type: 'G', id: 'g' },
  context: {
    a: 1,
    color: { type: 'Color', id: 'red' },
    boss: { type: 'U', id: 'bob' },
    from: '10.0.0.1',
    inner: { b: true, a: { street: 'x', codes: [1], constructor: 1 } },
  },
};
