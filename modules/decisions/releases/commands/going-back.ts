import { ProblemError, type CandidateProof, type GoingBack } from '@proofline/protocol';
import type { DecisionsContext } from '../../context.ts';
import type { Provable } from '../proofs/proof-bench.ts';
import { findRelease, type ReleaseHead } from '../store/release-rows.ts';
import { heldToToday } from './held-to-today.ts';
import { invariantsInForce } from './live-promises.ts';

/** So many earlier releases are proved ahead: an emergency goes back one step, seldom three. */
const PREPARED = 3;

/** What is known about going back, before anybody wants to. */
export interface GoingBackState {
  /** Proves the releases next behind the live one, beside everything else, once for each live release. */
  prepare(context: DecisionsContext): void;
  /** Whether one can go back to a release now. Begins nothing. */
  stateOf(context: DecisionsContext, row: ReleaseHead): GoingBack;
}

type Prepared = Provable | Pick<GoingBack, 'invariants'>;

/** @see GoingBackState */
export function createGoingBack(): GoingBackState {
  let preparedFor = 0;
  const prepared = new Map<number, Prepared>();
  const prepareOne = async (context: DecisionsContext, sequence: number): Promise<void> => {
    const row = await findRelease(context.storage.db, context.tenant, sequence);
    if (!row) return;
    const found = await heldToToday(context, row, 'ordinary').then(
      ({ toProve }): Prepared => toProve,
      brokenBy,
    );
    if (found === undefined || preparedFor !== context.release().ref.sequence) return;
    prepared.set(sequence, found);
    if ('text' in found) context.releases.proofs.proofOf(found, true);
  };
  return {
    prepare(context) {
      const { ref, line } = context.release();
      if (preparedFor === ref.sequence) return;
      preparedFor = ref.sequence;
      prepared.clear();
      if (invariantsInForce(context).length === 0) return;
      void (async () => {
        // What cannot be prepared is proved when somebody asks for it.
        for (const sequence of line.slice(-PREPARED).toReversed()) {
          await prepareOne(context, sequence).catch(() => undefined);
        }
      })();
    },
    stateOf(context, { sequence, signature }) {
      const live = context.release();
      if (sequence === live.ref.sequence) return { state: 'live', invariants: [] };
      if (signature === null) return { state: 'unsigned', invariants: [] };
      if (!live.line.includes(sequence)) return { state: 'left', invariants: [] };
      if (invariantsInForce(context).length === 0) return { state: 'possible', invariants: [] };
      const found = preparedFor === live.ref.sequence ? prepared.get(sequence) : undefined;
      if (found === undefined) return { state: 'unproved', invariants: [] };
      if ('invariants' in found) return { state: 'broken', invariants: found.invariants };
      return stateOfProof(context.releases.proofs.peek(found));
    },
  };
}

/** An invariant of today that cannot be asked of it: names that its schema does not have. */
function brokenBy(error: unknown): Prepared | undefined {
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
