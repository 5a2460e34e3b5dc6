import type { Id } from '@proofline/kernel';
import type { Context } from '../context.ts';
import { connectionRows } from './store/connection-rows.ts';
import { eventRows } from './store/event-rows.ts';
import { groupRows } from './store/group-rows.ts';
import { provisionedStaffRows } from './store/provisioned-staff-rows.ts';
import { personRows } from './store/people-rows.ts';

/** What every command of provisioning works with. */
export interface ScimContext extends Context {
  readonly scim: {
    readonly people: ReturnType<typeof personRows>;
    readonly connections: ReturnType<typeof connectionRows>;
    readonly events: ReturnType<typeof eventRows>;
    readonly groups: ReturnType<typeof groupRows>;
    readonly staff: ReturnType<typeof provisionedStaffRows>;
  };
}

/** On whose behalf something is changed, and why it may be. */
export interface Provisioner {
  /** `svc_…`: a connection, or a configured program. */
  readonly subjectId: string;
  /** The entry of the decision that permitted it. */
  readonly decisionEvidenceId: Id<'evt'>;
}

export function createScimContext(context: Context): ScimContext {
  const { tenant } = context;
  return {
    ...context,
    scim: {
      people: personRows(tenant),
      connections: connectionRows(tenant),
      events: eventRows(tenant),
      groups: groupRows(tenant),
      staff: provisionedStaffRows(tenant),
    },
  };
}
