import { createLevelJudge, type AttestationPolicy } from '@proofline/assurance';
import type { Id } from '@proofline/kernel';
import type { Realm } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { SessionsContext } from '../context.ts';
import {
  capped,
  isFall,
  type CredentialLevel,
  type CredentialSource,
  type KeptCredential,
  type LevelChange,
  type NotedChange,
  type SweepReport,
} from '../domain/kept-credential.ts';
import { findLevels, writeLevels } from '../store/credential-level-rows.ts';
import { findOpenRowsOfMany } from '../store/session-rows.ts';
import { endSessionRow } from './end-session.ts';
import { lowerSession } from './lower-session.ts';

const PAGE = 1_000;
/** So many changes in one transaction: it must not hold the database for long. */
const TOGETHER = 250;

type Judge = ReturnType<typeof createLevelJudge>;

/**
 * Judges every kept credential anew: by the policy and the metadata of this moment. Where one is worth
 * less than before, its subject's sessions lose the level at once, or end (P6); every change is an
 * entry of its own, in the transaction that makes it (P3). Sessions are never raised by a sweep.
 */
export async function sweepCredentials(
  context: SessionsContext,
  policy: AttestationPolicy,
): Promise<SweepReport> {
  const judge = createLevelJudge({ policy, nowMs: context.clock.now() });
  const tally = newTally();
  for (const source of context.peers().credentialSources) {
    for await (const page of pagesOf(source)) {
      const changes = await judgePage(context, { source, page, judge, tally });
      for (let start = 0; start < changes.length; start += TOGETHER) {
        await commitChanges(context, source, changes.slice(start, start + TOGETHER));
      }
      tally.fell += changes.filter(isFall).length;
      tally.rose += changes.filter((change) => !isFall(change)).length;
    }
  }
  return { at: new Date(context.clock.now()), ...tally };
}

function newTally() {
  const none = (): Record<CredentialLevel, number> => ({ phrh: 0, phr: 0, none: 0 });
  const levels: Record<Realm, Record<CredentialLevel, number>> = {
    workforce: none(),
    customers: none(),
  };
  return { seen: 0, fell: 0, rose: 0, levels };
}

async function* pagesOf(source: CredentialSource) {
  let after: Id<'ath'> | undefined;
  for (;;) {
    const page = await source.page(after, PAGE);
    if (page.length > 0) yield page;
    after = page.at(-1)?.authenticatorId;
    if (page.length < PAGE) return;
  }
}

async function judgePage(
  { storage, tenant }: SessionsContext,
  given: {
    readonly source: CredentialSource;
    readonly page: readonly KeptCredential[];
    readonly judge: Judge;
    readonly tally: ReturnType<typeof newTally>;
  },
): Promise<LevelChange[]> {
  const { judge, page, tally } = given;
  const { realm } = given.source;
  const ids = page.map(({ authenticatorId }) => authenticatorId);
  const known = await findLevels(storage.db, tenant, ids);
  return page.flatMap((credential) => {
    const { acr, atMost, authenticatorId } = credential;
    const before = known.get(authenticatorId)?.level ?? capped(acr, atMost);
    const level = capped(judge(credential), atMost);
    tally.seen += 1;
    tally.levels[realm][level] += 1;
    return level === before ? [] : [{ credential, realm, before, level }];
  });
}

async function commitChanges(
  context: SessionsContext,
  source: CredentialSource,
  changes: readonly LevelChange[],
): Promise<void> {
  const { ledger, storage, tenant } = context;
  const changed_at = new Date(context.clock.now());
  const ended = await storage.transaction(async (tx) => {
    const entries = await ledger.recordAll(tx, changes.map(draftOf));
    const rows = changes.map(({ credential, level }, at) => ({
      tenant,
      authenticator_id: credential.authenticatorId,
      level,
      evidence_id: entryAt(entries, at),
      changed_at,
    }));
    await writeLevels(tx, rows);
    const noted = changes.map((change, at) => ({
      ...change,
      evidenceId: entryAt(entries, at),
      isFall: isFall(change),
    }));
    await source.note?.(tx, noted);
    const falls = noted.filter((change) => change.isFall);
    return takeFromSessions(context, tx, falls);
  });
  for (const session of ended) context.onSessionEnded?.(session);
  context.onLevelsChanged?.(changes);
}

/** What a fallen credential opened closes: `phrh`, or all of it. Answers the sessions that ended. */
async function takeFromSessions(context: SessionsContext, tx: Db, falls: readonly NotedChange[]) {
  const bySubject = Map.groupBy(falls, ({ credential }) => credential.subjectId);
  const rows = await findOpenRowsOfMany(tx, context.tenant, [...bySubject.keys()]);
  const ended: { readonly sessionId: Id<'ses'>; readonly subjectId: string }[] = [];
  for (const row of rows) {
    const of = bySubject.get(row.subject_id) ?? [];
    const broken = of.find(({ level }) => level === 'none');
    const [first] = of;
    if (broken !== undefined) {
      await endSessionRow(context, tx, { row, because: 'authenticator-compromised' });
      ended.push({ sessionId: row.session_id, subjectId: row.subject_id });
    } else if (first !== undefined && row.phrh_at !== null) {
      const { authenticatorId } = first.credential;
      await lowerSession(context, tx, { row, authenticatorId, cause: first.evidenceId });
    }
  }
  return ended;
}

function draftOf({ before, credential, level, realm }: LevelChange) {
  return {
    kind: 'authenticator.level-changed' as const,
    causes: [credential.evidenceId],
    refs: { authenticatorId: credential.authenticatorId },
    subjects: { [realm === 'workforce' ? 'actor' : 'customer']: credential.subjectId },
    facts: { realm, before, acr: level },
  };
}

function entryAt(entries: readonly Id<'evt'>[], at: number): Id<'evt'> {
  const entry = entries[at];
  if (entry === undefined) throw new Error('an entry for each change');
  return entry;
}
