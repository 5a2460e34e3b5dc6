import { newId, type Clock, type Id, type Random } from '@proofline/kernel';
import type { EvidenceDraft, EvidenceListWriter } from '@proofline/ledger';
import type { Decision } from '@proofline/protocol';
import { insertRows, type Insert, type Storage } from '@proofline/storage';
import { decisionDraft, decisionLinks, type DecisionLinks } from '../domain/decision-draft.ts';
import { insertOfDecisions, type MadeDecision } from '../store/decision-rows.ts';
import { linksWithAsker, permitOf, withAsker } from './asking.ts';
import { decisionOf } from './decision-of.ts';
import type { Prepared } from '../domain/prepared.ts';

/** What recording decisions needs. */
export interface CommitPorts {
  readonly storage: Storage;
  readonly ledger: EvidenceListWriter;
  readonly clock: Clock;
  readonly random: Random;
  readonly tenant: string;
  /** Told of what was recorded, after the commit. Never throws, never waits. */
  readonly observe: (made: readonly MadeDecision[]) => void;
}

/** A decision on its way into the database. */
export interface Drafted {
  readonly prepared: Prepared;
  readonly decisionId: Id<'dec'>;
  readonly links: DecisionLinks;
  readonly draft: EvidenceDraft;
}

/** What is recorded of a decision. @throws where it cannot be spelled as evidence */
export function draftOf(ports: CommitPorts, prepared: Prepared): Drafted {
  const { input, evaluated, gathered, release, asking } = prepared;
  const decisionId = prepared.decisionId ?? newId('dec', ports);
  const links = linksWithAsker(decisionLinks(decisionId, input, gathered), asking);
  const draft = decisionDraft({ input, evaluated, gathered, links, release });
  return { prepared, decisionId, links, draft: asking ? withAsker(draft, asking) : draft };
}

/**
 * Makes decisions of what was drafted: each with an evidence entry of its own, and all of them, with
 * their entries and the use of their single-use facts, or none of it (P3).
 *
 * @throws FactsSpent when somebody else used up single-use facts meanwhile; then nothing is recorded
 */
export async function commitDecisions(
  ports: CommitPorts,
  drafted: readonly Drafted[],
): Promise<Decision[]> {
  const recorded = await (recordAtOnce(ports, drafted) ?? recordInTransaction(ports, drafted));
  // After the commit: a candidate beside the live policies delays nobody.
  ports.observe([...recorded.made, ...recorded.permits]);
  for (const { prepared } of drafted) for (const facts of prepared.used) facts.onRecorded?.();
  return recorded.made.map(({ decision }) => decision);
}

interface Recorded {
  /** In the order of the drafts. */
  readonly made: readonly MadeDecision[];
  /** Permits to ask that these tell of. */
  readonly permits: readonly MadeDecision[];
}

/** In one statement, where nothing has to be read or used up for it. */
function recordAtOnce(
  ports: CommitPorts,
  drafted: readonly Drafted[],
): Promise<Recorded> | undefined {
  if (drafted.some(({ prepared }) => prepared.used.length > 0)) return undefined;
  const sealed = ports.ledger.sealAll(drafted.map(({ draft }) => draft));
  if (!sealed) return undefined;
  const recorded = makeDecisions(ports, drafted, sealed.ids);
  return ports.storage.insertAll([...sealed.inserts, rowsOf(ports, recorded)]).then(() => recorded);
}

async function recordInTransaction(
  ports: CommitPorts,
  drafted: readonly Drafted[],
): Promise<Recorded> {
  return ports.storage.transaction(async (tx) => {
    const drafts = drafted.map(({ draft }) => draft);
    const recorded = makeDecisions(ports, drafted, await ports.ledger.recordAll(tx, drafts));
    await insertRows(tx, rowsOf(ports, recorded));
    for (const [index, { prepared }] of drafted.entries()) {
      const { decisionId, evidenceId } = recorded.made[index]!.decision;
      for (const facts of prepared.used) await facts.onPermit?.(tx, { decisionId, evidenceId });
    }
    return recorded;
  });
}

function rowsOf({ tenant }: CommitPorts, { made, permits }: Recorded): Insert {
  return insertOfDecisions(tenant, [...made, ...permits]);
}

function makeDecisions(
  { clock }: CommitPorts,
  drafted: readonly Drafted[],
  ids: readonly Id<'evt'>[],
): Recorded {
  const decidedAt = new Date(clock.now());
  const permits: MadeDecision[] = [];
  const made = drafted.map(({ prepared, decisionId, links }, index) => {
    // As many entries as drafts.
    const evidenceId = ids[index]!;
    const { input, evaluated, asking } = prepared;
    if (asking?.isNew) permits.push(permitOf(asking, { evidenceId, decidedAt }));
    const decision = decisionOf(prepared, { decisionId, evidenceId, decidedAt });
    return { input, decision, question: evaluated.question, links, decidedAt };
  });
  return { made, permits };
}
