import { isId, newId, type Id } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import type { ReleaseText } from '@proofline/policy';
import { ProblemError, type PolicyFault } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { DecisionsContext } from '../../context.ts';
import type { CandidateRow } from '../../store/tables.ts';
import { compiler } from '../compile/compiler.ts';
import { insertCandidate, listCandidates } from '../store/candidate-rows.ts';
import { newestRelease } from '../store/release-rows.ts';
import { droppedAlongside, droppedPromises, factsOfDropped } from '../domain/compare-promises.ts';
import { readCases, readInvariants } from '../domain/read-handed.ts';
import { candidateStatementOf } from '../domain/verify-candidate.ts';
import { invariantsInForce, livePromises } from './live-promises.ts';
import { storedForm } from './release-files.ts';
import { roomOfPipeline } from './room-of-pipeline.ts';

/** As many candidates may wait at once: each is a whole set of policies. */
const OPEN_MAX = 20;
/** As many faults are told at once. */
const FAULTS_MAX = 200;

/**
 * Whoever proposes can never promote it: a colleague, a pipeline, or `files`, the server’s own
 * folder.
 */
export type Proposer = Id<'stf'> | Id<'svc'> | 'files';

/** A set of policies as it is handed in. */
export interface Proposal {
  readonly proposedBy: Proposer;
  readonly text: Omit<ReleaseText, 'invariants'>;
  /** Not looked at yet, as are the invariants. */
  readonly cases: readonly unknown[];
  readonly invariants: readonly unknown[];
  readonly note: string;
  /** The release that it was made from; what was made from an earlier one would undo the one in force. */
  readonly on?: number | undefined;
  readonly causes: readonly Id<'evt'>[];
}

/**
 * Keeps a set of policies as a candidate, signed with its author. What is live is not touched. A pipeline
 * that hands in the same once more is answered its candidate.
 *
 * @throws ProblemError `policy.unsound` with every fault and its place; `request.too-many`;
 *   `policy.moved-on` when something else is live, or becomes so meanwhile
 */
export async function proposePolicies(
  context: DecisionsContext,
  proposal: Proposal,
): Promise<CandidateRow> {
  if (proposal.on !== undefined && proposal.on !== context.release().ref.sequence) {
    throw new ProblemError('policy.moved-on');
  }
  const { parts, outcome, cases, dropped, base } = await inspectProposal(context, proposal);
  const stored = storedForm({ ...proposal.text, invariants: parts.invariants }, cases);
  const casesDigest = sha256Base64url(stored.cases);
  const candidateId = newId('pcd', context);
  const { proposedBy } = proposal;
  const row = await context.storage.transaction(async (tx) => {
    await requireNews(context, tx, { base, digest: parts.digest, cases: stored.cases });
    const open = await listCandidates(tx, context.tenant, { state: 'open', count: OPEN_MAX });
    const room = isId('svc', proposedBy)
      ? await roomOfPipeline(context, tx, {
          own: open.filter((one) => one.proposed_by === proposedBy),
          proposed: { digest: parts.digest, casesDigest, baseSequence: base },
          causes: proposal.causes,
        })
      : { closedCount: 0 };
    if ('same' in room) return room.same;
    if (open.length - room.closedCount >= OPEN_MAX) throw new ProblemError('request.too-many');
    const evidenceId = await context.ledger.record(tx, {
      kind: 'policy.proposed',
      causes: proposal.causes,
      refs: { candidateId },
      ...(proposedBy !== 'files' && { subjects: { actor: proposedBy } }),
      facts: {
        digest: parts.digest,
        casesDigest,
        baseSequence: base,
        policies: parts.policies.size,
        casesPassed: outcome.passed,
        casesFailed: outcome.failedCount,
        invariants: parts.invariants.length,
        ...factsOfDropped(dropped),
        fromFiles: proposedBy === 'files',
      },
    });
    const proposed = {
      tenant: context.tenant,
      candidate_id: candidateId,
      digest: parts.digest,
      ...stored,
      base_sequence: base,
      proposed_by: proposedBy,
      evidence_id: evidenceId,
    };
    const signed = context.releases.signer.signCandidate(candidateStatementOf(proposed));
    return insertCandidate(tx, {
      ...proposed,
      cases_digest: casesDigest,
      note: proposal.note,
      outcome: JSON.stringify(outcome),
      drops: JSON.stringify(dropped),
      key_id: signed.keyId,
      signature: signed.signature,
      proposed_at: new Date(context.clock.now()),
    });
  });
  context.releases.proofs.proofOf({ text: row.text, also: invariantsInForce(context) });
  return row;
}

/** @throws ProblemError `policy.moved-on`, `policy.unsound` where it is what is live already */
async function requireNews(
  { tenant }: DecisionsContext,
  tx: Db,
  {
    base,
    digest,
    cases,
  }: { readonly base: number; readonly digest: string; readonly cases: string },
): Promise<void> {
  const live = await newestRelease(tx, tenant);
  // What it drops was looked at on top of another one.
  if (live?.sequence !== base) throw new ProblemError('policy.moved-on');
  if (live.digest !== digest || live.cases !== cases) return;
  const text = 'These are the policies that are live already.';
  refuse([{ code: 'release.unchanged', path: '', line: 1, column: 1, text }]);
}

/**
 * A proposal, compiled, tried and compared with what is live, before it is kept.
 *
 * @throws ProblemError `policy.unsound` with every fault and its place
 */
export async function inspectProposal(
  context: DecisionsContext,
  { text: given, cases: handed, invariants }: Pick<Proposal, 'text' | 'cases' | 'invariants'>,
) {
  const base = context.release().ref.sequence;
  const live = await livePromises(context);
  const { cases, faults: ofCases } = readCases(handed);
  const read = readInvariants(invariants);
  const text = { ...given, invariants: read.invariants };
  const faults = [...ofCases, ...read.faults];
  const looked = await compiler.lookOver({ text, cases, isStored: false }, 'ordinary');
  if (looked.parts === undefined) return refuse([...looked.faults, ...faults]);
  const next = { set: looked.parts, invariants: looked.parts.invariants, cases };
  const dropped = droppedPromises(live, next);
  const all = [...faults, ...looked.lockOut, ...droppedAlongside(live, next, dropped)];
  if (all.length > 0) return refuse(all);
  return { parts: looked.parts, outcome: looked.outcome, cases, dropped, base };
}

function refuse(faults: readonly PolicyFault[]): never {
  throw new ProblemError('policy.unsound', { faults: faults.slice(0, FAULTS_MAX) });
}
