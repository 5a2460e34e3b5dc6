import type { Id, Json } from '@proofline/kernel';
import type {
  Acr,
  AssuranceTimes,
  HttpExchange,
  CustomerSignInRequest,
  Realm,
  SessionBinding,
  SignInMode,
  SignInRequest,
  SilencedApplication,
  Total,
} from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { ConsentTerms } from './consents/domain/terms.ts';
import type { SingleAct } from './domain/single-act.ts';

/** A live session's facts. */
export interface SessionFacts {
  readonly sessionId: Id<'ses'>;
  readonly realm: Realm;
  readonly subjectId: string;
  /** Unix seconds of the last proof at each level. */
  readonly assurance: AssuranceTimes;
  readonly startedAtMs: number;
  readonly expiresAtMs: number;
  readonly mode: SignInMode;
  readonly lockAfterSeconds: number;
  /** It lives, and does nothing until its own passkey is touched. */
  readonly locked: boolean;
  /** The entry `session.started`. */
  readonly evidenceId: Id<'evt'>;
}

/** {@link SessionFacts} as people are shown them. */
export interface SessionState extends SessionFacts {
  readonly lastSeenAtMs: number;
  readonly boundTo: SessionBinding;
  /** When a use of its cookie without the key was refused last. */
  readonly refusedAtMs?: number;
}

/** Live sessions as a list shows them, and how many there are in all. */
export interface LiveSessions {
  readonly sessions: readonly SessionState[];
  readonly total: Total;
}

/** A program that acts under a grant, and by which of its terms: what is taken from them ends it. */
export interface GrantProgram {
  readonly serviceId: Id<'svc'>;
  /** RFC 7638 thumbprint of a registered key. */
  readonly kid: string;
  /** The API of its own at which it was called. */
  readonly calledAt: string;
  /** The API that it went on to. */
  readonly goesTo: string;
}

/** A grant: one case, named actions, one audience, at most 300 s, bound to a key. */
export interface GrantFacts {
  readonly grantId: Id<'grt'>;
  readonly sessionId: Id<'ses'>;
  readonly subjectId: Id<'stf'>;
  readonly interactionId: Id<'int'>;
  readonly caseId: Id<'cse'>;
  readonly proofId: Id<'prf'>;
  readonly actions: readonly string[];
  /** Who acts under it, in the order in which they were called; empty: its person alone. */
  readonly programs: readonly GrantProgram[];
  readonly live: boolean;
  readonly expiresAtMs: number;
  /** The entry `grant.issued`. */
  readonly evidenceId: Id<'evt'>;
}

/** What a completed passkey assertion says, for {@link SignInFlow.finish}. */
export interface Login {
  readonly subjectId: Id<'stf'>;
  readonly acr: Acr;
  /** RFC 8176 and OpenID EAP method names: `pop`, `hwk` or `swk`, `user`. */
  readonly amr: readonly string[];
  /** The authenticator used. */
  readonly authenticatorId: Id<'ath'>;
  /** The entry of its registration: cause of the session's entry. */
  readonly authenticatorEvidenceId: Id<'evt'>;
  /** The entry that gave them their role: the other cause. */
  readonly roleEvidenceId?: Id<'evt'> | undefined;
}

/** A proposed set of policies, for whoever is asked to act on it. */
export interface ToldCandidate {
  readonly digest: string;
  readonly note: string;
}

/** One thing that an application asks a person to agree to. */
export interface AskedToDo {
  /** The end of “… asks to”. */
  readonly says: string;
  /** Every member of it. */
  readonly items: { readonly label: string; readonly value: string }[];
}

