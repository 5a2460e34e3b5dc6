import { CedarInputError } from '../input-error.ts';
import type { EntityUid } from '../values/value.ts';
import { nameOf } from './name-of.ts';

/** An entity while its ancestors are found. */
export interface HierarchyNode {
  readonly uid: EntityUid;
  readonly data: { readonly parents: readonly EntityUid[] };
  ancestors: readonly EntityUid[];
}

/** A long chain has quadratically many ancestors; this many are a few megabytes. */
const MAX_ANCESTORS = 1_000_000;
/** So many entities of a cycle are named. */
const NAMED_IN_CYCLE = 10;

interface Step {
  readonly node: HierarchyNode;
  next: number;
}

/**
 * Gives each node its ancestors: its parents and theirs. Walks without recursion, since a hierarchy
 * may be as deep as it is large. Throws a `CedarInputError` where a node is above itself.
 */
export function closeHierarchy(
  nodes: readonly HierarchyNode[],
  find: (uid: EntityUid) => HierarchyNode | undefined,
): void {
  const closed = new Set<HierarchyNode>();
  let count = 0;
  for (const start of nodes) {
    if (closed.has(start)) continue;
    const open = new Set([start]);
    const steps: Step[] = [{ node: start, next: 0 }];
    for (let step = steps.at(-1); step !== undefined; step = steps.at(-1)) {
      const { node } = step;
      const parent = node.data.parents[step.next];
      if (parent !== undefined) {
        step.next += 1;
        const above = find(parent);
        if (above === undefined || closed.has(above)) continue;
        if (open.has(above)) throw cycle(steps, above);
        open.add(above);
        steps.push({ node: above, next: 0 });
      } else {
        node.ancestors = collect(node, find);
        count += node.ancestors.length;
        if (count > MAX_ANCESTORS) {
          throw new CedarInputError('too-large', 'the hierarchy of the entities is too large');
        }
        closed.add(node);
        open.delete(node);
        steps.pop();
      }
    }
  }
}

/** Parents are closed already, or not in the store. */
function collect(
  node: HierarchyNode,
  find: (uid: EntityUid) => HierarchyNode | undefined,
): readonly EntityUid[] {
  const { parents } = node.data;
  if (parents.length === 0) return parents;
  const idsByType = new Map<string, Set<string>>();
  const ancestors: EntityUid[] = [];
  const add = (uid: EntityUid): void => {
    let ids = idsByType.get(uid.type);
    if (ids === undefined) idsByType.set(uid.type, (ids = new Set()));
    if (ids.has(uid.id)) return;
    ids.add(uid.id);
    ancestors.push(uid);
  };
  for (const parent of parents) {
    add(parent);
    find(parent)?.ancestors.forEach(add);
  }
  return ancestors;
}

function cycle(steps: readonly Step[], back: HierarchyNode): CedarInputError {
  const from = steps.findIndex(({ node }) => node === back);
  const names = steps.slice(from).map(({ node }) => nameOf(node.uid));
  const shown = names.slice(0, NAMED_IN_CYCLE);
  if (shown.length < names.length) shown.push(`… ${names.length - shown.length} more …`);
  const message = `the entities stand above themselves: ${[...shown, names[0]].join(' in ')}`;
  return new CedarInputError('cycle', message);
}
