import { isId, type Id } from '@proofline/kernel';
import type { Dropping, ReleaseSummary } from '@proofline/protocol';
import { exitCodes, type ExitCode, type Io } from '../verb.ts';
import type { PersonWords } from './person-verb.ts';

const DIGEST = /^[A-Za-z0-9_-]{43}$/;

/** Options that say what was looked at before a candidate is put in force. */
export const seenOptions = ['digest', 'on', 'dropping'] as const;
/** The same, as a usage line has them. */
export const seenUsage =
  'CANDIDATE --digest DIGEST --on RELEASE [--dropping CASES,INVARIANTS]' as const;

/** A candidate by id and content. */
export interface NamedCandidate {
  readonly candidateId: Id<'pcd'>;
  readonly digest: string;
}

/** What whoever puts a candidate in force names: it, what it would replace, and what it drops. */
export interface NamedPromotion extends NamedCandidate {
  readonly liveSequence: number;
  readonly dropping: Dropping;
}

/** The candidate that the words name by id and digest. */
export function readCandidate(words: PersonWords): NamedCandidate | undefined {
  const candidateId = words.target;
  const digest = words.text('digest') ?? '';
  return isId('pcd', candidateId) && DIGEST.test(digest) ? { candidateId, digest } : undefined;
}

/** What the words name as looked at; `undefined` where something is missing or no such thing. */
export function readPromotion(words: PersonWords): NamedPromotion | undefined {
  const candidate = readCandidate(words);
  const liveSequence = readNumber(words.text('on'));
  const dropping = readDropping(words.text('dropping'));
  if (!candidate || liveSequence === undefined || !dropping) return undefined;
  return { ...candidate, liveSequence, dropping };
}

/** The same in words, before the person is asked. */
export function linesOf({ candidateId, digest, liveSequence, dropping }: NamedPromotion): string[] {
  const { cases, invariants } = dropping;
  return [
    `Candidate   ${candidateId}`,
    `Digest      ${digest}`,
    `In place of release ${liveSequence}`,
    ...(cases + invariants > 0
      ? [`Dropping    ${cases} named cases and ${invariants} invariants`]
      : []),
  ];
}

/** A whole number above zero. */
export function readNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}

/** Says what became live. */
export function tellReleased({ release, evidenceId }: ReleaseSummary, io: Io): ExitCode {
  io.say(`Release ${release.sequence} is in force, on every server within two seconds.`);
  io.say(`Digest      ${release.digest}`);
  io.say(`Evidence    ${evidenceId}`);
  return exitCodes.ok;
}

/** How many promises of the live release somebody has seen that a candidate drops; none if unsaid. */
function readDropping(text = '0,0'): Dropping | undefined {
  const [, cases, invariants] = /^(\d{1,5}),(\d{1,5})$/.exec(text) ?? [];
  return cases === undefined ? undefined : { cases: Number(cases), invariants: Number(invariants) };
}
