import { isId, newId, type Id } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import { parseDecisionCase, type DecisionCase, type ReleaseText } from '@proofline/policy';
import { ProblemError, type PolicyFault } from '@proofline/protocol';
import type { DecisionsContext } from '../../context.ts';
import type { CandidateRow } from '../../store/tables.ts';
import { compiler } from '../compile/compiler.ts';
import { insertCandidate, listCandidates } from '../store/candidate-rows.ts';
import { newestRelease } from '../store/release-rows.ts';
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
  readonly text: ReleaseText;
  /** Not looked at yet. */
  readonly cases: readonly unknown[];
  readonly note: string;
  readonly causes: readonly Id<'evt'>[];
}

/**
 * Keeps a set of policies as a candidate. What is live is not touched. A pipeline that hands in the
 * same once more is answered its candidate.
 *
 * @throws ProblemError `policy.unsound` with every fault and its place; `request.too-many`
 */
export async function proposePolicies(
  context: DecisionsContext,
  proposal: Proposal,
): Promise<CandidateRow> {
  const { parts, outcome, cases } = await inspectProposal(proposal);
  const stored = storedForm(proposal.text, cases);
  const casesDigest = sha256Base64url(stored.cases);
  const candidateId = newId('pcd', context);
  const { proposedBy } = proposal;
  const row = await context.storage.transaction(async (tx) => {
    const live = await newestRelease(tx, context.tenant);
    if (live?.digest === parts.digest && live.cases === stored.cases) {
      refuse([faultAt('', 'release.unchanged', 'These are the policies that are live already.')]);
    }
    const open = await listCandidates(tx, context.tenant, { state: 'open', count: OPEN_MAX });
    const room = isId('svc', proposedBy)
      ? await roomOfPipeline(context, tx, {
          own: open.filter((one) => one.proposed_by === proposedBy),
          proposed: { digest: parts.digest, casesDigest, baseSequence: live?.sequence ?? 0 },
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
        baseSequence: live?.sequence ?? 0,
        policies: parts.policies.size,
        casesPassed: outcome.passed,
        casesFailed: outcome.failedCount,
        fromFiles: proposedBy === 'files',
      },
    });
    return insertCandidate(tx, {
      tenant: context.tenant,
      candidate_id: candidateId,
      digest: parts.digest,
      ...stored,
      cases_digest: casesDigest,
      base_sequence: live?.sequence ?? 0,
      proposed_by: proposedBy,
      note: proposal.note,
      outcome: JSON.stringify(outcome),
      evidence_id: evidenceId,
      proposed_at: new Date(context.clock.now()),
    });
  });
  context.releases.proofs.proofOf(row);
  return row;
}

/**
 * A proposal, compiled and tried, before it is kept.
 *
 * @throws ProblemError `policy.unsound` with every fault and its place
 */
export async function inspectProposal({ text, cases: handed }: Pick<Proposal, 'text' | 'cases'>) {
  const { cases, faults } = readCases(handed);
  const looked = await compiler.lookOver({ text, cases, isStored: false });
  if (looked.parts === undefined) return refuse([...looked.faults, ...faults]);
  const all = [...faults, ...looked.lockOut];
  if (all.length > 0) return refuse(all);
  return { parts: looked.parts, outcome: looked.outcome, cases };
}

function refuse(faults: readonly PolicyFault[]): never {
  throw new ProblemError('policy.unsound', { faults: faults.slice(0, FAULTS_MAX) });
}

function readCases(handed: readonly unknown[]): {
  readonly cases: DecisionCase[];
  readonly faults: PolicyFault[];
} {
  const cases: DecisionCase[] = [];
  const faults: PolicyFault[] = [];
  if (handed.length === 0) {
    faults.push(faultAt('cases', 'case.none', 'There is no named case, so nothing was tried.'));
  }
  const seen = new Set<string>();
  for (const [index, one] of handed.entries()) {
    try {
      const parsed = parseDecisionCase(one);
      if (seen.has(parsed.name)) {
        faults.push(faultAt(pathOf(parsed.name), 'case.duplicate', 'The name stands twice.'));
      }
      seen.add(parsed.name);
      cases.push(parsed);
    } catch (error) {
      const words = error instanceof Error ? error.message.replaceAll(/\s+/g, ' ') : '';
      const text = `It is not of the form of a case: ${words.slice(0, 300)}`;
      faults.push(faultAt(pathOf(nameOf(one) ?? String(index)), 'case.malformed', text));
    }
  }
  return { cases, faults };
}

function nameOf(one: unknown): string | undefined {
  if (typeof one !== 'object' || one === null || !('name' in one)) return undefined;
  return typeof one.name === 'string' ? one.name.slice(0, 120) : undefined;
}

function pathOf(name: string): string {
  return `cases/${name}.json`;
}

function faultAt(path: string, code: string, text: string): PolicyFault {
  return { code, path, line: 1, column: 1, text };
}