/** An OIDC interaction as the workforce module sees it: oidc-provider behind two verbs. */
export interface SignInFlow {
  /** @throws ProblemError `signin.unknown` */
  prompt(
    http: HttpExchange,
    uid: string,
  ): Promise<{
    readonly clientName: string;
    readonly kind: 'login' | 'step-up';
    /** What a program on their own computer asks to do in their name. */
    readonly act?: SingleAct & Partial<ToldCandidate> & { readonly name?: string };
    /** What an application asks this person to agree to (RFC 9396), in words. */
    readonly asks?: AskedToDo[];
    /** The session of this browser is locked, and this sign-in opens it. */
    readonly locked?: true;
    readonly acr?: Acr;
    readonly maxAgeSeconds?: number;
    /** The signed-in subject; in a step-up nobody else may answer. */
    readonly subjectId?: Id<'stf'>;
  }>;
  /** Completes the interaction; answers where the browser goes on. */
  finish(http: HttpExchange, uid: string, login: Login): Promise<{ readonly redirectTo: string }>;
  cancel(http: HttpExchange, uid: string): Promise<{ readonly redirectTo: string }>;
}

/** What an application asks of the customer at its page, and how strongly it asks it. */
export interface CustomerSignIn {
  readonly terms: ConsentTerms;
  /** Of {@link terms}. */
  readonly termsDigest: string;
  /** Who is signed in here has agreed to all of it. */
  readonly agreed: boolean;
  /** Where any passkey does not do. */
  readonly acr?: 'phrh';
}

/** What a customer’s passkey has signed: a sign-in to an application, and its terms. */
export interface CustomerLogin {
  readonly customerId: Id<'cus'>;
  readonly acr: Acr;
  readonly amr: readonly string[];
  readonly authenticatorId: Id<'ath'>;
  readonly authenticatorEvidenceId: Id<'evt'>;
  /** The terms that were signed. */
  readonly termsDigest: string;
  /** What was signed, and by which key. */
  readonly proof: Readonly<Record<string, Json>>;
  /** Notes the passkey’s use, in the transaction of the sign-in. */
  readonly noteUse: (tx: Db) => Promise<void>;
}

/** An interaction of the customers’ issuer, as the customers’ room sees it. */
export interface CustomerSignInFlow {
  /** @throws ProblemError `signin.unknown` */
  prompt(http: HttpExchange, uid: string): Promise<CustomerSignIn>;
  /**
   * Completes the interaction: session, agreement and their evidence in one transaction.
   *
   * @throws ProblemError `signin.unknown`, `ceremony.refused`
   */
  finish(
    http: HttpExchange,
    uid: string,
    login: CustomerLogin,
  ): Promise<{
    readonly redirectTo: string;
    /** Of the customer’s own page: whoever is signed in at the issuer is there as well. */
    readonly cookieSecret: string;
    readonly maxAgeSeconds: number;
  }>;
  cancel(http: HttpExchange, uid: string): Promise<{ readonly redirectTo: string }>;
}

/** The passkey that allows a request to sign in. */
export interface AllowedBy {
  readonly sessionId: Id<'ses'>;
  readonly login: Pick<Login, 'acr' | 'amr' | 'authenticatorId'>;
  readonly authenticatorEvidenceId: Id<'evt'>;
  /** What was signed, and by which key. */
  readonly proof: Readonly<Record<string, Json>>;
}

/** Allows, in the caller’s transaction; `undefined` when the request is over, or was never theirs. */
export type AllowSignIn = (tx: Db, by: AllowedBy) => Promise<Id<'evt'> | undefined>;

/** Somebody who is asked: a colleague, or a customer. */
export type PersonId = Id<'stf'> | Id<'cus'>;

interface OneRequest<P extends PersonId> {
  readonly requestId: Id<'sir'>;
  readonly subjectId: P;
}

interface Asked<Request> {
  readonly requests: Request[];
  readonly silenced: SilencedApplication[];
}

/** What applications ask of people of a realm who are not at their screen (CIBA). Each sees what they are asked. */
interface RequestsTo<P extends PersonId, Request> {
  list(subjectId: P): Promise<Asked<Request>>;
  /** `undefined`: there is no such request to them now. */
  find(of: OneRequest<P>): Promise<Request | undefined>;
  prepareAllowing(of: OneRequest<P>): Promise<AllowSignIn | undefined>;
  /** False when there is no such request to them now. */
  refuse(
    of: OneRequest<P> & {
      readonly sessionId: Id<'ses'>;
      readonly silenceMinutes?: number | undefined;
    },
  ): Promise<boolean>;
  hearAgain(of: {
    readonly subjectId: P;
    readonly sessionId: Id<'ses'>;
    readonly applicationId: Id<'app'>;
  }): Promise<void>;
}

