import type { AccessTaskState, Decisions } from '@proofline/decisions';
import type { Clock, Id, Json, Random } from '@proofline/kernel';
import type { EvidenceWriter } from '@proofline/ledger';
import type { Role } from '@proofline/protocol';
import type { Db, Storage } from '@proofline/storage';

/** What this module must know of a colleague; `workforce` answers it through the composition. */
export interface ColleagueFacts {
  readonly displayName: string;
  readonly desk: string;
  readonly roles: readonly Role[];
}

/** Something that a screen should read again. Carries ids only. */
export interface ApprovalChanged {
  readonly type: 'approval.changed';
  /** Who asked; the supervisors of the desk are concerned too. */
  readonly staffId: Id<'stf'>;
  readonly desk: string;
  readonly approvalId: Id<'apr'>;
}

/** An emergency access moved on. Carries ids only. */
export interface BreakGlassChanged {
  readonly type: 'break-glass.changed';
  /** Who asked; security, audit and the supervisors of the desk are concerned too. */
  readonly staffId: Id<'stf'>;
  readonly desk: string;
  readonly breakGlassId: Id<'bgl'>;
}

/** What break-glass must know of people and sessions, and where it is told. Filled by the composition. */
export interface BreakGlassPorts {
  /** Hours after which an access that nobody judged is told of as overdue. */
  readonly reviewHours: number;
  readonly sessionLives: (sessionId: Id<'ses'>) => Promise<boolean>;
  /** Whose account it is; `undefined`: nobody here. Told to nobody (P9). */
  readonly customerOf: (accountNumber: string) => Promise<string | undefined>;
  /** As `staffOf`, in the transaction of a permit. */
  readonly findIn: (tx: Db, subjectId: Id<'stf'>) => Promise<ColleagueFacts | undefined>;
  /** Whether one of the two invited or confirmed the other one. */
  readonly broughtIn: (one: Id<'stf'>, other: Id<'stf'>) => Promise<boolean>;
  /** On every channel on file of a colleague, in the transaction of the step. */
  readonly tell: (tx: Db, subjectId: Id<'stf'>, text: string) => Promise<void>;
}

/** That a task of an enforcement point has ended. */
export interface CallbackNotice {
  readonly endpoint: string;
  /** Whose task it is. */
  readonly serviceId: string;
  readonly taskId: Id<'arq'>;
  readonly status: AccessTaskState['status'];
  /** As the service sent it. */
  readonly state?: Json;
}

/** Tells enforcement points, at addresses that the operator has registered for them. */
export interface Callbacks {
  /** Whether this service may be told there. */
  isAllowed(of: Pick<CallbackNotice, 'endpoint' | 'serviceId'>): Promise<boolean>;
  /** Rejects where the other side did not take it, or may no longer be told there. */
  send(notice: CallbackNotice): Promise<void>;
}

/** What the module needs from outside. */
export interface ApprovalsDeps {
  readonly storage: Storage;
  readonly ledger: EvidenceWriter;
  readonly clock: Clock;
  readonly random: Random;
  readonly tenant: string;
  /**
   * Decides whether the caller may ask for an approval on that very call, and says on which facts;
   * and what became of the request that used one up.
   */
  readonly decisions: Pick<
    Decisions,
    'require' | 'findDecision' | 'outcomesOf' | 'readDenial' | 'rowsPermitted'
  >;
  /** `undefined`: nobody who works here now. */
  readonly staffOf: (subjectId: Id<'stf'>) => Promise<ColleagueFacts | undefined>;
  /** Whether a session was taken away from its subject; leaving it oneself is not that. */
  readonly wasRevoked: (sessionId: Id<'ses'>) => Promise<boolean>;
  readonly callbacks: Callbacks;
  /** Called after the commit. Must not throw. */
  readonly notify: (event: ApprovalChanged | BreakGlassChanged) => void;
  readonly breakGlass: BreakGlassPorts;
}

/** The caller of a command: a colleague in a session. */
export interface Actor {
  readonly subjectId: Id<'stf'>;
  readonly sessionId: Id<'ses'>;
}
