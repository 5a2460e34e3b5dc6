import fc from 'fast-check';
import { policyTokens, spaced } from '../text/testing/policy-texts.ts';
import { actionUids, expressions, uids } from './arbitrary-expression.ts';
import { worlds, type World } from './arbitrary-world.ts';

/** A link of a template; its values as JSON. */
export interface LinkJson {
  readonly templateId: string;
  readonly newId: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Policies as texts, with all that they are asked about. */
export interface Case extends World {
  readonly policies: Readonly<Record<string, string>>;
  readonly templates: Readonly<Record<string, string>>;
  readonly links: readonly LinkJson[];
  /** Whether our engine reads the policies in their JSON form. */
  readonly asJson: boolean;
}

const types = fc.constantFrom('U', 'G', 'R', 'N::Team');

function scopes(variable: 'principal' | 'resource', targets: fc.Arbitrary<string>) {
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant(variable) },
    { weight: 1, arbitrary: targets.map((uid) => `${variable} == ${uid}`) },
    { weight: 2, arbitrary: targets.map((uid) => `${variable} in ${uid}`) },
    { weight: 1, arbitrary: types.map((type) => `${variable} is ${type}`) },
    {
      weight: 1,
      arbitrary: fc.tuple(types, targets).map(([type, uid]) => `${variable} is ${type} in ${uid}`),
    },
  );
}

const actionScopes = fc.oneof(
  { weight: 6, arbitrary: fc.constant('action') },
  { weight: 1, arbitrary: actionUids.map((uid) => `action == ${uid}`) },
  { weight: 1, arbitrary: actionUids.map((uid) => `action in ${uid}`) },
  {
    weight: 1,
    arbitrary: fc.array(actionUids, { maxLength: 3 }).map((all) => `action in [${all.join(', ')}]`),
  },
);

const holding = fc.constantFrom('', '', 'when { true }', 'unless { context has nothing }');
const asked = fc
  .array(
    fc
      .tuple(
        fc.constantFrom('when', 'when', 'unless'),
        fc.oneof(
          { weight: 9, arbitrary: expressions.bool },
          { weight: 1, arbitrary: expressions.any },
        ),
      )
      .map(([kind, body]) => `${kind} { ${body} }`),
    { minLength: 1, maxLength: 2 },
  )
  .map((all) => all.join(' '));

const conditions = fc.oneof({ weight: 1, arbitrary: holding }, { weight: 5, arbitrary: asked });

const annotations = fc.constantFrom('', '', '', '@id("x") ', '@__proto__ @if("\\n") ');

function policy(principal: fc.Arbitrary<string>, resource: fc.Arbitrary<string>) {
  return fc
    .record({
      annotations,
      effect: fc.constantFrom('permit', 'permit', 'permit', 'forbid'),
      principal: scopes('principal', principal),
      action: actionScopes,
      resource: scopes('resource', resource),
      conditions,
    })
    .map(
      (one) =>
        `${one.annotations}${one.effect}(${one.principal}, ${one.action}, ${one.resource}) ${one.conditions};`,
    );
}

const statics = fc.oneof(
  { weight: 30, arbitrary: policy(uids, uids) },
  { weight: 1, arbitrary: spaced(policyTokens) },
);
const slots = (name: string) => fc.oneof(uids, fc.constant(name), fc.constant(name));
const templates = fc.oneof(
  { weight: 30, arbitrary: policy(slots('?principal'), slots('?resource')) },
  { weight: 1, arbitrary: spaced(policyTokens) },
);

const linked = fc.constantFrom<unknown[]>(
  { type: 'U', id: 'a' },
  { type: 'G', id: 'g' },
  { type: 'G', id: 'h' },
  { type: 'R', id: 'r' },
  { type: 'N::Team', id: 't' },
  { __entity: { type: 'U', id: 'b' } },
);

interface LinkDraft {
  readonly template: number;
  readonly newId: string;
  readonly principal: unknown;
  readonly resource: unknown;
  /** 0 makes a link that does not fit its template. */
  readonly fits: number;
}

const linkIds = fc.constantFrom('l0', 'l1', 'l2', 'l3', '__proto__', 'toString');

const linkDrafts: fc.Arbitrary<LinkDraft> = fc.record({
  template: fc.nat(9),
  newId: fc.oneof({ weight: 40, arbitrary: linkIds }, { weight: 1, arbitrary: fc.constant('p0') }),
  principal: linked,
  resource: linked,
  fits: fc.nat(40),
});

function link(draft: LinkDraft, texts: readonly string[]): LinkJson {
  const template = draft.template % Math.max(texts.length, 1);
  const text = texts[template] ?? '';
  const has = (slot: string) => text.includes(slot) !== (draft.fits === 0);
  return {
    templateId: draft.fits === 1 ? 'nowhere' : `t${template}`,
    newId: draft.newId,
    values: {
      ...(has('?principal') ? { '?principal': draft.principal } : {}),
      ...(has('?resource') ? { '?resource': draft.resource } : {}),
    },
  };
}

/** Sets of policies, templates and links, whatever they decide on, and how they are read. */
export const cases: fc.Arbitrary<Case> = fc
  .record({
    world: worlds,
    statics: fc.array(statics, { minLength: 1, maxLength: 8 }),
    templates: fc.array(templates, { maxLength: 2 }),
    links: fc.uniqueArray(linkDrafts, { maxLength: 3, selector: ({ newId }) => newId }),
    die: fc.nat(19),
  })
  .map((draft): Case => {
    // A text that was to be a template may have no slot; most of them are policies then.
    const texts = draft.templates.filter((text) => text.includes('?') || draft.die === 0);
    return {
      ...draft.world,
      policies: named(
        'p',
        draft.statics.filter((text) => !text.includes('?') || draft.die === 0),
      ),
      templates: named('t', texts),
      links: texts.length === 0 ? [] : draft.links.map((one) => link(one, texts)),
      asJson: draft.die % 5 === 1,
    };
  });

function named(prefix: string, texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(texts.map((text, index) => [`${prefix}${index}`, text]));
}
