import type { EvidenceKind } from '@proofline/protocol';

/** The classes of OCSF 1.9.0 that our entries are told as: name → category and class. */
export const ocsfClasses = {
  base: { categoryUid: 0, classUid: 0, caption: 'Base Event' },
  finding: { categoryUid: 2, classUid: 2004, caption: 'Detection Finding' },
  account: { categoryUid: 3, classUid: 3001, caption: 'Account Change' },
  authentication: { categoryUid: 3, classUid: 3002, caption: 'Authentication' },
  authorization: { categoryUid: 3, classUid: 3003, caption: 'Authorize Session' },
  entity: { categoryUid: 3, classUid: 3004, caption: 'Entity Management' },
  access: { categoryUid: 3, classUid: 3005, caption: 'User Access Management' },
  api: { categoryUid: 6, classUid: 6003, caption: 'API Activity' },
  datastore: { categoryUid: 6, classUid: 6005, caption: 'Datastore Activity' },
} as const;

/** One of {@link ocsfClasses}. */
export type OcsfClass = keyof typeof ocsfClasses;

/** How one kind of entry is told. */
export interface KindRow {
  readonly as: OcsfClass;
  /** The class’s own number for what was done; 99 where it has none, and the catalogue’s sentence says it. */
  readonly activity: number;
  /** It tells of something that was not done. */
  readonly failed: boolean;
  /** 1 informational, 2 low, 3 medium, 4 high. */
  readonly severity: 1 | 2 | 3 | 4;
  /** What kind of thing is managed, and which reference names it. */
  readonly entity?: { readonly type: string; readonly ref: string };
}

const OTHER = 99;

const told = (as: OcsfClass, activity: number = OTHER): KindRow => ({
  as,
  activity,
  failed: false,
  severity: 1,
});
const failed = (as: OcsfClass, activity: number = OTHER): KindRow => ({
  as,
  activity,
  failed: true,
  severity: 2,
});
const notable = (row: KindRow, severity: KindRow['severity'] = 3): KindRow => ({
  ...row,
  severity,
});
const thing =
  (type: string, ref: string) =>
  (activity: number = OTHER): KindRow => ({ ...told('entity', activity), entity: { type, ref } });

/** The numbers of the classes’ activities, by their captions. */
const entity = { create: 1, update: 3, remove: 4, enroll: 6, unenroll: 7 } as const;
const engine = { activate: 10, deactivate: 11, suspend: 12, resume: 13 } as const;
const account = { create: 1, enable: 2, disable: 5, factorOn: 10, factorOff: 11 } as const;
const login = { on: 1, off: 2 } as const;
const access = { assign: 1, revoke: 2 } as const;

const policy = thing('policy', 'candidateId');
const stop = thing('switch', 'switchId');
const directory = thing('directory', 'connection');
const program = thing('service', 'service');
const application = thing('application', 'applicationId');
const key = thing('signing key', 'kid');
const group = thing('group', 'groupId');
const approval = thing('approval', 'approvalId');
const hold = thing('legal hold', 'holdId');
const receiver = thing('receiver of the log', 'receiver');
const emergency = thing('emergency access', 'breakGlassId');

