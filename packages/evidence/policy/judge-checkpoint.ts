import { parseCheckpoint, type Checkpoint } from '../note/checkpoint.ts';
import type { Cosigned } from '../note/cosignature.ts';
import { parseNote, verifyNote, type SignedNote } from '../note/signed-note.ts';
import type { VerifierKey } from '../note/verifier-key.ts';
import type { PolicyWitness, Quorum, WitnessPolicy } from './witness-policy.ts';

/** What one witness of a policy says of a checkpoint. */
export interface WitnessVerdict {
  readonly name: string;
  /** The witness's key as text. */
  readonly key: string;
  readonly cosigned: Cosigned;
}

/** What a policy says of a checkpoint. */
export interface PolicyVerdict {
  /** One by one, as the policy names them. */
  readonly witnesses: readonly WitnessVerdict[];
  /** Whether as many have signed as the policy asks for. */
  readonly isMet: boolean;
  /**
   * POSIX time in seconds at which the quorum was first met, by the signers' own clocks: where it
   * takes two, the second's word. Absent when it is not met, or asks for nobody.
   */
  readonly metAtSeconds: number | undefined;
}

/** What a policy says of a note, whose log's signature the caller has checked. */
export function judgeWitnesses(note: SignedNote, policy: WitnessPolicy): PolicyVerdict {
  const witnesses = policy.witnesses.map((witness) => judgeOne(note, witness));
  const times = new Map(
    witnesses.flatMap(({ name, cosigned }) =>
      cosigned.state === 'signed' ? [[name, cosigned.atSeconds] as const] : [],
    ),
  );
  const metAt = metTime(policy.quorum, times);
  const isMet = metAt !== undefined;
  return { witnesses, isMet, metAtSeconds: metAt === 'always' ? undefined : metAt };
}

function judgeOne(note: SignedNote, { name, key }: PolicyWitness): WitnessVerdict {
  return { name, key: key.text, cosigned: key.findCosignature(note) };
}

/** When it was met; `undefined`: it is not. */
function metTime(
  quorum: Quorum,
  times: ReadonlyMap<string, number>,
): number | 'always' | undefined {
  if (quorum.kind === 'none') return 'always';
  if (quorum.kind === 'witness') return times.get(quorum.name);
  const met = quorum.members
    .map((member) => metTime(member, times))
    // No member is `none`: the parser lets none be one.
    .filter((time) => typeof time === 'number')
    .sort((left, right) => left - right);
  return met[quorum.threshold - 1];
}

/** A checkpoint that a log of the policy signed, and what its witnesses say. */
export interface JudgedCheckpoint extends PolicyVerdict {
  readonly checkpoint: Checkpoint;
  readonly logKey: VerifierKey;
}

/**
 * The checkpoint of a cosigned note, judged by a policy. `undefined` when it is malformed, or none of
 * the policy's logs signed it under its own name: no part of it is handed out then.
 */
export function judgeCheckpoint(text: string, policy: WitnessPolicy): JudgedCheckpoint | undefined {
  const note = parseNote(text);
  const checkpoint = note && parseCheckpoint(note.text);
  if (!note || !checkpoint) return undefined;
  const log = policy.logs.find(
    ({ key }) => key.name === checkpoint.origin && verifyNote(note, key),
  );
  if (!log) return undefined;
  return { checkpoint, logKey: log.key, ...judgeWitnesses(note, policy) };
}
