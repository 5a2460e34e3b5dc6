import { systemRandom, type Id } from '@proofline/kernel';
import type { Storage } from '@proofline/storage';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTestStorage } from '../../../tests/harness/open-test-storage.ts';
import type { EventHub } from '../http/event-hub.ts';
import type { Notice } from '../http/may-hear.ts';
import { createNewsCarrier } from './carry-news.ts';
import { newsMigrations } from './migrations.ts';
import { writeNews } from './news-rows.ts';

let storage: Storage;
let nowMs = Date.UTC(2026, 10, 2, 9);
const clock = { now: () => nowMs };
beforeEach(async () => {
  storage = await openTestStorage(newsMigrations);
});
afterEach(() => storage.close());

/** A process of an installation on one PostgreSQL, with what its screens were told. */
function open(tenant = 'hx') {
  const heard: Notice[] = [];
  const screens: Pick<EventHub, 'publish'> = { publish: (notice) => heard.push(notice) };
  const { hub, chores } = createNewsCarrier(screens as EventHub, {
    // Whichever engine the test runs on: what is looked at here is what two processes do.
    storage: { db: storage.db, kind: 'postgres' },
    clock,
    random: systemRandom,
    tenant,
  });
  const [carry, forget] = chores;
  return { heard, publish: hub.publish, carry: () => carry!.run(), forget: () => forget!.run() };
}

const ownerId = 'stf_01k9h2m4zqe8vr5t7wx3yn6bcd' as Id<'stf'>; // short, for reading
const call = (interactionId: string): Notice => ({
  type: 'interaction.changed',
  desk: 'Harbour',
  ownerId,
  data: { interactionId },
});

test('what one process tells its screens, those of another hear at the next round, once', async () => {
  const [here, there] = [open(), open()];
  here.publish(call('int_1'));
  here.publish(call('int_1'));
  here.publish({ type: 'policy.changed', desk: '', data: {} });
  expect(here.heard).toHaveLength(3);
  await here.carry();
  await there.carry();
  const told = [call('int_1'), { type: 'policy.changed', desk: '', data: {} }];
  expect(there.heard).toEqual(expect.arrayContaining(told));
  nowMs += 500;
  for (const one of [here, there]) await one.carry();
  // Neither again, nor back to where it came from.
  expect([here.heard.length, there.heard.length]).toEqual([3, 2]);
});

test('what a clock that is behind has written is heard as well', async () => {
  const [here, there] = [open(), open()];
  here.publish(call('int_1'));
  await here.carry();
  nowMs += 8_000;
  await there.carry();
  expect(there.heard).toEqual([call('int_1')]);
});

test('what every process finds by itself is not carried, nor anything to another tenant', async () => {
  const [here, there, stranger] = [open(), open(), open('other')];
  here.publish({ type: 'stop.changed', desk: '', data: {} });
  here.publish(call('int_1'));
  await here.carry();
  await there.carry();
  await stranger.carry();
  expect(there.heard).toEqual([call('int_1')]);
  expect(stranger.heard).toEqual([]);
});

test('a row that is no notice is told to nobody, and keeps nothing else back', async () => {
  const there = open();
  const notices = [
    'no JSON',
    '{"type":"session.ended","desk":"","data":{}}',
    JSON.stringify({ ...call('int_1'), more: 1 }),
    JSON.stringify({ ...call('int_1'), data: { html: '<b>'.repeat(40) } }),
    JSON.stringify(call('int_2')),
  ];
  await writeNews(
    storage.db,
    notices.map((notice, at) => ({
      tenant: 'hx',
      news_id: String(at),
      node: 'elsewhere',
      notice,
      at: new Date(nowMs),
    })),
  );
  await there.carry();
  expect(there.heard).toEqual([call('int_2')]);
});

test('old news is forgotten, and nothing is written where nobody else can be', async () => {
  const [here, late] = [open(), open()];
  here.publish(call('int_1'));
  await here.carry();
  nowMs += 61_000;
  await here.forget();
  nowMs -= 61_000;
  await late.carry();
  expect(late.heard).toEqual([]);
  const alone = createNewsCarrier({ publish: () => undefined } as unknown as EventHub, {
    storage: { db: storage.db, kind: 'embedded' },
    clock,
    random: systemRandom,
    tenant: 'hx',
  });
  expect(alone.chores).toEqual([]);
});