/** What applications ask of colleagues. */
export interface SignInRequests extends RequestsTo<Id<'stf'>, SignInRequest> {
  /** Whether its application takes an answer from where this session is. */
  isTakenFrom(of: OneRequest<Id<'stf'>> & { readonly sessionId: Id<'ses'> }): Promise<boolean>;
}

/** What applications ask of customers: what they allow, they agree to as well. */
export type CustomerSignInRequests = RequestsTo<Id<'cus'>, CustomerSignInRequest>;

/** What a customer's page session needs: opaque, in a `__Host-` cookie of the customers' origin. */
export interface CustomerSessions {
  start(
    tx: Db,
    customer: {
      readonly customerId: Id<'cus'>;
      readonly acr: Acr;
      readonly authenticatorId: Id<'ath'>;
      readonly authenticatorEvidenceId: Id<'evt'>;
    },
  ): Promise<{
    readonly sessionId: Id<'ses'>;
    readonly cookieSecret: string;
    readonly maxAgeSeconds: number;
  }>;
  end(sessionId: Id<'ses'>): Promise<void>;
  endSessionsOn: EndSessionsOn;
  /** Takes back all that a customer had agreed to with applications, for the sake of this entry. */
  endConsents(
    tx: Db,
    of: { readonly customerId: Id<'cus'>; readonly because: Id<'evt'> },
  ): Promise<void>;
}

/**
 * Ends every session that rests on an authenticator which its subject removed, in the caller's
 * transaction. Call what it answers after the commit.
 */
export type EndSessionsOn = (
  tx: Db,
  removed: { readonly authenticatorId: Id<'ath'>; readonly subjectId: string },
) => Promise<() => void>;

/** Lookups and revocation. */
export interface SessionRegistry {
  /** `undefined`: unknown, ended or expired. */
  findLive(sessionId: Id<'ses'>): Promise<SessionFacts | undefined>;
  liveSessionsOf(subjectId: string): Promise<readonly SessionFacts[]>;
  /** The staff’s, or one colleague’s; last used first. */
  listLive(subjectId?: Id<'stf'>): Promise<LiveSessions>;
  findGrant(grantId: Id<'grt'>): Promise<GrantFacts | undefined>;
  /** Locks the session until its own passkey is touched in it; effective at the next request everywhere. */
  lockSession(sessionId: Id<'ses'>, because: 'by-hand' | 'idle'): Promise<void>;
  /** Ends the session, its grants and its tokens; effective at the next request everywhere. */
  endSession(sessionId: Id<'ses'>, because: string, endedBy?: string): Promise<void>;
  endSessionsOn: EndSessionsOn;
  /** After a sign-out: where the browser goes to sign out at SAML tools, if it was at any. */
  signOutElsewhere(sessionId: Id<'ses'>): Promise<string | undefined>;
  /** Ends every grant of a call, in the caller's transaction. */
  endGrantsOf(
    tx: Db,
    interactionId: Id<'int'>,
    because: string,
    causes: readonly Id<'evt'>[],
  ): Promise<void>;
}

/** What token exchange asks `interactions` (registered at composition): the proof behind a grant. */
export interface GrantBasis {
  /** The live call's case and proof, when this agent may have a grant on it; else `undefined`. */
  find(input: { readonly subjectId: Id<'stf'>; readonly caseId: Id<'cse'> }): Promise<
    | {
        readonly interactionId: Id<'int'>;
        readonly proofId: Id<'prf'>;
        readonly proofEvidenceId: Id<'evt'>;
        readonly customerId: Id<'cus'>;
        readonly accountNumber: string;
      }
    | undefined
  >;
}

/** What token exchange asks `approvals` (registered at composition): the emergency access behind a token. */
export interface BreakGlassBasis {
  /** The access, when it is open for this colleague in this very session; else `undefined`. */
  find(input: {
    readonly subjectId: Id<'stf'>;
    readonly sessionId: Id<'ses'>;
    readonly breakGlassId: Id<'bgl'>;
  }): Promise<{ readonly accountNumber: string; readonly endsAtMs: number } | undefined>;
}
