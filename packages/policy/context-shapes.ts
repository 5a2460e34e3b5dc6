import type { Schema } from '@proofline/cedar';
import type { Json, JsonObject } from '@proofline/kernel';
import { NAMESPACE } from './question.ts';

/** Which members the context of each action may have, as the schema declares it. */
export interface ContextShapes {
  /** Whether there is such an action at all. */
  has(action: string): boolean;
  /** Every action, in the order of the schema. */
  readonly actions: readonly string[];
  /**
   * Leaves out what the schema does not declare for this action, at any depth of records. For facts
   * that come from somebody who cannot know the schema; a declared member of a wrong type stays and
   * is refused later, and so is everything about an action that there is not.
   */
  restrict(action: string, context: JsonObject): JsonObject;
  /** The only ids of an enumerated entity type; `undefined` for any other. */
  idsOf(entityType: string): readonly string[] | undefined;
}

type ContextType = NonNullable<ReturnType<typeof findShape>>;
type MemberType = ContextType['attributes'][number]['type'];

/** The shapes of a schema. */
export function contextShapesOf(schema: Schema): ContextShapes {
  return {
    has: (action) => findShape(schema, action) !== undefined,
    // Groups apply to nobody.
    actions: [...(schema.actions.get(`${NAMESPACE}::Action`)?.values() ?? [])]
      .filter(({ principalTypes }) => principalTypes.size > 0)
      .map(({ uid }) => uid.id),
    restrict(action, context) {
      const shape = findShape(schema, action);
      return shape === undefined ? context : restrictRecord(context, shape);
    },
    idsOf(entityType) {
      const ids = schema.entityTypes.get(`${NAMESPACE}::${entityType}`)?.ids;
      return ids && [...ids];
    },
  };
}

function findShape(schema: Schema, action: string) {
  return schema.actions.get(`${NAMESPACE}::Action`)?.get(action)?.context;
}

function restrictRecord(record: JsonObject, { attributes }: ContextType): JsonObject {
  return Object.fromEntries(
    attributes.flatMap(({ name, type }) => {
      const value = Object.hasOwn(record, name) ? record[name] : undefined;
      return value === undefined ? [] : [[name, restrictValue(value, type)]];
    }),
  );
}

function restrictValue(value: Json, type: MemberType): Json {
  if (type.kind !== 'record' || typeof value !== 'object' || value === null) return value;
  // Of JSON's objects only lists are no records.
  return Array.isArray(value) ? value : restrictRecord(value as JsonObject, type);
}