/** Every kind of the catalogue. Where OCSF has no word for one, it is a base event and says so. */
export const kindClasses: Readonly<Record<EvidenceKind, KindRow>> = {
  'log.created': told('base'),
  'decision.searched': told('api', 2),
  'policy.released': policy(engine.activate),
  'policy.proposed': policy(entity.create),
  'policy.vouched': policy(),
  'policy.withdrawn': policy(entity.remove),
  'policy.promoted': notable(policy(engine.activate), 2),
  'policy.staged': notable(policy(engine.activate), 2),
  'policy.stage-ended': policy(engine.deactivate),
  'policy.rolled-back': notable(policy(engine.activate)),
  'policy.refused': notable(told('finding', 1), 4),
  'policy.shadow-started': policy(),
  'policy.shadow-stopped': policy(),
  'policy.engine-differed': notable(told('finding', 1), 4),
  'policy.replayed': policy(),
  'switch.thrown': notable(stop(engine.activate)),
  'switch.lifted': notable(stop(engine.deactivate)),
  'switch.expired': stop(engine.deactivate),
  'onboarding.invited': told('account'),
  'onboarding.opened': told('account'),
  'onboarding.refused': failed('account'),
  'onboarding.confirmed': told('account', account.enable),
  'authenticator.registered': told('account', account.factorOn),
  'authenticator.added': told('account', account.factorOn),
  'authenticator.renamed': told('account'),
  'authenticator.removed': told('account', account.factorOff),
  'authenticator.refused': failed('account'),
  'authenticator.level-changed': notable(told('account'), 2),
  'provisioning.connected': directory(entity.enroll),
  'provisioning.token-issued': directory(entity.update),
  'provisioning.disconnected': directory(entity.unenroll),
  'provisioning.refused': { ...failed('entity'), entity: { type: 'directory', ref: 'connection' } },
  'service.configured': program(entity.create),
  'service.registered': program(entity.create),
  'service.changed': program(entity.update),
  'service.narrowed': program(entity.update),
  'service.key-added': program(entity.update),
  'service.key-retired': program(entity.update),
  'service.suspended': program(engine.suspend),
  'service.resumed': program(engine.resume),
  'service.removed': program(entity.remove),
  'application.registered': application(entity.create),
  'application.changed': application(entity.update),
  'application.suspended': application(engine.suspend),
  'application.resumed': application(engine.resume),
  'application.removed': application(entity.remove),
  'application.signed-in': told('authentication', login.on),
  'application.consented': told('access', access.assign),
  'application.consent-withdrawn': told('access', access.revoke),
  'application.acted': told('api'),
  'application.code-replayed': notable(told('finding', 1), 4),
  'application.logout-told': told('authentication', login.off),
  'application.logout-failed': failed('authentication', login.off),
  'application.silenced': application(entity.update),
  'application.heard-again': application(entity.update),
  'sign-in-request.asked': told('authentication'),
  'sign-in-request.allowed': told('authentication'),
  'sign-in-request.not-proved': failed('authentication'),
  'sign-in-request.refused': failed('authentication'),
  'sign-in-request.expired': failed('authentication'),
  'sign-in-request.told': told('authentication'),
  'signing-key.added': key(entity.create),
  'customers-signing-key.added': key(entity.create),
  'person.provisioned': told('account', account.create),
  'person.changed': told('account'),
  'person.left': told('account', account.disable),
  'person.returned': told('account', account.enable),
  'group.provisioned': group(entity.create),
  'group.changed': group(entity.update),
  'group.removed': group(entity.remove),
  'recovery.prepared': told('account'),
  'recovery.contact-invited': told('account'),
  'recovery.started': notable(told('account')),
  'recovery.proof-given': told('account'),
  'recovery.proof-lost': told('account'),
  'recovery.told': told('account'),
  'recovery.cancelled': notable(told('account')),
  'recovery.ended': told('account'),
  'recovery.refused': failed('account'),
  'recovery.completed': notable(told('account')),
  'enrolment.invited': told('account'),
  'enrolment.refused': failed('account'),
  'session.started': told('authentication', login.on),
  'session.raised': told('authentication'),
  'session.lowered': told('authentication'),
  'session.bound': told('authentication'),
  'session.locked': told('authentication'),
  'session.unlocked': told('authentication'),
  'session.refused': failed('authentication', login.on),
  'session.ended': told('authentication', login.off),
  'assertion.issued': told('authentication'),
  'assertion.refused': failed('authentication'),
  'interaction.started': told('base'),
  'interaction.ended': told('base'),
  'interaction.wrapped-up': told('base'),
  'interaction.wrap-up-corrected': told('base'),
  'case.opened': told('base'),
  'proof.requested': told('authentication'),
  'proof.refused': failed('authentication'),
  'proof.bound': told('authentication'),
  'proof.ended': told('authentication'),
  'grant.issued': told('authorization', 1),
  'grant.refused': failed('authorization', 1),
  'grant.ended': told('authorization'),
  'decision.made': told('api'),
  'request.completed': told('api'),
  'approval.requested': approval(entity.create),
  'approval.decided': approval(entity.update),
  'approval.used': approval(entity.update),
  'approval.withdrawn': approval(entity.remove),
  'break-glass.requested': notable(emergency(entity.create)),
  'break-glass.declined': emergency(entity.update),
  'break-glass.opened': notable(emergency(engine.activate)),
  'break-glass.used': notable(told('api', 2)),
  'break-glass.ended': emergency(engine.deactivate),
  'break-glass.reviewed': emergency(entity.update),
  'break-glass.escalated': notable(told('finding', 1), 4),
  'evidence.inquiry-opened': told('datastore', 3),
  'evidence.searched': told('datastore', 4),
  'evidence.read': told('datastore', 1),
  'evidence.exported': told('datastore', 1),
  'evidence.log-opened': notable(told('datastore', 3), 2),
  'evidence.log-read': told('datastore', 1),
  'hold.placed': hold(entity.create),
  'hold.lifted': notable(hold(entity.remove), 2),
  'retention.published': notable(told('entity', entity.create), 2),
  'erasure.requested': told('datastore'),
  'erasure.declined': failed('datastore'),
  'erasure.approved': notable(told('datastore')),
  'erasure.fields': notable(told('datastore', 7)),
  'erasure.entries': notable(told('datastore', 7)),
  'erasure.pruned': notable(told('datastore', 7)),
  'key-encryption.rotated': notable(told('entity', entity.update), 2),
  'evidence.receiver-set': notable(receiver(entity.create), 2),
  'evidence.receiver-removed': receiver(entity.remove),
};
