import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createTestAuthority,
  createTestMetadata,
  testMetadataEntry,
} from '@proofline/assurance/testing';
import { fixedClock } from '@proofline/kernel';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig, type Config } from '../config.ts';
import { testSettings } from '../testing/settings.ts';
import { createMetadata } from './create-metadata.ts';
import { describeMetadata } from './describe-metadata.ts';

const DAY_MS = 86_400_000;
const nowMs = Date.UTC(2026, 10, 21, 12);
const logger = pino({ level: 'silent' });

// An installation's metadata over its days: what a person who runs it would see and break.
describe('metadata of authenticators', () => {
  let directory: string;
  let file: string;
  let service: Awaited<ReturnType<typeof createTestMetadata>>;
  let entry: object;
  let config: Config;
  let clock: { now(): number; set(atMs: number): void };

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'proofline-metadata-'));
    file = join(directory, 'blob.jwt');
    service = await createTestMetadata();
    entry = testMetadataEntry(await createTestAuthority());
    writeFileSync(join(directory, 'root.pem'), service.rootPem);
    config = configOf(file);
    let atMs = nowMs;
    clock = { now: () => atMs, set: (toMs) => (atMs = toMs) };
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const configOf = (place: string) =>
    readConfig({
      ...testSettings(),
      PROOFLINE_DATA_DIRECTORY: directory,
      PROOFLINE_METADATA: place,
      PROOFLINE_METADATA_ROOTS: directory,
      PROOFLINE_METADATA_SIGNER: service.signer,
      PROOFLINE_METADATA_GRACE_DAYS: '10',
    });
  const open = (settings = config) => createMetadata(settings, { clock, logger });
  let turn = 0;
  const put = (no: number, nextUpdate = '2026-12-01') => {
    writeFileSync(file, service.publish({ no, nextUpdate, entries: [entry] }));
    // Two writes of one millisecond would look like one.
    turn += 1;
    utimesSync(file, nowMs / 1000, nowMs / 1000 + turn);
  };

  it('takes a newer blob when the file changes, and keeps the one before when it is forged', async () => {
    put(3);
    const metadata = open();
    expect(metadata.report()).toEqual({ state: 'missing' });
    await metadata.load();
    expect(metadata.report()).toMatchObject({ state: 'current', no: 3, models: 1 });
    expect(await metadata.refresh()).toBe(false);
    put(4);
    expect(await metadata.refresh()).toBe(true);
    expect(metadata.report().no).toBe(4);
    put(2);
    expect(await metadata.refresh()).toBe(false);
    expect(metadata.report()).toMatchObject({ no: 4, fault: 'number-went-back' });
    writeFileSync(file, 'a.b.c');
    expect(await metadata.refresh()).toBe(false);
    expect(metadata.report()).toMatchObject({ state: 'current', no: 4, fault: 'malformed' });
  });

  it('starts without the file or a network from what it kept, and does not go back behind it', async () => {
    put(5);
    await open().load();
    rmSync(file);
    const later = open();
    await later.load();
    expect(later.report()).toMatchObject({ state: 'current', no: 5, fault: 'unreachable' });
    put(4);
    expect(await later.refresh()).toBe(false);
    expect(later.report().no).toBe(5);
  });

  it('grows old, and says in time when hardware will count no more', async () => {
    put(1);
    const metadata = open();
    await metadata.load();
    const says = () => describeMetadata(metadata.report());
    expect(says()).toEqual({ isWell: true, text: 'number 1, 1 models, current until 2026-12-01' });
    clock.set(Date.UTC(2026, 11, 2));
    expect(says().text).toBe(
      'number 1, 1 models, due for renewal since 2026-12-01; on 2026-12-11 phrh ends',
    );
    clock.set(Date.UTC(2026, 11, 12));
    expect(says()).toMatchObject({ isWell: false });
    expect(metadata.inUse()?.vouchesUntilMs).toBeLessThan(clock.now());
  });

  it('is asked for at an address every six hours, and sooner after a failure', async () => {
    put(1);
    const asked: number[] = [];
    let answer = { status: 500, body: '' };
    const server: Server = createServer((_request, response) => {
      asked.push(clock.now());
      response.writeHead(answer.status).end(answer.body);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    // A listening server has an address with a port.
    const { port } = server.address() as AddressInfo;
    const metadata = open(configOf(`http://127.0.0.1:${port}/`));
    try {
      await metadata.load();
      expect(asked).toHaveLength(0);
      expect(await metadata.refresh()).toBe(false);
      expect(metadata.report()).toEqual({ state: 'missing', fault: 'unreachable' });
      answer = {
        status: 200,
        body: service.publish({ no: 9, nextUpdate: '2026-12-01', entries: [entry] }),
      };
      expect(await metadata.refresh()).toBe(false);
      clock.set(nowMs + 15 * 60_000);
      expect(await metadata.refresh()).toBe(true);
      expect(metadata.report()).toMatchObject({ state: 'current', no: 9 });
      clock.set(nowMs + DAY_MS / 6);
      expect(await metadata.refresh()).toBe(false);
      clock.set(nowMs + DAY_MS);
      expect(await metadata.refresh()).toBe(true);
      expect(asked).toHaveLength(3);
    } finally {
      server.close();
    }
  });

  it('is none where none is configured', async () => {
    const metadata = createMetadata(readConfig(testSettings()), {
      clock: fixedClock(nowMs),
      logger,
    });
    await metadata.load();
    expect([metadata.inUse(), metadata.report(), await metadata.refresh()]).toEqual([
      undefined,
      { state: 'unused' },
      false,
    ]);
  });
});
