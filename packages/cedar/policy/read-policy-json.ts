import type { EntityUid } from '../values/value.ts';
import type { Slot } from './expression.ts';
import { JsonPath, type Members } from './json-path.ts';
import { linkTemplate, type SlotValues, slotsOf } from './link-template.ts';
import type { ActionConstraint, Condition, Policy, ScopeConstraint } from './policy.ts';
import { readEntityType, readExpressionJson, readUid } from './read-expression-json.ts';

/** A policy set that was read from its JSON form. */
export interface PolicySetParts {
  /** Static policies and linked templates, by id. */
  readonly policies: ReadonlyMap<string, Policy>;
  readonly templates: ReadonlyMap<string, Policy>;
}

const IDENTIFIER = /^[_a-zA-Z][_a-zA-Z0-9]*$/u;
const MEMBERS = ['effect', 'principal', 'action', 'resource', 'conditions', 'annotations'];

/**
 * Reads a policy or template from Cedar's JSON policy form, as untrusted JSON whose integers are
 * numbers, or bigints beyond 2^53. Throws a `CedarInputError` with the path of what is wrong.
 */
export function readPolicyJson(json: unknown): Policy {
  return readPolicy(new JsonPath(), json);
}

/**
 * Reads a policy set from its JSON form (`staticPolicies`, `templates`, `templateLinks`) and links
 * its templates. Throws a `CedarInputError` with the path of what is wrong.
 */
export function readPolicySetJson(json: unknown): PolicySetParts {
  const at = new JsonPath();
  const object = at.exactly(json, ['staticPolicies', 'templates', 'templateLinks']);
  const templates = readPolicies(at, object, 'templates');
  const policies = readPolicies(at, object, 'staticPolicies');
  for (const id of policies.keys()) {
    if (templates.has(id)) at.refuse('duplicate', 'a policy and a template have the same id');
  }
  if (Object.hasOwn(object, 'templateLinks')) {
    const readLink = (link: unknown): void => addLink(at, link, { policies, templates });
    at.member(object, 'templateLinks', (links) => at.list(links, readLink));
  }
  return { policies, templates };
}

function readPolicies(
  at: JsonPath,
  set: Members,
  name: 'staticPolicies' | 'templates',
): Map<string, Policy> {
  const policies = new Map<string, Policy>();
  if (!Object.hasOwn(set, name)) return policies;
  at.member(set, name, (json) => {
    for (const [id, member] of Object.entries(at.object(json))) {
      at.inside(id, () => {
        const policy = readPolicy(at, member);
        if (slotsOf(policy).length === 0 && name === 'templates') {
          at.refuse('malformed', 'a template has at least one slot');
        }
        if (slotsOf(policy).length > 0 && name === 'staticPolicies') {
          at.refuse('malformed', 'a static policy has no slot');
        }
        policies.set(id, policy);
      });
    }
  });
  return policies;
}

interface PolicySetInReading {
  readonly policies: Map<string, Policy>;
  readonly templates: ReadonlyMap<string, Policy>;
}

function addLink(at: JsonPath, json: unknown, set: PolicySetInReading): void {
  const link = at.exactly(json, ['templateId', 'newId', 'values']);
  const templateId = at.member(link, 'templateId', (id) => at.string(id));
  const newId = at.member(link, 'newId', (id) => at.string(id));
  const values = at.member(link, 'values', (members) => readSlotValues(at, members));
  const template = set.templates.get(templateId);
  if (template === undefined) return at.refuse('undeclared', 'there is no such template');
  if (set.policies.has(newId) || set.templates.has(newId)) {
    at.refuse('duplicate', 'another policy has this id');
  }
  const slots = slotsOf(template);
  if (slots.length !== Object.keys(values).length || !slots.every((slot) => slot in values)) {
    at.refuse('malformed', 'a link fills exactly the slots of its template');
  }
  set.policies.set(newId, linkTemplate(template, values));
}

function readSlotValues(at: JsonPath, json: unknown): SlotValues {
  const object = at.exactly(json, ['?principal', '?resource']);
  const values: Partial<Record<Slot, EntityUid>> = {};
  for (const slot of ['?principal', '?resource'] as const) {
    if (Object.hasOwn(object, slot))
      values[slot] = at.member(object, slot, (uid) => readUid(at, uid));
  }
  return values;
}

