import type { Entity } from '../entities/entity-store.ts';
import type { Frame } from './frame.ts';
import { PolicySlice } from './policy-slice.ts';
import type { ReadyPolicy } from './ready-policy.ts';
import { scopeFits } from './scope.ts';

/** Slices kept at most: requests name actions and types, and must not fill the memory with them. */
const SLICES_MAX = 4096;

/** Slices by the principal's type, then the resource's. */
type SlicesByType = Map<string, Map<string, PolicySlice>>;

/** Finds the policies that a request can meet without looking at the others. */
export class PolicyIndex {
  readonly #policies: readonly ReadyPolicy[];
  /** Per entity of an action, since its groups decide; the product's stand in the schema, once. */
  readonly #slices = new WeakMap<Entity, SlicesByType>();
  /** Per action that no entity stands for: type, then id. */
  readonly #loneSlices = new Map<string, Map<string, SlicesByType>>();
  #made = 0;

  constructor(policies: readonly ReadyPolicy[]) {
    this.#policies = policies;
  }

  /** The slice for the request's action and types. */
  sliceFor(frame: Frame): PolicySlice {
    const byType = this.#slicesOf(frame);
    const known = byType.get(frame.principal.type)?.get(frame.resource.type);
    return known ?? this.#make(frame, byType);
  }

  #slicesOf({ action, actionEntity }: Frame): SlicesByType {
    if (actionEntity !== undefined) return within(this.#slices, actionEntity);
    const known = this.#loneSlices.get(action.type)?.get(action.id);
    if (known !== undefined || this.#made >= SLICES_MAX) return known ?? new Map();
    return within(within(this.#loneSlices, action.type), action.id);
  }

  #make(frame: Frame, byType: SlicesByType): PolicySlice {
    const slice = new PolicySlice(this.#policies.filter(({ policy }) => scopeFits(policy, frame)));
    if (this.#made < SLICES_MAX) {
      within(byType, frame.principal.type).set(frame.resource.type, slice);
      this.#made += 1;
    }
    return slice;
  }
}

/** The map under a key, made where there is none. */
function within<K extends object, A, B>(map: WeakMap<K, Map<A, B>>, key: K): Map<A, B>;
function within<K, A, B>(map: Map<K, Map<A, B>>, key: K): Map<A, B>;
function within<K, A, B>(
  map: { get(key: K): Map<A, B> | undefined; set(key: K, made: Map<A, B>): unknown },
  key: K,
): Map<A, B> {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = new Map<A, B>();
  map.set(key, made);
  return made;
}
