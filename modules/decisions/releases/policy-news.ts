import { checkPolicies, type MountedRoute } from '@proofline/protocol';
import type { DecisionsContext } from '../context.ts';

/** Tells the screens of this node what became of policies. */
export interface PolicyNews {
  /** The same routes; those that change policies tell of it when they are done. */
  telling(routes: readonly MountedRoute[]): MountedRoute[];
  /** Tells where something else is in force than before: another node did it, or a stage ran out. */
  look(): void;
}

/** By its action, so that a route that is added tells of what it does; one only looks and changes nothing. */
const changes = ({ action, id, method }: MountedRoute['route']) =>
  method !== 'get' && action?.startsWith('policy:') === true && id !== checkPolicies.id;

/** @see PolicyNews */
export function createPolicyNews(
  context: Pick<DecisionsContext, 'release' | 'stages' | 'onPoliciesChanged'>,
): PolicyNews {
  let known: string | undefined;
  const inForce = () => {
    const { taken } = context.stages;
    const { digest, sequence } = context.release().ref;
    return [sequence, digest, taken?.stageId, taken?.revision].join(' ');
  };
  const hasMoved = () => {
    const now = inForce();
    const moved = known !== undefined && known !== now;
    known = now;
    return moved;
  };
  return {
    telling: (routes) =>
      routes.map((mounted) => {
        if (!changes(mounted.route)) return mounted;
        return {
          ...mounted,
          async handler(call: never) {
            known ??= inForce();
            const reply = await mounted.handler(call);
            context.onPoliciesChanged?.({ inForce: hasMoved() });
            return reply;
          },
        };
      }),
    look() {
      if (hasMoved()) context.onPoliciesChanged?.({ inForce: true });
    },
  };
}
