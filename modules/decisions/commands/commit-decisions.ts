import { newId, type Clock, type Id, type Random } from '@proofline/kernel';
import type { EvidenceDraft, EvidenceListWriter } from '@proofline/ledger';
import type { Decision } from '@proofline/protocol';
import { insertRows, type Storage } from '@proofline/storage';
import { decisionDraft, decisionLinks, type DecisionLinks } from '../domain/decision-draft.ts';
import { insertOfDecisions, type MadeDecision } from '../store/decision-rows.ts';
import type { Prepared } from './prepare.ts';

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
  const { input, evaluated, gathered, release } = prepared;
  const decisionId = newId('dec', ports);
  const links = decisionLinks(decisionId, input, gathered);
  const draft = decisionDraft({ input, evaluated, gathered, links, release });
  return { prepared, decisionId, links, draft };
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
  ports.observe(recorded);
  return recorded.map(({ decision }) => decision);
}

/** In one statement, where nothing has to be read or used up for it. */
function recordAtOnce(
  ports: CommitPorts,
  drafted: readonly Drafted[],
): Promise<MadeDecision[]> | undefined {
  if (drafted.some(({ prepared }) => prepared.used.length > 0)) return undefined;
  const sealed = ports.ledger.sealAll(drafted.map(({ draft }) => draft));
  if (!sealed) return undefined;
  const made = makeDecisions(ports, drafted, sealed.ids);
  const rows = [...sealed.inserts, insertOfDecisions(ports.tenant, made)];
  return ports.storage.insertAll(rows).then(() => made);
}

async function recordInTransaction(
  ports: CommitPorts,
  drafted: readonly Drafted[],
): Promise<MadeDecision[]> {
  return ports.storage.transaction(async (tx) => {
    const drafts = drafted.map(({ draft }) => draft);
    const made = makeDecisions(ports, drafted, await ports.ledger.recordAll(tx, drafts));
    await insertRows(tx, insertOfDecisions(ports.tenant, made));
    for (const [index, { prepared }] of drafted.entries()) {
      const { decisionId, evidenceId } = made[index]!.decision;
      for (const facts of prepared.used) await facts.onPermit?.(tx, { decisionId, evidenceId });
    }
    return made;
  });
}

function makeDecisions(
  { clock }: CommitPorts,
  drafted: readonly Drafted[],
  ids: readonly Id<'evt'>[],
): MadeDecision[] {
  const decidedAt = new Date(clock.now());
  return drafted.map((one, index) => {
    const { input, evaluated } = one.prepared;
    // As many entries as drafts.
    const decision = decisionOf(one, { evidenceId: ids[index]!, decidedAt });
    return { input, decision, question: evaluated.question, links: one.links, decidedAt };
  });
}

function decisionOf(
  { decisionId, prepared: { input, evaluated, release } }: Drafted,
  at: { readonly evidenceId: Id<'evt'>; readonly decidedAt: Date },
): Decision {
  const { outcome, remedies, obligations, defaulted } = evaluated;
  return {
    decisionId,
    evidenceId: at.evidenceId,
    effect: outcome.effect,
    forbidden: outcome.forbidden,
    action: input.action,
    resource: { type: input.resource.type, id: input.resource.id },
    reasons: [...outcome.reasons],
    remedies: [...remedies],
    obligations,
    release,
    decidedAt: at.decidedAt.toISOString(),
    ...(defaulted.length > 0 && { defaulted: [...defaulted] }),
  };
}
