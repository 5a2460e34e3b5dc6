import { diffInvariants, type Invariant, type ReleaseParts } from '@proofline/policy';
import { ProblemError, type PolicyFault } from '@proofline/protocol';
import type { DecisionsContext } from '../../context.ts';
import type { ReleaseRow } from '../../store/tables.ts';
import { compiler, type Urgency } from '../compile/compiler.ts';
import { checkSignature, lookOverStored, textOf } from '../domain/verify-release.ts';
import type { Provable } from '../domain/provable.ts';
import { invariantsInForce } from './live-promises.ts';
import { storedText } from './release-files.ts';

/** An earlier release as it would become live now. */
export interface HeldRelease {
  readonly parts: ReleaseParts;
  readonly lockOut: readonly PolicyFault[];
  /** Its texts with the invariants of today, as they are stored. */
  readonly text: string;
  /** What is not known yet: of its own invariants those hold that were proved when it became live. */
  readonly toProve: Provable;
}

/**
 * An earlier release with the invariants of today in the place of its own.
 *
 * @throws UnsoundRelease when it is not what was signed
 * @throws ProblemError `rollback.breaks-invariant` when an invariant of today cannot even be asked of it
 */
export async function heldToToday(
  context: DecisionsContext,
  row: ReleaseRow,
  urgency: Urgency,
): Promise<HeldRelease> {
  checkSignature(row, context.releases.signer);
  const own = await lookOverStored(row, { urgency });
  const today = invariantsInForce(context);
  const isSame = diffInvariants(today, own.parts.invariants).length === 0;
  const { parts, lockOut } = isSame ? own : await lookOverHeld(row, today, urgency);
  const proved = row.proved === true ? own.parts.invariants : [];
  const differing = new Set(diffInvariants(parts.invariants, proved).map(({ name }) => name));
  const open = parts.invariants.filter(({ name }) => differing.has(name));
  const text = textOf(row);
  return {
    parts,
    lockOut,
    text: storedText({ ...text, invariants: parts.invariants }),
    toProve: { text: storedText({ ...text, invariants: open }), also: [] },
  };
}

async function lookOverHeld(
  row: ReleaseRow,
  heldTo: readonly Invariant[],
  urgency: Urgency,
): Promise<Pick<HeldRelease, 'parts' | 'lockOut'>> {
  const job = { text: textOf(row), cases: [], isStored: true, heldTo };
  const looked = await compiler.lookOver(job, urgency);
  if (looked.parts !== undefined) return looked;
  throw new ProblemError('rollback.breaks-invariant', { faults: looked.faults });
}
