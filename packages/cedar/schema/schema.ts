import type { EntityUid } from '../values/value.ts';

/** The extension types of Cedar, as schemas name them. */
export type ExtensionName = 'decimal' | 'ipaddr' | 'datetime' | 'duration';

/** A type that a schema gives to an attribute, a tag or a context, common types followed. */
export type CedarType =
  | { readonly kind: 'boolean' | 'long' | 'string' }
  | { readonly kind: 'extension'; readonly name: ExtensionName }
  | EntityReferenceType
  | SetType
  | RecordType;

/** A reference to an entity of one type; `ids` where the type is an enumeration. */
export interface EntityReferenceType {
  readonly kind: 'entity';
  readonly entityType: string;
  readonly ids?: ReadonlySet<string>;
}

/** A set whose elements all have one type. */
export interface SetType {
  readonly kind: 'set';
  readonly element: CedarType;
}

/** A record with exactly these attributes, in the order of the schema. */
export interface RecordType {
  readonly kind: 'record';
  readonly attributes: readonly AttributeType[];
}

/** An attribute of a record or an entity. */
export interface AttributeType {
  readonly name: string;
  readonly type: CedarType;
  readonly isRequired: boolean;
}

/** An entity type that a schema declares. */
export interface EntityType {
  readonly name: string;
  /** The types that may stand above it, at any distance. */
  readonly ancestorTypes: ReadonlySet<string>;
  readonly attributes: RecordType;
  /** The type of every tag; without it, there are no tags. */
  readonly tags?: CedarType;
  /** The only ids that there are, where the type is an enumeration. */
  readonly ids?: ReadonlySet<string>;
}

/** An action that a schema declares. */
export interface ActionType {
  readonly uid: EntityUid;
  /** The action groups that it is in, at any distance. */
  readonly ancestors: readonly EntityUid[];
  readonly principalTypes: ReadonlySet<string>;
  readonly resourceTypes: ReadonlySet<string>;
  readonly context: RecordType;
}

/** A Cedar schema; every name is qualified (`Proofline::Staff`). */
export interface Schema {
  readonly entityTypes: ReadonlyMap<string, EntityType>;
  /** By entity type (`Proofline::Action`), then by id. */
  readonly actions: ReadonlyMap<string, ReadonlyMap<string, ActionType>>;
}

/** The action that a schema declares under this uid. */
export function findAction(schema: Schema, uid: EntityUid): ActionType | undefined {
  return schema.actions.get(uid.type)?.get(uid.id);
}

/** Whether entities of this type are actions: Cedar goes by the last part of the name. */
export function isActionType(entityType: string): boolean {
  return entityType === 'Action' || entityType.endsWith('::Action');
}
