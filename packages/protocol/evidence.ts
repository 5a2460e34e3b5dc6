import { z } from 'zod';

/** The closed catalogue of evidence entries: kind → what it says happened. Version 1. */
export const evidenceKinds = {
  'log.created': 'The log began',
  'decision.searched': 'An enforcement point searched who may do what',
  'policy.released': 'A set of policies became the current release',
  'policy.proposed': 'Other policies were proposed',
  'policy.vouched': 'A person answers for policies that a program proposed',
  'policy.withdrawn': 'Proposed policies were withdrawn',
  'policy.promoted': 'Proposed policies became the current release',
  'policy.staged': 'Proposed policies became current for some, or for others than before',
  'policy.stage-ended': 'Proposed policies are no longer current for some',
  'policy.rolled-back': 'An earlier set of policies became the current release again',
  'policy.refused': 'A stored release of policies was not what was signed, and was not taken',
  'policy.shadow-started': 'Proposed policies began to decide beside the live ones',
  'policy.shadow-stopped': 'Proposed policies no longer decide beside the live ones',
  'policy.engine-differed':
    'The two policy engines disagreed about a release; Cedar’s own engine decides under it from now on',
  'policy.replayed': 'Recorded decisions were derived again',
  'switch.thrown': 'Something was stopped at once',
  'switch.lifted': 'A stop was ended by a second person',
  'switch.expired': 'A stop ran out',
  'onboarding.invited': 'A new colleague was invited',
  'onboarding.opened': 'An invitation was opened on its first device',
  'onboarding.refused': 'An onboarding step was refused',
  'onboarding.confirmed': 'A team lead confirmed a new colleague in person',
  'authenticator.registered': 'A subject registered an authenticator',
  'authenticator.added': 'A subject added an authenticator, by a proof of one that they had',
  'authenticator.renamed': 'A subject gave an authenticator of theirs another name',
  'authenticator.removed': 'A subject removed an authenticator of theirs',
  'authenticator.refused': 'A change of a subject’s own authenticators was refused',
  'authenticator.level-changed': 'An authenticator counts as another level than before',
  'enrolment.invited': 'A new customer was invited to enrol',
  'enrolment.refused': 'A customer enrolment was refused',
  'session.started': 'A subject signed in',
  'session.raised': 'A subject proved themselves again',
  'session.refused': 'A sign-in was refused',
  'session.ended': 'A session ended',
  'interaction.started': 'A call rang',
  'interaction.ended': 'A call ended',
  'interaction.wrapped-up': 'How a call ended was written down',
  'interaction.wrap-up-corrected': 'How a call ended was written down otherwise than before',
  'case.opened': 'A case was opened',
  'proof.requested': 'A customer was asked for proof',
  'proof.refused': 'A proof was refused, cancelled or left unanswered',
  'proof.bound': 'A customer proved who they are, for this call',
  'proof.ended': 'A proof ended: with its call, or because it was contradicted',
  'grant.issued': 'A grant for one case was issued',
  'grant.refused': 'A grant was refused',
  'grant.ended': 'A grant ended',
  'decision.made': 'An action was decided',
  'request.completed': 'A permitted request came to its end',
  'approval.requested': 'An approval was asked for',
  'approval.decided': 'An approval was given or refused',
  'approval.used': 'An approval was used, once',
  'approval.withdrawn': 'Whoever asked for an approval took the request back',
  'evidence.read': 'Evidence was read',
  'evidence.exported': 'Evidence was exported',
} as const;

/** One of {@link evidenceKinds}. */
export type EvidenceKind = keyof typeof evidenceKinds;

/** The names of {@link evidenceKinds}, for iteration. */
// `Object.keys` forgets the literal type that it was given.
export const evidenceKindNames = Object.keys(evidenceKinds) as EvidenceKind[];
/** One of {@link evidenceKinds}. */
export const EvidenceKind = z.enum(evidenceKindNames);
