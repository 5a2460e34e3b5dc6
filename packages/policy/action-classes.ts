import type { CedarType, EntityUid, Schema } from '@proofline/cedar';

/** A uid as a text that no other uid has. */
export function keyOf({ type, id }: EntityUid): string {
  return `${type}::${JSON.stringify(id)}`;
}

/**
 * Uid of an action → a text that it shares with those that are declared alike: exchanging the names
 * of two such leaves the schema as it is. Actions that others are in stand for themselves.
 */
export function classesOfActions(schema: Schema): ReadonlyMap<string, string> {
  const all = [...schema.actions.values()].flatMap((ofType) => [...ofType.values()]);
  const groups = new Set(all.flatMap(({ ancestors }) => ancestors.map(keyOf)));
  const types = new TypeClasses();
  return new Map(
    all
      .filter(({ uid }) => !groups.has(keyOf(uid)))
      .map(({ uid, ancestors, principalTypes, resourceTypes, context }) => {
        const declared = [
          uid.type,
          ancestors.map(keyOf).toSorted(),
          [...principalTypes].toSorted(),
          [...resourceTypes].toSorted(),
          types.of(context),
        ];
        return [keyOf(uid), JSON.stringify(declared)];
      }),
  );
}

/** Numbers types so that equal ones have the same; each object is looked at once, however shared. */
class TypeClasses {
  readonly #known = new Map<CedarType, number>();
  readonly #byContent = new Map<string, number>();

  of(type: CedarType): number {
    const known = this.#known.get(type);
    if (known !== undefined) return known;
    const content = this.#contentOf(type);
    const number = this.#byContent.get(content) ?? this.#byContent.size;
    this.#byContent.set(content, number);
    this.#known.set(type, number);
    return number;
  }

  #contentOf(type: CedarType): string {
    switch (type.kind) {
      case 'record': {
        const members = type.attributes.map((one) => [one.name, one.isRequired, this.of(one.type)]);
        return JSON.stringify(['record', members]);
      }
      case 'set':
        return JSON.stringify(['set', this.of(type.element)]);
      case 'entity':
        return JSON.stringify(['entity', type.entityType]);
      case 'extension':
        return JSON.stringify(['extension', type.name]);
      case 'boolean':
      case 'long':
      case 'string':
        return type.kind;
    }
  }
}
