import type { SubjectId } from '../domain/subjects.ts';
import type { Person } from './recovery-cast.ts';

/** What really happened, written down beside the machine and never read by it. */
export interface Truth {
  readonly startedAtMs: number;
  provedAtMs: number;
  readonly browser: 'subject' | 'attacker';
  /** Who counted as a contact when it began. */
  readonly chosen: readonly SubjectId[];
  readonly signers: Map<Person, { readonly atMs: number; readonly as: 'contact' | 'officer' }>;
  codeAtMs: number | undefined;
  wrong: number;
  cancelledBySubject: boolean;
  completed: number;
  told: string[];
}

/** Those who signed as contacts, and may: chosen before, outside of support, not recovered lately. */
export function friendsIn({ chosen, signers }: Truth): readonly { readonly atMs: number }[] {
  return [...signers].flatMap(([{ id, isCapped, role }, { as, atMs }]) =>
    as === 'contact' && chosen.includes(id) && role !== 'team-lead' && !isCapped ? [{ atMs }] : [],
  );
}

/** Officers who signed, and together are a proof: with hardware, of different desks or roles; or none. */
export function officersIn({ signers }: Truth): readonly { readonly atMs: number }[] {
  const seen = [...signers].filter(
    ([{ acr, sidesWith }, { as }]) =>
      as === 'officer' && sidesWith === 'officers' && acr === 'phrh',
  );
  const differ = seen.some(([{ desk, role }]) =>
    seen.some(([other]) => other.desk !== desk || other.role !== role),
  );
  return differ ? seen.map(([, { atMs }]) => ({ atMs })) : [];
}

/** Neither the subject nor anybody whom they chose has proved anything. */
export function isOnlyBegun(truth: Truth): boolean {
  return truth.codeAtMs === undefined && friendsIn(truth).length === 0;
}

/** A whole proof stands that officers cannot give. */
export function isOwners(truth: Truth): boolean {
  return truth.codeAtMs !== undefined || friendsIn(truth).length >= 2;
}
