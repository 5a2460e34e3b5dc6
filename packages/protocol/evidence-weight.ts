import type { EvidenceKind } from './evidence.ts';

/** What became of the world by what an entry tells of. */
export type EvidenceWeight = 'read' | 'changed' | 'went-out';

/** Something about somebody left for somewhere else. */
const outward: ReadonlySet<string> = new Set<EvidenceKind>([
  'application.acted',
  'application.consented',
  'application.signed-in',
  'assertion.issued',
  'enrolment.invited',
  'evidence.exported',
  'evidence.log-read',
  'proof.requested',
]);

/** The last word of kinds that tell of a change. */
const changes: ReadonlySet<string> = new Set(
  (
    'added changed confirmed connected disconnected erased left lifted key-added key-retired ' +
    'level-changed narrowed opened promoted proposed provisioned pruned registered removed renamed ' +
    'resumed returned rolled-back shredded stage-ended staged suspended thrown token-issued used ' +
    'vouched withdrawn wrapped-up wrap-up-corrected'
  ).split(' '),
);
/** Opened, and nothing is otherwise than before. */
const looks: ReadonlySet<string> = new Set<EvidenceKind>([
  'evidence.inquiry-opened',
  'evidence.log-opened',
  'onboarding.opened',
]);
const reading = /:(?:list|read|search)$/;

/**
 * Whether an entry tells of a reading, of a change, or of something that went out; `undefined`: of none of
 * them, as a decision, which allows and does nothing yet.
 *
 * @param of the kind of the entry, and what it says of action and outcome
 */
export function weightOf(of: {
  readonly kind: string;
  readonly action?: string | undefined;
  readonly outcome?: string | undefined;
}): EvidenceWeight | undefined {
  const { action, kind, outcome } = of;
  if (kind === 'request.completed') {
    if (outcome !== 'completed' || action === undefined) return undefined;
    return reading.test(action) ? 'read' : 'changed';
  }
  if (kind === 'evidence.read' || kind === 'break-glass.used') return 'read';
  if (outward.has(kind)) return 'went-out';
  return changes.has(kind.split('.')[1] ?? '') && !looks.has(kind) ? 'changed' : undefined;
}
