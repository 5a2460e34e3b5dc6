import type { EntityData } from '../entities/create-entity-store.ts';
import { makeRecord } from '../values/record-prototype.ts';
import type { Schema } from './schema.ts';

const nothing = makeRecord([]);

/** The actions of a schema as entities: Cedar adds them to whatever a request is decided with. */
export function actionEntities(schema: Schema): readonly EntityData[] {
  return [...schema.actions.values()].flatMap((actions) =>
    Array.from(actions.values(), ({ uid, ancestors }) => ({
      uid,
      attributes: nothing,
      tags: nothing,
      parents: ancestors,
    })),
  );
}
