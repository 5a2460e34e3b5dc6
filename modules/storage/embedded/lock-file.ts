import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { StorageError } from '../database-error.ts';
import { ownIdentity, stateOf, type ProcessIdentity } from './process-identity.ts';

const identitySchema = z.strictObject({
  pid: z.int().positive(),
  startedAt: z.string().optional(),
  place: z.string(),
});

/** Held while the embedded database is open. */
export interface Lock {
  release(): void;
}

/**
 * Takes the lock that keeps a second process out: two PGlites on one directory destroy it.
 *
 * The file is made in one step, if there is none, and names its owner. It is never taken from a process that runs, nor
 * from one that cannot be looked at (another container); only what an ended one left is cleared.
 *
 * @throws StorageError naming the owner, or the file to delete when the owner cannot be judged.
 */
export function takeLock(path: string): Lock {
  if (!tryCreate(path)) {
    clearStale(path);
    if (!tryCreate(path)) throw new StorageError(refusal(path, readOwner(path)));
  }
  let isHeld = true;
  return {
    release() {
      if (isHeld) rmSync(path, { force: true });
      isHeld = false;
    },
  };
}

/** Within a guard of its own, so that two processes cannot both clear and then both create. */
function clearStale(path: string): void {
  const guard = `${path}.clearing`;
  refuseUnlessEnded(path);
  if (!tryCreate(guard)) throw new StorageError(refusal(guard, readOwner(guard)));
  try {
    refuseUnlessEnded(path);
    rmSync(path, { force: true });
  } finally {
    rmSync(guard, { force: true });
  }
}

function refuseUnlessEnded(path: string): void {
  const owner = readOwner(path);
  if (owner === 'gone') return;
  if (owner === 'unreadable' || stateOf(owner) !== 'ended') {
    throw new StorageError(refusal(path, owner));
  }
}

type Owner = ProcessIdentity | 'unreadable' | 'gone';

function refusal(path: string, owner: Owner): string {
  if (typeof owner === 'object' && stateOf(owner) === 'running') {
    return `the database is in use by process ${owner.pid} (${path}): stop that one first`;
  }
  return (
    `the database may be in use by a process that cannot be seen from here: ` +
    `if none is running, delete ${path}`
  );
}

/**
 * Whole or not at all, and on the disk: after a power cut a lock without its owner’s name would keep
 * everybody out until a person looks.
 */
function tryCreate(path: string): boolean {
  const draft = `${path}.${process.pid}`;
  try {
    writeFileSync(draft, JSON.stringify(ownIdentity()), { mode: 0o600, flush: true });
    // Like O_EXCL, it fails where there is one already (link(2)).
    linkSync(draft, path);
    return true;
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') return false;
    if (!WITHOUT_LINKS.has(codeOf(cause))) {
      throw new StorageError(`the lock file ${path} cannot be written`, { cause });
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return tryCreateInPlace(path);
}

/** What file systems say that know no hard links. */
const WITHOUT_LINKS: ReadonlySet<unknown> = new Set(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP']);

function tryCreateInPlace(path: string): boolean {
  try {
    writeFileSync(path, JSON.stringify(ownIdentity()), { mode: 0o600, flag: 'wx', flush: true });
    return true;
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') return false;
    throw new StorageError(`the lock file ${path} cannot be written`, { cause });
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function readOwner(path: string): Owner {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return isGone ? 'gone' : 'unreadable';
  }
  try {
    const parsed = identitySchema.safeParse(JSON.parse(text));
    if (!parsed.success) return 'unreadable';
    const { startedAt, ...rest } = parsed.data;
    return { ...rest, ...(startedAt !== undefined && { startedAt }) };
  } catch {
    return 'unreadable';
  }
}
