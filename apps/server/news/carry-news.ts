import { bytesToBase64url, type Clock, type Random } from '@proofline/kernel';
import { idOf } from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import { z } from 'zod';
import type { Chore } from '../ticker.ts';
import type { EventHub } from '../http/event-hub.ts';
import { noticeTypes, type Notice, type NoticeType } from '../http/may-hear.ts';
import { forgetNews, readNews, writeNews } from './news-rows.ts';

/** As many different notices wait for the next round; more say no more than “look again”. */
const WAITING_MAX = 500;
/** Clocks of two processes may differ by as much, and a row may take as long to be committed. */
const OVERLAP_MS = 10_000;
const KEPT_MS = 60_000;
/** Written at one round and read at the next of another process: a second, and two statements. */
const CARRY_EVERY_MS = 500;

/** What every process finds by itself, because it follows switches and policies. */
const foundEverywhere: ReadonlySet<NoticeType> = new Set([
  'switch.changed',
  'own-stop.changed',
  'stop.changed',
  'policies-in-force.changed',
]);

/** Whoever can write the table may have written anything. */
const Told = z
  .object({
    type: z.enum(noticeTypes),
    desk: z.string().max(200),
    ownerId: idOf('stf').optional(),
    data: z.record(z.string().max(40), z.string().max(80)),
  })
  .strict();

/** Notices of this process for the screens of others, and theirs for the screens of this one. */
export interface NewsCarrier {
  /** The same hub; what is published there is told to the other processes as well. */
  readonly hub: EventHub;
  /** None on the embedded database: there nobody else can be. */
  readonly chores: readonly Chore[];
}

/** Carries notices by way of the database, within about a second. */
export function createNewsCarrier(
  inner: EventHub,
  ports: {
    readonly storage: Pick<Storage, 'db' | 'kind'>;
    readonly clock: Clock;
    readonly random: Random;
    readonly tenant: string;
  },
): NewsCarrier {
  const { storage, clock, random, tenant } = ports;
  if (storage.kind === 'embedded') return { hub: inner, chores: [] };
  const name = () => bytesToBase64url(random.bytes(12));
  const node = name();
  /** By what it says: a thing that changes twice between two rounds is told once. */
  const waiting = new Set<string>();
  let seen: ReadonlySet<string> = new Set();

  const write = async () => {
    const told = [...waiting];
    waiting.clear();
    const at = new Date(clock.now());
    const rows = told.map((notice) => ({ tenant, news_id: name(), node, notice, at }));
    if (rows.length > 0) await writeNews(storage.db, rows);
  };
  const read = async () => {
    const since = new Date(clock.now() - OVERLAP_MS);
    const rows = await readNews(storage.db, { tenant, node, since, count: WAITING_MAX });
    const news = rows.filter(({ news_id: id }) => !seen.has(id));
    seen = new Set(rows.map(({ news_id: id }) => id));
    for (const { notice } of news) {
      const told = readNotice(notice);
      if (told) inner.publish(told);
    }
  };
  return {
    hub: {
      ...inner,
      publish(notice) {
        inner.publish(notice);
        if (foundEverywhere.has(notice.type) || waiting.size >= WAITING_MAX) return;
        waiting.add(JSON.stringify(notice));
      },
    },
    chores: [
      {
        name: 'carry news of screens',
        everyMs: CARRY_EVERY_MS,
        async run() {
          await write();
          await read();
        },
      },
      {
        name: 'forget old news of screens',
        everyMs: KEPT_MS,
        run: () => forgetNews(storage.db, { tenant, before: new Date(clock.now() - KEPT_MS) }),
      },
    ],
  };
}

function readNotice(text: string): Notice | undefined {
  try {
    const { ownerId, ...told } = Told.parse(JSON.parse(text));
    return { ...told, ...(ownerId !== undefined && { ownerId }) };
  } catch {
    return undefined;
  }
}
