import { sha256Base64url } from '@proofline/kernel/node';
import type { PolicySet } from '@proofline/policy';
import { ProblemError, type ReleaseRef } from '@proofline/protocol';
import type { EvidenceDraft } from '@proofline/ledger';
import type { Db } from '@proofline/storage';
import type { Id } from '@proofline/kernel';
import type { DecisionsContext } from '../../context.ts';
import type { CurrentRelease } from '../domain/current-release.ts';
import type { ReleaseRow } from '../../store/tables.ts';
import { checkSignature, LINE_MAX, lineOf } from '../domain/verify-release.ts';
import { endStageBy } from '../stages/end-stage.ts';
import { insertRelease, newestRelease } from '../store/release-rows.ts';

/** A set that is to become live, and how it came to that. */
export interface ReleaseToWrite {
  readonly set: PolicySet;
  /** Canonical JSON of the texts and of the named cases, as they are stored. */
  readonly text: string;
  readonly cases: string;
  readonly origin: 'files' | 'candidate' | 'rollback';
  /** Whether all invariants were proved under it. */
  readonly isProved: boolean;
  /** The number of the release that one goes back to. */
  readonly backTo?: number;
  readonly candidateId?: string;
  readonly releasedBy?: string;
  /** The release that it follows; when another one is newest, `policy.moved-on` is thrown. */
  readonly follows?: ReleaseRef;
  readonly draft: EvidenceDraft;
}

/** Signs and writes the next release with its evidence, in the caller's transaction. */
export async function writeRelease(
  context: DecisionsContext,
  tx: Db,
  made: ReleaseToWrite,
): Promise<CurrentRelease & { readonly evidenceId: Id<'evt'> }> {
  const { tenant, ledger, clock, releases } = context;
  const { set, text, cases, follows, draft } = made;
  const previous = await newestRelease(tx, tenant);
  if (follows && (previous?.sequence !== follows.sequence || previous.digest !== follows.digest)) {
    throw new ProblemError('policy.moved-on');
  }
  // Nothing is built on a row that somebody else wrote.
  if (previous?.signature) checkSignature(previous, releases.signer);
  const ref = { sequence: (previous?.sequence ?? 0) + 1, digest: set.digest };
  const previousDigest = previous?.digest ?? null;
  const casesDigest = sha256Base64url(cases);
  const line = nextLine(previous, made.backTo);
  const proved = made.isProved;
  const statement = { tenant, ...ref, casesDigest, previousDigest, line, proved };
  const signed = releases.signer.sign(statement);
  const evidenceId = await ledger.record(tx, {
    ...draft,
    facts: {
      ...ref,
      casesDigest,
      policies: set.policies.size,
      ...(previousDigest !== null && { previousDigest }),
      keyId: signed.keyId,
      ...draft.facts,
    },
  });
  await endStageBy(context, tx, made.candidateId);
  const releasedAt = new Date(clock.now());
  await insertRelease(tx, {
    tenant,
    ...ref,
    text,
    cases,
    previous_digest: previousDigest,
    key_id: signed.keyId,
    signature: signed.signature,
    line: JSON.stringify(line),
    proved,
    origin: made.origin,
    candidate_id: made.candidateId ?? null,
    released_by: made.releasedBy ?? null,
    evidence_id: evidenceId,
    released_at: releasedAt,
  });
  return { set, ref, releasedAt, signature: signed.signature, line, evidenceId };
}

/** What is behind the release that one goes back to stays in line, what came after it leaves. */
function nextLine(previous: ReleaseRow | undefined, backTo: number | undefined): number[] {
  if (previous === undefined) return [];
  const line = lineOf(previous);
  if (backTo !== undefined) return line.slice(0, line.indexOf(backTo) + 1);
  // Rows from before releases were signed never become live again.
  return previous.signature === null ? line : [...line, previous.sequence].slice(-LINE_MAX);
}
