import type { AttestationPolicy } from '@proofline/assurance';
import type { Decider, Decisions, RowDecider } from '@proofline/decisions';
import type { Clock, Id, Random } from '@proofline/kernel';
import type { EvidenceWriter } from '@proofline/ledger';
import type { Role, SignInMode } from '@proofline/protocol';
import type { SessionRegistry, SignInFlow, SignInRequests } from '@proofline/sessions';
import type { Db, Storage } from '@proofline/storage';

/** Something moved on. The composition tells the colleagues whom it concerns. */
export type WorkforceEvent = OnboardingChanged | OwnAuthenticatorsChanged | SignInRequestChanged;

/** What applications ask somebody: for their own screens alone. */
export interface SignInRequestChanged {
  readonly type: 'sign-in-request.changed';
  readonly subjectId: Id<'stf'>;
}

/** Somebody's own passkeys, or what became of them: for their own screens alone. */
export interface OwnAuthenticatorsChanged {
  readonly type: 'own-authenticators.changed';
  readonly subjectId: Id<'stf'>;
}

/** An onboarding moved on. */
export interface OnboardingChanged {
  readonly type: 'onboarding.changed';
  readonly invitationId: Id<'inv'>;
  /** The new colleague's desk: its team lead confirms. */
  readonly desk: string;
  /** Who invited; absent for founders. */
  readonly invitedBy: Id<'stf'> | undefined;
}

/** Where somebody is told what happens to their passkeys: given with the invitation, kept on file. */
export interface Channel {
  readonly kind: 'sms' | 'email';
  readonly address: string;
}

/** The outbox that the composition lends: written with the change, sent after its commit. */
export interface Messages {
  enqueue(
    tx: Db,
    draft: {
      readonly recipientId: Id<'stf'>;
      readonly to: Channel;
      readonly text: string;
      readonly link: string;
      readonly notAfterMs: number;
    },
  ): Promise<unknown>;
  kick(): void;
}

/** What the module needs from outside. */
export interface WorkforceDeps {
  readonly storage: Storage;
  readonly ledger: EvidenceWriter;
  readonly clock: Clock;
  readonly random: Random;
  readonly tenant: string;
  /** Scheme, host and port of the console, without a slash at the end. */
  readonly staffOrigin: string;
  /** The staff's RP ID: never the customers'. */
  readonly rpId: string;
  readonly companyName: string;
  /** Which hardware reaches `phrh`; may be changed while running, it is read at every ceremony. */
  readonly attestationPolicy: AttestationPolicy;
  readonly signInFlow: SignInFlow;
  readonly signInRequests: SignInRequests;
  readonly sessions: SessionRegistry;
  readonly preview: Decider['preview'];
  /** Directories with a key of their own, from the configuration. */
  readonly directories: readonly { readonly serviceId: Id<'svc'>; readonly name: string }[];
  /** Which role a group of a directory stands for, by the group’s name. */
  readonly provisioningRoles: Readonly<Record<string, Role>>;
  /** Whether policy lets a directory give a role. A decision of its own. */
  readonly mayGiveRole: (directory: string, role: Role) => Promise<boolean>;
  readonly rowsPermitted: RowDecider['rowsPermitted'];
  /** What security has stopped, as far as it concerns a colleague. */
  readonly stopsFor: Decisions['stopsFor'];
  readonly messages: Messages;
  /** How people sign in at some desks; at the others, as at a machine of their own. */
  readonly deskModes?: Readonly<Record<string, SignInMode>>;
  /** How many authenticators somebody in these roles must keep. */
  readonly leastAuthenticators: (roles: readonly Role[]) => number;
  /** Called after the commit. Must not throw. */
  readonly notify: (event: WorkforceEvent) => void;
}

/** A member of a fresh installation's first staff. */
export interface Founder {
  readonly displayName: string;
  readonly desk: string;
  readonly employeeNumber: string;
  readonly role: Role;
  readonly channels?: readonly Channel[] | undefined;
}

/** A founder's invitation. The link is a secret: hand it over in person. */
export interface FounderInvitation {
  readonly subjectId: Id<'stf'>;
  readonly invitationId: Id<'inv'>;
  readonly displayName: string;
  readonly role: Role;
  readonly link: string;
  readonly expiresAt: string;
}

/** A colleague as other rooms may know them. */
export interface Colleague {
  readonly subjectId: Id<'stf'>;
  readonly displayName: string;
  readonly desk: string;
  /** None until the account is active. */
  readonly roles: readonly Role[];
  readonly active: boolean;
  /** The account was recovered, and counts for less until then (ISO 8601). */
  readonly recoveredUntil?: string;
}