function readPolicy(at: JsonPath, json: unknown): Policy {
  const object = at.exactly(json, MEMBERS);
  const effect = at.member(object, 'effect', (member) => member);
  if (effect !== 'permit' && effect !== 'forbid') {
    at.refuse('malformed', 'the effect is “permit” or “forbid”');
  }
  const scope = (slot: Slot) => (member: unknown) => readConstraint(at, member, slot);
  return {
    effect,
    principal: at.member(object, 'principal', scope('?principal')),
    action: at.member(object, 'action', (member) => readAction(at, member)),
    resource: at.member(object, 'resource', scope('?resource')),
    conditions: at.member(object, 'conditions', (list) =>
      at.list(list, (condition) => readCondition(at, condition)),
    ),
    annotations: readAnnotations(at, object),
  };
}

function readConstraint(at: JsonPath, json: unknown, slot: Slot): ScopeConstraint {
  const object = at.object(json);
  const operator = at.member(object, 'op', (member) => at.string(member));
  switch (operator) {
    case 'All':
    case 'all':
      return { kind: 'any' };
    case '==':
      return { kind: 'equals', target: readTarget(at, object, slot) };
    case 'in':
      return { kind: 'in', target: readTarget(at, object, slot) };
    case 'is': {
      const entityType = at.member(object, 'entity_type', (name) => readEntityType(at, name));
      // Cedar's reader takes a `null` for an absent member.
      if (!Object.hasOwn(object, 'in') || object['in'] === null) return { kind: 'is', entityType };
      const target = at.member(object, 'in', (inner) => readTarget(at, at.object(inner), slot));
      return { kind: 'is', entityType, in: target };
    }
    default:
      return at.refuse('malformed', 'a scope compares with “All”, “==”, “in” or “is”');
  }
}

/** As in Cedar, an entity wins where there is a slot too, and other members mean nothing. */
function readTarget(at: JsonPath, object: Members, slot: Slot): EntityUid | Slot {
  if (Object.hasOwn(object, 'entity')) return readEntity(at, object);
  const name = at.member(object, 'slot', (member) => at.string(member));
  if (name !== slot) at.refuse('malformed', `the only slot that can stand here is ${slot}`);
  return slot;
}

function readEntity(at: JsonPath, object: Members): EntityUid {
  return at.member(object, 'entity', (uid) => readUid(at, uid));
}

function readAction(at: JsonPath, json: unknown): ActionConstraint {
  const object = at.object(json);
  const operator = at.member(object, 'op', (member) => at.string(member));
  switch (operator) {
    case 'All':
    case 'all':
      return { kind: 'any' };
    case '==':
      return { kind: 'equals', target: checkAction(at, readEntity(at, object)) };
    case 'in': {
      const one = Object.hasOwn(object, 'entity');
      const uids = one
        ? [readEntity(at, object)]
        : at.member(object, 'entities', (list) => at.list(list, (uid) => readUid(at, uid)));
      return { kind: 'in', targets: uids.map((uid) => checkAction(at, uid)) };
    }
    default:
      return at.refuse('malformed', 'the scope of an action compares with “All”, “==” or “in”');
  }
}

function checkAction(at: JsonPath, uid: EntityUid): EntityUid {
  if (uid.type !== 'Action' && !uid.type.endsWith('::Action')) {
    at.refuse('malformed', 'the type of an action is “Action”');
  }
  return uid;
}

function readCondition(at: JsonPath, json: unknown): Condition {
  const object = at.exactly(json, ['kind', 'body']);
  const kind = at.member(object, 'kind', (member) => member);
  if (kind !== 'when' && kind !== 'unless') {
    at.refuse('malformed', 'a condition is “when” or “unless”');
  }
  return { kind, body: at.member(object, 'body', (body) => readExpressionJson(at, body)) };
}

function readAnnotations(at: JsonPath, policy: Members): Record<string, string> {
  // Without a prototype: `__proto__` is a name like any other.
  const annotations: Record<string, string> = Object.create(null) as Record<string, string>;
  if (!Object.hasOwn(policy, 'annotations')) return annotations;
  at.member(policy, 'annotations', (json) => {
    for (const [name, text] of Object.entries(at.object(json))) {
      at.inside(name, () => {
        if (!IDENTIFIER.test(name)) at.refuse('bad-name', 'the name of an annotation is a word');
        annotations[name] = text === null ? '' : at.string(text);
      });
    }
  });
  return annotations;
}
