import { EntityUid, findAction, type Schema } from '@proofline/cedar';
import { NAMESPACE } from '../question.ts';
import type { Invariant } from './invariant.ts';
import { actionFits, kindsOfRequest, type KindOfRequest } from './kinds-of-request.ts';

/** What `about` names and the schema does not have: words for a sentence, none when it knows all. */
export function unknownInAbout(schema: Schema, { about }: Invariant): string[] {
  const actions = [...(schema.actions.get(`${NAMESPACE}::Action`)?.values() ?? [])];
  const ids = actions.filter((one) => one.principalTypes.size > 0).map(({ uid }) => uid.id);
  const isNobodys = (pattern: string) => !ids.some((id) => actionFits(pattern, id));
  return [
    ...[...(about.principals ?? []), ...(about.resources ?? [])]
      .filter((type) => !hasType(schema, type))
      .map((type) => `entity type ${type}`),
    ...[...(about.actions ?? []), ...(about.exceptActions ?? [])]
      .filter(isNobodys)
      .map((pattern) => `action ${pattern}`),
  ];
}

/** What the claim names and no request of its kinds has: it would be held against nothing. */
export function unknownInClaim(schema: Schema, invariant: Invariant): string[] {
  const { claim } = invariant;
  if ('onlyIfAlso' in claim) {
    return hasType(schema, claim.onlyIfAlso) ? [] : [`entity type ${claim.onlyIfAlso}`];
  }
  if (!('notMoreWithout' in claim)) return [];
  const kinds = kindsOfRequest(schema, invariant);
  return claim.notMoreWithout
    .filter((fact) => !kinds.some((kind) => hasFact(schema, kind, fact.split('.'))))
    .map((fact) => `fact ${fact}`);
}

function hasType(schema: Schema, type: string): boolean {
  return schema.entityTypes.has(`${NAMESPACE}::${type}`);
}

function hasFact(schema: Schema, { action }: KindOfRequest, path: readonly string[]): boolean {
  let type: SchemaType | undefined = findAction(
    schema,
    new EntityUid(`${NAMESPACE}::Action`, action),
  )?.context;
  for (const name of path) {
    if (type?.kind !== 'record') return false;
    type = type.attributes.find((one) => one.name === name)?.type;
  }
  return type !== undefined;
}

type Context = NonNullable<ReturnType<typeof findAction>>['context'];
type SchemaType = Context | Context['attributes'][number]['type'];
