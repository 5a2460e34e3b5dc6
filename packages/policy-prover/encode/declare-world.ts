import { EntityUid, findAction, type Schema } from '@proofline/cedar';
import type { CautiousDefaults, KindOfRequest } from '@proofline/policy';
import type { Script } from '../smt/script.ts';
import { FALSE, text } from '../smt/term.ts';
import { declareRecord, declareScalar } from './declare-value.ts';
import { asReported } from './fill-defaults.ts';
import type { SymbolicEntity, SymbolicRecord } from './symbolic-value.ts';
import type { World } from './world.ts';

const ACTION = 'Proofline::Action';

/** A request of this kind of which nothing else is known. Throws `NotEncodable`. */
export function declareWorld(
  { schema, defaults }: { readonly schema: Schema; readonly defaults: CautiousDefaults },
  kind: KindOfRequest,
  script: Script,
): World {
  const action = findAction(schema, new EntityUid(ACTION, kind.action));
  if (action === undefined) throw new Error(`the schema has no action ${kind.action}`);
  const world: World = {
    script,
    schema,
    principal: declareEntity(schema, kind.principalType, script),
    action: { kind: 'entity', entityType: ACTION, term: text(kind.action) },
    resource: declareEntity(schema, kind.resourceType, script),
    context: declareRecord(action.context, script),
  };
  return asReported(world, defaults);
}

/** Any entity of a type. */
export function declareEntity(schema: Schema, entityType: string, script: Script): SymbolicEntity {
  const type = { kind: 'entity', entityType } as const;
  const { term } = declareScalar(type, script, schema.entityTypes.get(entityType)?.ids);
  return { ...type, term };
}

/** The same request without one fact (`proof`, or a member: `session.phrAgeSeconds`). */
export function withoutFact(world: World, fact: string): World {
  return { ...world, context: withoutMember(world.context, fact.split('.')) };
}

function withoutMember(
  record: SymbolicRecord,
  [name = '', ...rest]: readonly string[],
): SymbolicRecord {
  const member = record.members.get(name);
  if (member === undefined) return record;
  const { value } = member;
  const left =
    rest.length > 0 && value.kind === 'record'
      ? { ...member, value: withoutMember(value, rest) }
      : { ...member, isPresent: FALSE };
  return { ...record, members: new Map([...record.members, [name, left]]) };
}
