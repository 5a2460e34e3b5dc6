import { sha256Base64url } from '@proofline/kernel/node';
import {
  compileRelease,
  parseDecisionCase,
  type DecisionCase,
  type PolicySet,
  type ReleaseText,
} from '@proofline/policy';
import { ProblemError } from '@proofline/protocol';
import { z } from 'zod';
import type { CurrentRelease } from './current-release.ts';
import type { ReleaseRow } from '../../store/tables.ts';
import { compiler, type Urgency } from '../compile/compiler.ts';
import type { ReleaseSigner, ReleaseStatement } from './release-signer.ts';

/** A stored release that is not what was signed. The message is a sentence for the operator. */
export class UnsoundRelease extends Error {
  override readonly name = 'UnsoundRelease';
}

/** What whoever wants to put it in force is told of a row that is not what was signed. */
export function tampered({ message }: UnsoundRelease): ProblemError {
  const fault = { code: 'release.tampered', path: '', line: 1, column: 1, text: message };
  return new ProblemError('policy.unsound', { faults: [fault] });
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

/** A signed row as what is in force. */
export function currentOf(row: ReleaseRow, set: PolicySet): CurrentRelease {
  return {
    set,
    ref: { sequence: row.sequence, digest: row.digest },
    releasedAt: row.released_at,
    signature: row.signature ?? '',
    line: lineOf(row),
  };
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
export async function lookOverStored(
  row: StoredText,
  { cases = [], urgency = 'ordinary' }: { cases?: readonly DecisionCase[]; urgency?: Urgency } = {},
) {
  const looked = await compiler.lookOver({ text: textOf(row), cases, isStored: true }, urgency);
  if (looked.parts === undefined) throw doesNotCompile(row);
  ofDigest(looked.parts, row);
  return looked;
}

/** {@link lookOverStored}, ready to decide. */
export async function compileStored(
  row: StoredText,
  urgency: Urgency = 'ordinary',
): Promise<PolicySet> {
  const { parts } = await lookOverStored(row, { urgency });
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

const Line = z.array(z.number().int());

/** Numbers of the releases that a release came from, oldest first, as far back as one goes. */
export function lineOf({ sequence, line }: Pick<ReleaseRow, 'sequence' | 'line'>): number[] {
  if (line !== null) return Line.parse(JSON.parse(line));
  // From before there were lines: whatever was live before it.
  return Array.from({ length: sequence - 1 }, (_, index) => index + 1).slice(-LINE_MAX);
}

/** So far back one goes: older ones are proposed again. */
export const LINE_MAX = 50;

function statementOf(row: ReleaseRow): ReleaseStatement {
  return {
    tenant: row.tenant,
    sequence: row.sequence,
    digest: row.digest,
    casesDigest: sha256Base64url(row.cases ?? ''),
    previousDigest: row.previous_digest,
    ...(row.line !== null && { line: lineOf(row), proved: row.proved === true }),
  };
}
