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
