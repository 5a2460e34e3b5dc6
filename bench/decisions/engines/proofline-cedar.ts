import {
  actionEntities,
  createEntityStore,
  readEntities,
  type Answer,
  type EntityStore,
} from '@proofline/cedar';
import { cedarInputOf, type CedarInput } from '../cedar-input.ts';
import type { Workload } from '../workload-of.ts';
import { compare, type Contestant, type Step } from './contestant.ts';
import { loadCedar, readRequest, type LoadedCedar } from './load-cedar.ts';

/**
 * What the hot loop starts from: `ready` – uids, context and entities as the engine has them;
 * `raw` – parsed JSON, whose scope and context are checked by the schema, over entities that are
 * known; `raw-with-entities` – the entities come with each request too, as cedar-wasm must have it.
 */
export type StartFrom = 'ready' | 'raw' | 'raw-with-entities';

/** `packages/cedar`. */
export function prooflineCedar(
  { rules, requests, expected }: Workload,
  from: StartFrom,
): Contestant {
  let loaded: LoadedCedar | undefined;
  let asks: ((index: number) => Answer) | undefined;
  return {
    load() {
      const steps: Step[] = [];
      loaded = loadCedar(rules, steps);
      return steps;
    },
    takeRequests() {
      if (loaded) asks = askerOf(loaded, requests.map(cedarInputOf), from);
    },
    count: () => requests.length,
    ask: (index) => asks?.(index),
    check(index) {
      const answer = asks?.(index);
      const allowed = answer?.decision === 'allow';
      compare(index, { allowed, determining: answer?.determining ?? [] }, expected[index]);
    },
  };
}

function askerOf(
  { schema, authorizer }: LoadedCedar,
  inputs: readonly CedarInput[],
  from: StartFrom,
): (index: number) => Answer {
  const actions = actionEntities(schema);
  const all = createEntityStore([...readEntities(distinct(inputs), { schema }), ...actions]);
  const actionStore = createEntityStore(actions);
  if (from === 'ready') {
    const ready = inputs.map((input) => readRequest(schema, input));
    return (index) => authorizer.authorize(at(ready, index), all);
  }
  if (from === 'raw') {
    return (index) => authorizer.authorize(readRequest(schema, at(inputs, index)), all);
  }
  return (index) => {
    const input = at(inputs, index);
    const own = createEntityStore(readEntities(input.entities, { schema }));
    return authorizer.authorize(readRequest(schema, input), withActions(own, actionStore));
  };
}

/** A request's own entities before the actions of the schema. */
export function withActions(own: EntityStore, actions: EntityStore): EntityStore {
  return { find: (uid) => own.find(uid) ?? actions.find(uid) };
}

function distinct(inputs: readonly CedarInput[]): unknown[] {
  const entities = inputs.flatMap((input) => input.entities);
  return [...new Map(entities.map((one) => [`${one.uid.type} ${one.uid.id}`, one])).values()];
}

function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error('there is no such request');
  return found;
}
