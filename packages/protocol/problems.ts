import { z } from 'zod';
import { PolicyFault, Reason, Remedy } from './decision.ts';
import { evidenceProblems } from './evidence-problems.ts';
import type { ProblemFacts } from './problem-facts.ts';
import { recoveryProblems } from './recovery-problems.ts';

/** Every error that leaves Proofline: stable code → status and public text (RFC 9457). */
export const problems = {
  'request.malformed': {
    status: 400,
    text: 'The request is not of the form that this route takes.',
  },
  'request.too-large': { status: 413, text: 'The request is larger than this route takes.' },
  'request.too-deep': { status: 400, text: 'The JSON is nested more deeply than is read here.' },
  'request.unsupported-type': { status: 415, text: 'This route reads application/json only.' },
  'request.too-many': { status: 429, text: 'Too many requests. Wait a moment and try again.' },
  'request.timeout': { status: 408, text: 'The request took too long to arrive.' },
  'request.cross-origin': { status: 403, text: 'This request came from another origin.' },
  'route.unknown': { status: 404, text: 'There is no such route.' },
  'server.busy': { status: 503, text: 'The server is at its limit. Try again in a moment.' },
  'server.failed': {
    status: 500,
    text: 'Something went wrong on our side. Look before you repeat it.',
  },

  'token.missing': { status: 401, text: 'Sign in first.' },
  'token.invalid': { status: 401, text: 'The access token is not valid here.' },
  'token.proof-missing': {
    status: 401,
    text: 'The proof of possession (DPoP or a signature) is missing.',
  },
  'token.proof-invalid': {
    status: 401,
    text: 'The proof of possession (DPoP or a signature) is not valid for this request.',
  },
  'token.proof-replayed': {
    status: 401,
    text: 'This proof of possession (DPoP or a signature) was used before.',
  },
  'session.ended': { status: 401, text: 'The session has ended. Sign in again.' },
  'session.proof-refused': {
    status: 400,
    text: 'This browser could not show that the session is its own.',
  },
  'session.locked': { status: 401, text: 'The session is locked. Unlock it with your passkey.' },
  'grant.ended': {
    status: 401,
    text: 'The grant has ended: its call, its proof or its time is over.',
  },
  'access.step-up': { status: 401, text: 'Confirm that it is you, then this can go on.' },
  'access.denied': { status: 403, text: 'This is not permitted.' },

  'saml.refused': { status: 400, text: 'This SAML message cannot be accepted here.' },

  'scim.syntax': { status: 400, text: 'This is not a request of SCIM 2.0.' },
  'scim.filter': { status: 400, text: 'This filter cannot be understood, or is too long.' },
  'scim.path': { status: 400, text: 'The path of this operation cannot be understood.' },
  'scim.target': { status: 400, text: 'The path of this operation meets nothing.' },
  'scim.value': { status: 400, text: 'A value is missing, or is none that this attribute takes.' },
  'scim.read-only': { status: 400, text: 'This attribute cannot be changed, or not taken away.' },
  'scim.too-many': { status: 400, text: 'More would be met than one answer holds.' },
  'scim.taken': { status: 409, text: 'Another person or group has this already.' },
  'scim.version': { status: 412, text: 'This was changed meanwhile. Read it again first.' },
  'scim.unknown': { status: 404, text: 'Provisioning knows nothing of this id.' },
  'scim.not-yours': { status: 403, text: 'Provisioning does not do this. A colleague has to.' },
  'provisioning.unknown': { status: 404, text: 'There is no such connection, or it has ended.' },
  'provisioning.too-many': {
    status: 409,
    text: 'Ten connections stand already. End one that is no longer used.',
  },

  'service.unknown': {
    status: 404,
    text: 'There is no such service here, or the configuration alone names it.',
  },
  'service.too-many': {
    status: 409,
    text: 'Too many services are registered. Remove one that nothing uses.',
  },
  'service.terms': {
    status: 400,
    text: 'These scopes, audiences or this owner cannot be those of this service.',
  },
  'service.key-invalid': {
    status: 400,
    text: 'This is no public key that is taken here: a P-256 or Ed25519 key alone is.',
  },
  'service.key-taken': { status: 409, text: 'This key was registered before.' },
  'service.two-keys': {
    status: 409,
    text: 'Two keys are good already. Retire the one that is no longer used.',
  },
  'signing-key.pending': { status: 409, text: 'Another signing key is on its way already.' },
  'service.rate': {
    status: 429,
    text: 'This service has sent more requests this minute than it may.',
  },

  'application.unknown': {
    status: 404,
    text: 'There is no such application, or it was removed.',
  },
  'application.unusable': {
    status: 409,
    text: 'An application cannot be registered or changed like this.',
  },
  'application.taken': { status: 409, text: 'Another application has this name.' },
  'application.stale': {
    status: 409,
    text: 'This application was changed meanwhile. Read it again first.',
  },
  'application.too-many': {
    status: 409,
    text: 'Two hundred applications are registered. Remove one that is no longer used.',
  },

  'sign-in-request.unknown': {
    status: 404,
    text: 'There is no such request to you, or it is over.',
  },
  'sign-in-request.level': {
    status: 409,
    text: 'This application asks for a stronger passkey than you have here.',
  },
  'sign-in-request.place': {
    status: 409,
    text: 'This application takes no answer from this machine or browser.',
  },

  'onboarding.link-dead': {
    status: 410,
    text: 'This link was used or replaced, has expired, or was opened on another device.',
  },
  'onboarding.not-new': {
    status: 409,
    text: 'This person has had an authenticator before, so nobody can invite them anew.',
  },
  'onboarding.desk-unknown': {
    status: 409,
    text: 'Nobody works at this desk. Choose one that there is, or say that this one is new.',
  },
  'onboarding.code-wrong': { status: 409, text: 'No new colleague is waiting with this code.' },
  'onboarding.not-yourself': {
    status: 403,
    text: 'The person who invited or registered cannot also confirm.',
  },
  'ceremony.refused': { status: 400, text: 'The passkey could not be accepted. Try again.' },
  'ceremony.expired': { status: 410, text: 'This took too long. Start again.' },
  'authenticator.unknown': { status: 404, text: 'You have no such passkey, or have it no longer.' },
  'authenticator.known': { status: 409, text: 'This passkey is registered already.' },
  'authenticator.too-many': {
    status: 409,
    text: 'You have as many passkeys as anybody may have. Remove one first.',
  },
  'authenticator.last': {
    status: 409,
    text: 'This is your only passkey. Add another before you remove it.',
  },
  'authenticator.too-few': {
    status: 409,
    text: 'Your role asks for more passkeys than would remain. Add another before you remove this.',
  },
  ...evidenceProblems,

  ...recoveryProblems,
  'signin.unknown': { status: 410, text: 'This sign-in has expired. Start again.' },

  'interaction.ended': { status: 409, text: 'The call has ended.' },
  'proof.pending': {
    status: 409,
    text: 'A request is already open. Wait for its answer or cancel it.',
  },
  'proof.too-many': {
    status: 429,
    text: 'This customer was asked three times within the hour. No further request is sent.',
  },
  'proof.code-wrong': { status: 409, text: 'No caller is waiting with this code.' },
  'proof.number-wrong': {
    status: 409,
    text: 'The number does not match. The request was refused.',
  },
  'proof.other-customer': {
    status: 409,
    text: 'Somebody else has proved who they are on this call. It stays theirs.',
  },
  'proof.closed': { status: 410, text: 'This request is no longer open.' },
  'approval.not-yours': { status: 403, text: 'Nobody decides on their own request.' },
  'approval.other-request': {
    status: 409,
    text: 'This is not the request that was denied, or the denial is too old. Try it again first.',
  },
  'approval.closed': {
    status: 409,
    text: 'This approval was decided or taken back already, or has expired.',
  },
  'break-glass.one-at-a-time': {
    status: 409,
    text: 'You have an emergency access already that waits or is open.',
  },
  'break-glass.review-overdue': {
    status: 409,
    text: 'An emergency access of yours has not been judged in time. Until it is, you get no other.',
  },
  'break-glass.too-many': {
    status: 429,
    text: 'You have asked for emergency access ten times within an hour. Wait.',
  },
  'break-glass.closed': {
    status: 409,
    text: 'This emergency access is at another point by now. Read it again first.',
  },
  'break-glass.not-yours': {
    status: 403,
    text: 'Nobody opens or judges an emergency access that they have a part in.',
  },
  'access-request.not-requestable': {
    status: 400,
    text: 'This denial cannot be asked for: its call is not live, or nobody may approve it.',
    type: 'urn:openid:authzen:access-request:error:not_requestable',
  },
  'access-request.expired-denial': {
    status: 410,
    text: 'The denial is too old to be asked for. Evaluate it again first.',
    type: 'urn:openid:authzen:access-request:error:expired_denial',
  },
  'access-request.invalid-binding': {
    status: 400,
    text: 'The access request is not for what was denied.',
    type: 'urn:openid:authzen:access-request:error:invalid_denial_binding',
  },
  'access-request.duplicate': {
    status: 409,
    text: 'This idempotency key was used for another access request.',
    type: 'urn:openid:authzen:access-request:error:duplicate_request',
  },
  'access-request.callback-refused': {
    status: 400,
    text: 'The callback is none that this service has registered, or it leads to an internal address.',
  },
  'access-request.invalid-task-state': {
    status: 409,
    text: 'This access request has come to its end already.',
    type: 'urn:openid:authzen:access-request:error:invalid_task_state',
  },
  'access-request.task-expired': {
    status: 410,
    text: 'This access request can no longer be asked after.',
    type: 'urn:openid:authzen:access-request:error:task_expired',
  },
  'access-request.unknown-task': {
    status: 404,
    text: 'There is no such access request of yours.',
    type: 'urn:openid:authzen:access-request:error:unknown_task',
  },
  'enrolment.not-new': {
    status: 409,
    text: 'This customer has had a passkey before, so nobody can invite them anew.',
  },
  'enrolment.link-dead': {
    status: 410,
    text: 'This link was used or replaced, has expired, or was opened on another device.',
  },
  'decision.unavailable': {
    status: 503,
    text: 'Nobody could decide this now, so it was not passed on. Try again in a moment.',
  },
  'decision.not-reportable': {
    status: 409,
    text: 'No result is awaited for this decision: it was no permit, or was reported before.',
  },
  'policy.unsound': {
    status: 422,
    text: 'These policies cannot be released as they are. Each fault is named with its place.',
  },
  'policy.unknown': { status: 404, text: 'There is no such release, candidate or replay.' },
  'policy.moved-on': {
    status: 409,
    text: 'Other policies have become live meanwhile. Look again before you change them.',
  },
  'candidate.closed': { status: 409, text: 'This candidate was promoted or withdrawn before.' },
  'candidate.not-yours': {
    status: 403,
    text: 'Nobody promotes what they proposed or vouched for themselves.',
  },
  'candidate.unvouched': {
    status: 409,
    text: 'A program proposed this, and no person answers for it yet.',
  },
  'candidate.vouched': { status: 409, text: 'Somebody answers for this candidate already.' },
  'candidate.failing': {
    status: 409,
    text: 'A named case of these policies comes out otherwise than it says.',
  },
  'candidate.breaks-invariant': {
    status: 409,
    text: 'These policies permit something that an invariant forbids.',
  },
  'candidate.unproved': {
    status: 409,
    text: 'It is not proved yet that these policies break no invariant.',
  },
  'candidate.drops-promises': {
    status: 409,
    text: 'These policies drop named cases or invariants of the live release, other than you said.',
  },
  'rollback.left-behind': {
    status: 409,
    text: 'What is in force does not come from this release. Propose it again.',
  },
  'rollback.breaks-invariant': {
    status: 409,
    text: 'This release permits something that an invariant of today forbids.',
  },
  'rollback.unproved': {
    status: 409,
    text: 'It is not proved yet that this release breaks no invariant of today.',
  },
  'stage.moved-on': {
    status: 409,
    text: 'This stage was begun, changed or ended meanwhile. Look again before you change it.',
  },
  'stage.other': {
    status: 409,
    text: 'Another candidate is in force for some already. End its stage first.',
  },
  'switch.closed': { status: 409, text: 'This switch was lifted before, or has run out.' },
  'switch.not-yours': { status: 403, text: 'Nobody lifts a switch that they threw themselves.' },
  'switch.too-many': {
    status: 409,
    text: 'A hundred switches stand already. Lift one, or stop everything but reading.',
  },
  'upstream.refused': {
    status: 422,
    text: 'The guarded system refused this. Nothing was changed there.',
  },
  'upstream.failed': {
    status: 502,
    text: 'The guarded system did not answer as it should.',
  },
} as const satisfies Record<string, ProblemFacts>;

