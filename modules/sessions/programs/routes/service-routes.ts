import {
  addServiceKey,
  handle,
  listServices,
  narrowService,
  registerService,
  removeService,
  resumeService,
  retireServiceKey,
  suspendService,
  widenService,
  type Decision,
  type MountedRoute,
  type StaffCaller,
} from '@proofline/protocol';
import type { SessionsContext } from '../../context.ts';
import type { ByColleague } from '../commands/acting.ts';
import { addKey, retireKey } from '../commands/change-keys.ts';
import { changeTerms, narrowService as narrow } from '../commands/change-terms.ts';
import { knownAudiences, registerProgram as register } from '../commands/register-program.ts';
import { removeProgram as remove, suspendProgram as suspend } from '../commands/suspend-program.ts';
import { describeProgram, listPrograms as list } from '../describe-programs.ts';

/** The handlers of `routes/service-registry.ts`: what security administrators see of programs, and do. */
export function serviceRoutes(context: SessionsContext): MountedRoute[] {
  return [
    handle(listServices, async () => ({
      services: await list(context),
      audiences: [...knownAudiences(context)],
      servable: [...context.resourceOrigins],
    })),
    handle(registerService, async (call) =>
      describeProgram(context, await register(context, { ...call.body, ...acting(call) })),
    ),
    handle(widenService, async ({ body, params, ...call }) => {
      await changeTerms(context, { ...body, ...params, ...acting(call) });
      return describeProgram(context, params.serviceId);
    }),
    handle(narrowService, async ({ body, params, ...call }) => {
      await narrow(context, { ...body, ...params, ...acting(call) });
      return describeProgram(context, params.serviceId);
    }),
    handle(addServiceKey, async ({ body, params, ...call }) => {
      await addKey(context, { ...body, ...params, ...acting(call) });
      return describeProgram(context, params.serviceId);
    }),
    handle(retireServiceKey, async ({ params, ...call }) => {
      await retireKey(context, { ...params, ...acting(call) });
      return describeProgram(context, params.serviceId);
    }),
    handle(suspendService, async ({ params, ...call }) => {
      await suspend(context, { ...params, ...acting(call), suspended: true });
      return describeProgram(context, params.serviceId);
    }),
    handle(resumeService, async ({ params, ...call }) => {
      await suspend(context, { ...params, ...acting(call), suspended: false });
      return describeProgram(context, params.serviceId);
    }),
    handle(removeService, async ({ params, ...call }) => {
      await remove(context, { ...params, ...acting(call) });
      return undefined;
    }),
  ];
}

function acting({
  caller,
  decision,
}: {
  readonly caller: StaffCaller;
  readonly decision: Decision;
}): ByColleague {
  return { by: caller.subjectId, decisionEvidenceId: decision.evidenceId };
}
