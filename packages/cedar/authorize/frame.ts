import type { Entity, EntityStore } from '../entities/entity-store.ts';
import type { CedarRecord, EntityUid } from '../values/value.ts';

/** What is asked: may this principal do this action on this resource, in this context? */
export interface Request {
  readonly principal: EntityUid;
  readonly action: EntityUid;
  readonly resource: EntityUid;
  readonly context: CedarRecord;
}

/** A request beside the entities that it is decided with: all that a policy can see. */
export class Frame {
  readonly principal: EntityUid;
  readonly action: EntityUid;
  readonly resource: EntityUid;
  readonly context: CedarRecord;
  readonly principalEntity: Entity | undefined;
  readonly actionEntity: Entity | undefined;
  readonly resourceEntity: Entity | undefined;
  readonly #entities: EntityStore;

  constructor(request: Request, entities: EntityStore) {
    this.principal = request.principal;
    this.action = request.action;
    this.resource = request.resource;
    this.context = request.context;
    this.#entities = entities;
    this.principalEntity = entities.find(request.principal);
    this.actionEntity = entities.find(request.action);
    this.resourceEntity = entities.find(request.resource);
  }

  isActionIn(group: EntityUid): boolean {
    return this.actionEntity !== undefined && this.actionEntity.isBelow(group);
  }

  /** The three that policies mostly ask about were looked up already. */
  find(uid: EntityUid): Entity | undefined {
    if (uid === this.principal) return this.principalEntity;
    if (uid === this.resource) return this.resourceEntity;
    if (uid === this.action) return this.actionEntity;
    return this.#entities.find(uid);
  }
}
