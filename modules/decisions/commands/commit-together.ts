import { err, groupCalls, ok, type Result } from '@proofline/kernel';
import { ProblemError, type Decision } from '@proofline/protocol';
import { DatabaseError, StorageError } from '@proofline/storage';
import { commitDecisions, draftOf, type CommitPorts, type Drafted } from './commit-decisions.ts';
import type { Prepared } from '../domain/prepared.ts';

/** Decisions in one transaction; its statements stay below some megabytes. */
const TOGETHER_MAX = 500;
/** Decisions that wait for their transaction. */
const WAITING_MAX = 4_000;
/** One is on its way to the disk while the next is written. */
const TRANSACTIONS_MAX = 2;
/**
 * What has waited longer is not recorded and not answered: a session that ended meanwhile would else
 * still be permitted something more than two seconds later (P6).
 */
const WAITED_MAX_MS = 1_000;

/** Records what was prepared, all of it or nothing, and answers when that is committed. */
export type Commit = (prepared: readonly Prepared[]) => Promise<readonly Decision[]>;

interface Asked {
  readonly drafted: readonly Drafted[];
  readonly atMs: number;
}

/**
 * Records decisions that are made at the same time in common transactions. Each is still answered
 * only after its own evidence is committed with it (P3); what is shared is the way to the disk.
 *
 * One that cannot be recorded fails alone.
 *
 * @throws ProblemError `server.busy` when too many wait, or one has waited too long
 */
export function createCommit(ports: CommitPorts): Commit {
  const late = ({ atMs }: Asked) => ports.clock.now() - atMs > WAITED_MAX_MS;
  const together = groupCalls<Asked, readonly Decision[]>({
    weigh: ({ drafted }) => drafted.length,
    groupMax: TOGETHER_MAX,
    waitingMax: WAITING_MAX,
    atOnceMax: TRANSACTIONS_MAX,
    full: () => new ProblemError('server.busy'),
    async work(all) {
      const inTime = all.filter((asked) => !late(asked));
      const outcomes = await commitApart(ports, inTime);
      const byAsked = new Map(inTime.map((asked, index) => [asked, outcomes[index]!]));
      return all.map((asked) => byAsked.get(asked) ?? err(new ProblemError('server.busy')));
    },
  });
  return async (prepared) => {
    if (prepared.length === 0) return [];
    // Before it meets others: what cannot be spelled is its own trouble.
    const drafted = prepared.map((one) => draftOf(ports, one));
    return together({ drafted, atMs: ports.clock.now() });
  };
}

/** All in one transaction; where one of them may be why that failed, each half in one of its own. */
async function commitApart(
  ports: CommitPorts,
  all: readonly Asked[],
): Promise<Result<readonly Decision[], unknown>[]> {
  if (all.length === 0) return [];
  try {
    const decisions = await commitDecisions(
      ports,
      all.flatMap(({ drafted }) => drafted),
    );
    let from = 0;
    return all.map(({ drafted }) => {
      from += drafted.length;
      return ok(decisions.slice(from - drafted.length, from));
    });
  } catch (error) {
    if (all.length === 1 || !isAboutOne(error)) return all.map(() => err(error));
    const middle = Math.ceil(all.length / 2);
    return [
      ...(await commitApart(ports, all.slice(0, middle))),
      ...(await commitApart(ports, all.slice(middle))),
    ];
  }
}

/** Whether the others may fare better: not where the database itself is in trouble. */
function isAboutOne(error: unknown): boolean {
  if (error instanceof StorageError) return false;
  // SQLSTATE: data exceptions and broken constraints are about rows; all else is about the server.
  return !(error instanceof DatabaseError) || /^2[23]/.test(error.code);
}
