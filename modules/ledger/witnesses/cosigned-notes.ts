import {
  judgeWitnesses,
  openCheckpoint,
  parseNote,
  type Checkpoint,
  type PolicyVerdict,
} from '@proofline/evidence';
import type { Context } from '../context.ts';
import { cosignedRows } from '../store/cosigned-rows.ts';
import type { Head } from '../store/head-rows.ts';
import type { WitnessDeps, Witnessed } from './types.ts';

/** How many notes are looked through for the newest with a quorum, and are never thinned out. */
const NEWEST_MAX = 200;
const THIN_EVERY = 100;

/** A stored note, as the policy judges it now. */
export interface JudgedNote extends PolicyVerdict {
  readonly checkpoint: Checkpoint;
  readonly note: string;
}

/** The checkpoints with their witnesses’ signatures. */
export interface CosignedNotes {
  /** Adds a witness’s line to the note of a head, unless it has one; answers how it then stands. */
  add(head: Head, witness: string, line: string): Promise<JudgedNote | undefined>;
  /** Largest first. */
  newest(): Promise<readonly JudgedNote[]>;
  /** The note of exactly this head: of its size and root, with no line that is not what it says. */
  find(head: Pick<Head, 'size' | 'checkpoint'>): Promise<JudgedNote | undefined>;
}

/** @see CosignedNotes */
export function cosignedNotes(context: Context, { policy }: WitnessDeps): CosignedNotes {
  const { storage, clock, signer } = context;
  const rows = cosignedRows(context.tenant);
  let added = 0;

  /** Who can write to the database can write a note, but sign none. */
  function judge(note: string): JudgedNote | undefined {
    const checkpoint = openCheckpoint(note, signer.key);
    const parsed = checkpoint && parseNote(note);
    return checkpoint && parsed && { checkpoint, note, ...judgeWitnesses(parsed, policy) };
  }

  async function thinNow(): Promise<void> {
    const smallest = (await rows.newest(storage.db, NEWEST_MAX)).at(-1);
    if (smallest) await rows.thin(storage.db, smallest.size);
  }

  return {
    async add(head, witness, line) {
      const note = await storage.transaction(async (tx) => {
        const row = await rows.find(tx, head.size);
        const stored = row && soundNote(judge(row.note), head);
        if (stored && hasSigned(stored, witness)) return stored.note;
        const before = stored?.note ?? head.checkpoint;
        const { size } = head;
        await rows.put(tx, { size, note: before + line, at: row?.at ?? new Date(clock.now()) });
        return before + line;
      });
      added += 1;
      if (added % THIN_EVERY === 0) await thinNow();
      return judge(note);
    },
    async newest() {
      const found = await rows.newest(storage.db, NEWEST_MAX);
      return found
        .map(({ size, note }) => ({ size, judged: judge(note) }))
        .map(({ size, judged }) => (judged?.checkpoint.size === size ? judged : undefined))
        .filter((judged) => judged !== undefined);
    },
    async find(head) {
      const row = await rows.find(storage.db, head.size);
      return row && soundNote(judge(row.note), head);
    },
  };
}

/**
 * Nothing is added to a note of another tree, nor below a line that somebody else wrote; nor is such a
 * note handed out: whoever writes to the database would choose which old checkpoint people see.
 */
function soundNote(
  stored: JudgedNote | undefined,
  head: Pick<Head, 'checkpoint'>,
): JudgedNote | undefined {
  const isForged = stored?.witnesses.some(({ cosigned }) => cosigned.state === 'refused');
  return stored?.note.startsWith(head.checkpoint) && isForged === false ? stored : undefined;
}

function hasSigned({ witnesses }: PolicyVerdict, witness: string): boolean {
  return witnesses.some(({ name, cosigned }) => name === witness && cosigned.state === 'signed');
}

/** The newest note with a quorum. */
export function newestWitnessed(notes: readonly JudgedNote[]): Witnessed | undefined {
  const found = notes.find(({ isMet }) => isMet);
  return found && witnessedOf(found);
}

/** @see Witnessed */
export function witnessedOf({ checkpoint, note, metAtSeconds }: JudgedNote): Witnessed {
  return { size: checkpoint.size, note, metAtSeconds };
}
