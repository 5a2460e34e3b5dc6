import type { EvidenceEntry } from '@proofline/evidence';
import type { JsonObject } from '@proofline/kernel';
import { evidenceOutcomes, identityProofKinds, type EvidenceOutcome } from '@proofline/protocol';

/** What stands behind an entry: an identity proof, none, or none although something was permitted. */
export type Root = 'proof' | 'none' | 'missing';

/** What an entry is searched and counted by, besides the ids that it names. */
export interface Facets {
  readonly kind: string;
  readonly at: string;
  readonly action?: string | undefined;
  readonly outcome?: EvidenceOutcome | undefined;
  readonly root: Root;
  /** Data categories that were shown in clear, and masked: of what was carried out. */
  readonly shown: readonly string[];
  readonly masked: readonly string[];
  /** Digest of the release of policies that decided. */
  readonly release?: string | undefined;
}

/** Which rules {@link facetsOf} goes by. Raise it with them: the facets of the whole log are then made anew. */
export const FACETS_VERSION = 1;

const proofs: ReadonlySet<string> = new Set(identityProofKinds);
/** Something was done, or might have been. */
const allowed: ReadonlySet<string> = new Set<EvidenceOutcome>([
  'permit',
  'completed',
  'upstream-refused',
  'upstream-failed',
]);

/** @param hasProvedCause whether an identity proof stands behind one of its causes */
export function facetsOf(
  { at, facts, kind }: Pick<EvidenceEntry, 'at' | 'facts' | 'kind'>,
  hasProvedCause: boolean,
): Facets {
  const outcome = outcomeOf(kind, facts);
  const isProved = proofs.has(kind) || hasProvedCause;
  const action = textOf(facts['action']);
  const fields = kind === 'request.completed' ? facts['fields'] : undefined;
  const release = textOf(memberOf(facts['release'], 'digest'));
  return {
    kind,
    at,
    ...(action !== undefined && { action }),
    ...(outcome !== undefined && { outcome }),
    root: isProved ? 'proof' : outcome !== undefined && allowed.has(outcome) ? 'missing' : 'none',
    shown: textsOf(fields, 'visible'),
    masked: textsOf(fields, 'masked'),
    ...(release !== undefined && { release }),
  };
}

function outcomeOf(kind: string, facts: JsonObject): EvidenceOutcome | undefined {
  if (kind.endsWith('.refused')) return 'refused';
  const said = kind === 'decision.made' ? facts['effect'] : facts['outcome'];
  const isOf = kind === 'decision.made' || kind === 'request.completed';
  return isOf && isOutcome(said) ? said : undefined;
}

function isOutcome(value: unknown): value is EvidenceOutcome {
  return typeof value === 'string' && Object.hasOwn(evidenceOutcomes, value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name]; // An object that has it.
}

function textsOf(fields: unknown, part: 'visible' | 'masked'): readonly string[] {
  const list = memberOf(fields, part);
  return Array.isArray(list) ? list.filter((one) => typeof one === 'string') : [];
}
