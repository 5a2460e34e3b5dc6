import type { JsonObject } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import { inspectRelease, type DecisionCase, type ReleaseText } from '@proofline/policy';
import { ProblemError, type PolicyFault, type ReleaseRef } from '@proofline/protocol';
import type { DecisionsContext } from '../../context.ts';
import {
  checkSignature,
  compileAtStart,
  currentOf,
  UnsoundRelease,
} from '../domain/verify-release.ts';
import { findSameCandidate } from '../store/candidate-rows.ts';
import { listReleaseHeads, newestRelease } from '../store/release-rows.ts';
import type { ReleaseRow } from '../../store/tables.ts';
import { proposePolicies } from './propose-policies.ts';
import { releaseFiles, storedForm } from './release-files.ts';

/** The folder that a server was started with. */
export interface PolicyFiles {
  readonly text: ReleaseText;
  readonly cases: readonly DecisionCase[];
  /** `release-at-start`: the folder counts, as in development. Otherwise it becomes a candidate. */
  readonly mode: 'candidate' | 'release-at-start';
}

/** What is in force after a start, and what became of the folder. */
export interface OpenedReleases {
  readonly release: ReleaseRef;
  readonly files:
    | { readonly are: 'live' | 'released' | 'candidate' | 'known-candidate' | 'older' }
    | { readonly are: 'unsound'; readonly faults: readonly PolicyFault[] };
}

/**
 * Puts the newest stored release in force; an empty database takes the folder as its first.
 *
 * @throws Error with a sentence for the operator when the stored release is not what was signed, or
 *   when the log knows a later one than the database
 */
export async function openReleases(
  context: DecisionsContext,
  files: PolicyFiles,
): Promise<OpenedReleases> {
  const { storage, tenant, ledger } = context;
  context.releases.folderInvariants = files.text.invariants ?? [];
  const newest = await newestRelease(storage.db, tenant);
  const told = await ledger.newestFacts([
    'policy.released',
    'policy.promoted',
    'policy.rolled-back',
  ]);
  refuseSetBack(newest, told);
  if (!newest?.signature) {
    return {
      release: await releaseFiles(context, files.text, files.cases),
      files: { are: 'released' },
    };
  }
  checkSignature(newest, context.releases.signer);
  context.setRelease(currentOf(newest, compileAtStart(newest)));
  return takeFiles(context, files, newest);
}

/** The log is kept by a mark outside of the database; so what it says last cannot be undone here. */
function refuseSetBack(newest: ReleaseRow | undefined, told: JsonObject | undefined): void {
  if (told === undefined) return;
  const sequence = Number(told['sequence']);
  const wasSigned = told['keyId'] !== undefined;
  const stored = newest === undefined || (wasSigned && !newest.signature) ? 0 : newest.sequence;
  if (stored < sequence) {
    throw new UnsoundRelease(
      `The evidence log says that policy release ${sequence} became live, but the newest one in the database that counts is ${stored || 'none'}: the policies were set back. Restore the table policy_releases.`,
    );
  }
  if (stored === sequence && newest?.digest !== told['digest']) {
    throw new UnsoundRelease(
      `Policy release ${sequence} in the database is not the one that the evidence log names.`,
    );
  }
}

async function takeFiles(
  context: DecisionsContext,
  { text, cases, mode }: PolicyFiles,
  newest: ReleaseRow,
): Promise<OpenedReleases> {
  const release = { sequence: newest.sequence, digest: newest.digest };
  const { set, faults } = inspectRelease(text);
  if (set === undefined) return { release, files: { are: 'unsound', faults } };
  const stored = storedForm(text, cases);
  if (set.digest === newest.digest && stored.cases === newest.cases) {
    return { release, files: { are: 'live' } };
  }
  if (mode === 'release-at-start') {
    return { release: await releaseFiles(context, text, cases), files: { are: 'released' } };
  }
  const heads = await listReleaseHeads(context.storage.db, context.tenant, 1_000);
  // The folder is what the company has moved on from: proposing it would undo what was promoted.
  if (heads.some(({ digest }) => digest === set.digest) && set.digest !== newest.digest) {
    return { release, files: { are: 'older' } };
  }
  const casesDigest = sha256Base64url(stored.cases);
  const same = await findSameCandidate(context.storage.db, context.tenant, {
    digest: set.digest,
    casesDigest,
  });
  // One from before candidates were signed can never be made live.
  if (same?.base_sequence === newest.sequence && same.signature !== null) {
    return { release, files: { are: 'known-candidate' } };
  }
  return { release, files: await proposeFolder(context, text, stored.cases) };
}

async function proposeFolder(
  context: DecisionsContext,
  text: ReleaseText,
  cases: string,
): Promise<OpenedReleases['files']> {
  const handed: unknown = JSON.parse(cases);
  try {
    await proposePolicies(context, {
      proposedBy: 'files',
      text: { schema: text.schema, policies: text.policies },
      invariants: text.invariants ?? [],
      cases: Array.isArray(handed) ? handed : [],
      note: 'The folder of policies that this server was started with.',
      causes: [],
    });
  } catch (error) {
    if (!(error instanceof ProblemError) || error.code !== 'policy.unsound') throw error;
    return { are: 'unsound', faults: error.details.faults ?? [] };
  }
  return { are: 'candidate' };
}
