import type { Callbacks } from '@proofline/approvals';
import { statusEndpoint } from '@proofline/decisions';
import type { CallbackTarget } from './callback-target.ts';
import { addressesOf, postGuarded, systemResolve, type Resolve } from './post-guarded.ts';

interface CallbackDeps {
  /** What the operator has registered, by the id of the service. */
  readonly targets: ReadonlyMap<string, readonly CallbackTarget[]>;
  /** `https://staff.example`: where tasks are asked after. */
  readonly staffOrigin: string;
  /** A token that says that this very body comes from this PDP. */
  readonly sign: (of: { readonly endpoint: string; readonly body: string }) => Promise<string>;
  readonly resolve?: Resolve;
}

/**
 * Tells enforcement points that a task has ended (AuthZEN Callback profile, Notification Delivery). The
 * notification opens nothing: it names the task, and its status is read where it always is.
 */
export function createCallbacks({ targets, staffOrigin, sign, resolve }: CallbackDeps): Callbacks {
  const lookUp = resolve ?? systemResolve;
  const targetOf = (serviceId: string, endpoint: string) =>
    targets.get(serviceId)?.find(({ url }) => url === endpoint);
  return {
    async isAllowed({ endpoint, serviceId }) {
      const target = targetOf(serviceId, endpoint);
      return target !== undefined && (await addressesOf(target, lookUp)).length > 0;
    },
    async send({ endpoint, serviceId, taskId, status, state }) {
      // The operator may have taken it away since.
      const target = targetOf(serviceId, endpoint);
      if (!target) throw new Error('the callback is registered no more');
      const task = { id: taskId, status, status_endpoint: statusEndpoint(staffOrigin, taskId) };
      const body = JSON.stringify({ ...(state !== undefined && { state }), task });
      const token = await sign({ endpoint, body });
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
      await postGuarded(target, { body, headers }, lookUp);
    },
  };
}
