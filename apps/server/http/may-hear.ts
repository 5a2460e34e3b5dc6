import type { Id, JsonObject } from '@proofline/kernel';
import { roles as everyRole, type Role } from '@proofline/protocol';

/** Something changed that a screen shows. Ids only; the screen asks again for the rest. */
export interface Notice {
  readonly type: NoticeType;
  /** The desk that it belongs to. */
  readonly desk: string;
  /** Whose call or request it is, where it is somebody's. */
  readonly ownerId?: Id<'stf'>;
  readonly data: JsonObject;
}

/** What decides what somebody hears; as soon as it changes, they are somebody else. */
export interface Standing {
  readonly desk: string;
  readonly roles: readonly Role[];
}

/** In which roles somebody hears of a thing: that is their own, of their desk, of any desk. */
interface Audience {
  readonly own: readonly Role[];
  readonly desk: readonly Role[];
  readonly anyDesk: readonly Role[];
}

const onCalls: readonly Role[] = [
  'billing-agent',
  'support-agent',
  'senior-agent',
  'technical-agent',
  'fraud-reviewer',
];

const ofCalls: Audience = {
  own: [...onCalls, 'team-lead', 'supervisor'],
  desk: ['team-lead', 'supervisor'],
  anyDesk: [],
};

/**
 * Who hears of what. Nobody hears an id that the list of such things does not show them (P9): each
 * line repeats the list route named beside it, and `tests/attacks/p9-live-events.test.ts` holds the
 * two together. There is no line for everybody.
 */
export const audiences = {
  // interactions.list
  'interaction.changed': ofCalls,
  'proof-request.changed': ofCalls,
  // approvals.list: whoever asked, and who may decide (policies/roles/supervisor.cedar)
  'approval.changed': {
    own: [...onCalls, 'supervisor'],
    desk: ['supervisor'],
    anyDesk: [],
  },
  // break-glass.list: whoever asked, the supervisors of the desk, and all of security and audit
  'break-glass.changed': {
    own: ['senior-agent', 'fraud-reviewer', 'team-lead', 'supervisor'],
    desk: ['supervisor'],
    anyDesk: ['security-admin', 'auditor'],
  },
  // onboarding.list: HR officers hear of what they invited because they see all of it
  'onboarding.changed': {
    own: [],
    desk: ['team-lead'],
    anyDesk: ['hr-officer', 'security-admin'],
  },
  // self.passkeys: whoever has them, and nobody else
  'own-authenticators.changed': { own: everyRole, desk: [], anyDesk: [] },
  // self.sign-in-requests: whoever is asked, and nobody else. The notice carries no id.
  'sign-in-request.changed': { own: everyRole, desk: [], anyDesk: [] },
  // switches.list
  'switch.changed': { own: [], desk: [], anyDesk: ['security-admin'] },
  // people.list: that somebody signed in or out, not who
  'session.changed': {
    own: [],
    desk: ['team-lead', 'supervisor'],
    anyDesk: ['hr-officer', 'security-admin'],
  },
  // policies.releases
  'policy.changed': { own: [], desk: [], anyDesk: ['security-admin', 'auditor'] },
  // recovery.own: of their own account, or of somebody who chose them. The notice carries no id.
  'recovery.changed': { own: everyRole, desk: [], anyDesk: [] },
  // What is in force may concern anybody; the notice carries no id.
  'policies-in-force.changed': { own: [], desk: [], anyDesk: everyRole },
  // self.read, which tells each what concerns them: a stop of a colleague is theirs, and any other may be
  // anybody's. Neither notice carries an id.
  'own-stop.changed': { own: everyRole, desk: [], anyDesk: [] },
  'stop.changed': { own: [], desk: [], anyDesk: everyRole },
} as const satisfies Record<string, Audience>;

/** The types of {@link Notice}, for whoever reads one that another process wrote. */
export const noticeTypes = Object.keys(audiences) as NoticeType[]; // `keys` forgets what it was given

/** What there is to hear of. */
export type NoticeType = keyof typeof audiences;

/** Whether a listener is told of it. */
export function mayHear(
  { type, desk, ownerId }: Omit<Notice, 'data'>,
  listener: Standing & { readonly subjectId: string },
): boolean {
  const audience: Audience = audiences[type];
  const actsAs = (roles: readonly Role[]) => listener.roles.some((role) => roles.includes(role));
  if (actsAs(audience.anyDesk)) return true;
  if (desk === listener.desk && actsAs(audience.desk)) return true;
  return ownerId === listener.subjectId && actsAs(audience.own);
}
