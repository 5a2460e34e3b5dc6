import type { Id } from '@proofline/kernel';
import type { SessionsContext } from '../../context.ts';
import { serviceRows } from '../store/service-rows.ts';
import { changeService, type ByColleague } from './acting.ts';

type OfService = ByColleague & { readonly serviceId: Id<'svc'> };

/** Suspends a service, or lets it go on. @throws ProblemError `service.unknown` */
export async function suspendProgram(
  context: SessionsContext,
  asked: OfService & { readonly suspended: boolean },
): Promise<void> {
  const at = asked.suspended ? new Date(context.clock.now()) : undefined;
  await changeService(context, asked, async (tx, row) => {
    await serviceRows(context.tenant).setSuspended(tx, row.serviceId, at);
    return { kind: asked.suspended ? 'service.suspended' : 'service.resumed', facts: {} };
  });
}

/** Removes a service and every key of it, for good. @throws ProblemError `service.unknown` */
export async function removeProgram(context: SessionsContext, asked: OfService): Promise<void> {
  const rows = serviceRows(context.tenant);
  const at = new Date(context.clock.now());
  await changeService(context, asked, async (tx, row) => {
    for (const { kid } of await rows.keysOf(tx, row.serviceId)) await rows.retireKey(tx, kid, at);
    await rows.remove(tx, row.serviceId, at);
    return { kind: 'service.removed', facts: { name: row.name } };
  });
}
