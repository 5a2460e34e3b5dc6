import { ProblemError, type CandidateProof, type GoingBack } from '@proofline/protocol';
import type { DecisionsContext } from '../../context.ts';
import type { Readied } from '../domain/going-back-state.ts';
import { findRelease, type ReleaseHead } from '../store/release-rows.ts';
import { heldToToday } from './held-to-today.ts';
import { invariantsInForce } from './live-promises.ts';

/** So many earlier releases are proved ahead: an emergency goes back one step, seldom three. */
const AHEAD = 3;

/** Proves the releases next behind the live one, beside everything else, once for each live release. */
export function readyGoingBack(context: DecisionsContext): void {
  const { goingBack } = context.releases;
  const { ref, line } = context.release();
  if (goingBack.readiedFor === ref.sequence) return;
  goingBack.readiedFor = ref.sequence;
  goingBack.readied.clear();
  if (invariantsInForce(context).length === 0) return;
  void (async () => {
    // What cannot be prepared is proved when somebody asks for it.
    for (const sequence of line.slice(-AHEAD).toReversed()) {
      await readyOne(context, sequence).catch(() => undefined);
    }
  })();
}

async function readyOne(context: DecisionsContext, sequence: number): Promise<void> {
  const { goingBack, proofs } = context.releases;
  const row = await findRelease(context.storage.db, context.tenant, sequence);
  if (!row) return;
  const found = await heldToToday(context, row, 'ordinary').then(
    ({ toProve }): Readied => toProve,
    brokenBy,
  );
  if (found === undefined || goingBack.readiedFor !== context.release().ref.sequence) return;
  goingBack.readied.set(sequence, found);
  if ('text' in found) proofs.proofOf(found, true);
}

/** Whether one can go back to a release now. Begins nothing. */
export function goingBackTo(
  context: DecisionsContext,
  { sequence, signature }: ReleaseHead,
): GoingBack {
  const { goingBack, proofs } = context.releases;
  const live = context.release();
  if (sequence === live.ref.sequence) return { state: 'live', invariants: [] };
  if (signature === null) return { state: 'unsigned', invariants: [] };
  if (!live.line.includes(sequence)) return { state: 'left', invariants: [] };
  if (invariantsInForce(context).length === 0) return { state: 'possible', invariants: [] };
  const isCurrent = goingBack.readiedFor === live.ref.sequence;
  const found = isCurrent ? goingBack.readied.get(sequence) : undefined;
  if (found === undefined) return { state: 'unproved', invariants: [] };
  if ('invariants' in found) return { state: 'broken', invariants: found.invariants };
  return stateOfProof(proofs.peek(found));
}

/** An invariant of today that cannot be asked of it: names that its schema does not have. */
function brokenBy(error: unknown): Readied | undefined {
  if (!(error instanceof ProblemError)) return undefined;
  const told = (error.details.faults ?? []).map(({ path, text }) => ({ name: path, says: text }));
  return { invariants: told };
}

const states = {
  none: 'possible',
  proved: 'possible',
  running: 'proving',
  broken: 'broken',
  'not-decided': 'not-decided',
} as const satisfies Record<CandidateProof['state'], GoingBack['state']>;

function stateOfProof(proof: CandidateProof | undefined): GoingBack {
  if (proof === undefined) return { state: 'unproved', invariants: [] };
  const told = [...proof.broken, ...proof.undecided].map(({ name, says }) => ({ name, says }));
  return { state: states[proof.state], invariants: told };
}