/** One of {@link problems}: `area.problem`, stable. */
export type ProblemCode = keyof typeof problems;

/** The names of {@link problems}, for iteration. */
// `Object.keys` forgets the literal type that it was given.
export const problemCodes = Object.keys(problems) as ProblemCode[];

/** The body of every refusal: RFC 9457, with our extension members. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.enum(problemCodes),
  /** Why, and what would change it, in sentences; or the fields at fault. */
  detail: z.string().optional(),
  requestId: z.string().optional(),
  decisionId: z.string().optional(),
  reasons: z.array(Reason).optional(),
  remedies: z.array(Remedy).optional(),
  /** What is wrong with policies that were handed in, each with its place. */
  faults: z.array(PolicyFault).optional(),
});
export type Problem = z.infer<typeof Problem>;

interface ProblemDetails {
  readonly detail?: string;
  readonly decisionId?: string;
  readonly reasons?: readonly Reason[];
  readonly remedies?: readonly Remedy[];
  readonly faults?: readonly PolicyFault[];
  /** For our own log only; never leaves the process. Carries no personal data either. */
  readonly internal?: string;
}

/** A refusal on its way out. Thrown by commands; the HTTP edge turns it into a {@link Problem}. */
export class ProblemError extends Error {
  readonly code: ProblemCode;
  readonly details: ProblemDetails;
  constructor(code: ProblemCode, details: ProblemDetails = {}) {
    super(details.internal ? `${code}: ${details.internal}` : code);
    this.name = 'ProblemError';
    this.code = code;
    this.details = details;
  }
}
