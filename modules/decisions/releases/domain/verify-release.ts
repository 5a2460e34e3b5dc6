import { sha256Base64url } from '@proofline/kernel/node';
import {
  compileRelease,
  parseDecisionCase,
  type DecisionCase,
  type PolicySet,
  type ReleaseText,
} from '@proofline/policy';
import type { ReleaseRow } from '../../store/tables.ts';
import { compiler } from '../compile/compiler.ts';
import type { ReleaseSigner, ReleaseStatement } from './release-signer.ts';

/** A stored release that is not what was signed. The message is a sentence for the operator. */
export class UnsoundRelease extends Error {
  override readonly name = 'UnsoundRelease';
}

/** Throws {@link UnsoundRelease} unless the row bears our signature over its place, set and cases. */
export function checkSignature(row: ReleaseRow, signer: ReleaseSigner): void {
  const { key_id: keyId, signature } = row;
  if (keyId === null || signature === null) {
    throw new UnsoundRelease(`Policy release ${row.sequence} bears no signature.`);
  }
  if (!signer.verifies(statementOf(row), { keyId, signature })) {
    throw new UnsoundRelease(
      `Policy release ${row.sequence} is not what was signed: its row was changed, or it was signed with another key.`,
    );
  }
}

/** What names a stored set: `sequence` is the place that it has, or would have. */
export type StoredText = Pick<ReleaseRow, 'sequence' | 'digest' | 'text'>;

/**
 * The set of a stored release, compiled at once, on this thread: for a start, before anything is
 * served. Throws {@link UnsoundRelease} when its text is not its digest’s.
 */
export function compileAtStart(row: StoredText): PolicySet {
  let set: PolicySet;
  try {
    set = compileRelease(textOf(row));
  } catch {
    throw doesNotCompile(row);
  }
  return ofDigest(set, row);
}

/** The same beside the requests. `cases` are decided under it. */
export async function lookOverStored(row: StoredText, cases: readonly DecisionCase[] = []) {
  const looked = await compiler.lookOver({ text: textOf(row), cases, isStored: true });
  if (looked.parts === undefined) throw doesNotCompile(row);
  ofDigest(looked.parts, row);
  return looked;
}

/** {@link lookOverStored}, ready to decide. */
export async function compileStored(row: StoredText): Promise<PolicySet> {
  const { parts } = await lookOverStored(row);
  return compiler.assemble(parts);
}

function doesNotCompile({ sequence }: StoredText): UnsoundRelease {
  return new UnsoundRelease(`The text of policy release ${sequence} does not compile.`);
}

function ofDigest<T extends { readonly digest: string }>(made: T, row: StoredText): T {
  if (made.digest === row.digest) return made;
  throw new UnsoundRelease(`The text of policy release ${row.sequence} is not what was signed.`);
}

/** The texts of a stored set. */
export function textOf(row: { readonly text: string }): ReleaseText {
  // Written by this module in this form; `compileStored` compares what comes of it with the digest.
  return JSON.parse(row.text) as ReleaseText;
}

/** The named cases of a stored set. @throws when they are none */
export function casesOf(row: { readonly cases: string | null }): DecisionCase[] {
  const cases: unknown = JSON.parse(row.cases ?? '[]');
  return Array.isArray(cases) ? cases.map(parseDecisionCase) : [];
}

function statementOf(row: ReleaseRow): ReleaseStatement {
  return {
    tenant: row.tenant,
    sequence: row.sequence,
    digest: row.digest,
    casesDigest: sha256Base64url(row.cases ?? ''),
    previousDigest: row.previous_digest,
  };
}
