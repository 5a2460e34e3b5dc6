import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createSoftwareAuthenticator, createTestAuthority } from '@proofline/assurance/testing';
import { seededRandom } from '@proofline/kernel/node';
import { readConfig } from '@proofline/server/config';
import { startServer } from '@proofline/server/start';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDevice } from '../../demo/actors/device.ts';
import { onboard } from '../../demo/actors/onboard.ts';
import type { ServiceClient } from '../../demo/actors/service-client.ts';
import { environmentsOf, originsOf } from '../../demo/environments.ts';
import { freePorts } from '../../demo/ports.ts';
import { loadDemoSecrets } from '../../demo/secrets.ts';
import { demoStaff } from '../../demo/staff.ts';
import { hasOnlyGrown, lookInto, type Look } from './look-into-installation.ts';
import { startServerProcess, type ServerProcess } from './server-process.ts';
import { announce, announceUntilGone, telephonyOf, type AnnouncedCall } from './telephony-load.ts';

/** More of them by hand: `KILL_ROUNDS=50 npx vitest run tests/faults/kill`. */
const ROUNDS = Number(process.env['KILL_ROUNDS'] ?? 6);
const LONGEST_RUN_MS = 300;
/** So many of the last round's calls are told again to the server that has come back. */
const TOLD_AGAIN = 5;

// P3, over HTTP: what the real server process answered with 201 is there after any kill, and so is
// its evidence. One installation lives through all rounds; each start recovers from the last kill.
describe('the server, killed while it answers', () => {
  let directory: string;
  let settings: Readonly<Record<string, string>>;
  let telephony: ServiceClient;
  let agentId: string;
  let server: ServerProcess | undefined;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'proofline-kill-server-'));
    const ports = await freePorts();
    const origins = originsOf(ports);
    const secrets = await loadDemoSecrets(directory);
    const authority = await createTestAuthority();
    settings = environmentsOf({ directory, ports, origins, secrets, authority }).server;
    telephony = await telephonyOf(secrets, origins.staff);
    // An agent at whose desk it can ring: somebody who has registered a passkey.
    const seeding = await startServer(readConfig({ ...settings, PROOFLINE_LOG_LEVEL: 'silent' }));
    const [invitation] = await seeding.composition.workforce.foundStaff(
      demoStaff.filter(({ role }) => role === 'billing-agent').slice(0, 1),
    );
    const passkeys = createSoftwareAuthenticator({ kind: 'device-bound', authority });
    await onboard({ link: invitation?.link ?? '', device: createDevice(), passkeys });
    const [agent] = await seeding.composition.workforce.listColleagues();
    agentId = agent?.subjectId ?? '';
    await seeding.close();
  });
  afterAll(async () => {
    await server?.kill();
    rmSync(directory, { recursive: true, force: true });
  });

  it(`loses nothing that it acknowledged, in ${ROUNDS} kills`, { timeout: 300_000 }, async () => {
    const random = seededRandom('kill-server');
    const acknowledged: AnnouncedCall[] = [];
    const unanswered: string[] = [];
    let before = await lookInto(settings);
    for (let round = 1; round <= ROUNDS; round += 1) {
      server = await startServerProcess(settings);
      // The server that has come back knows the calls: told again, they are the same calls.
      for (const call of acknowledged.slice(-TOLD_AGAIN))
        expect(await announce(telephony, { ...call, agentId })).toBe(call.interactionId);
      const load = announceUntilGone(telephony, { agentId, round });
      await load.underWay;
      await delay(((random.bytes(1)[0] ?? 0) / 255) * LONGEST_RUN_MS);
      await server.kill();
      await load.stopped;
      acknowledged.push(...load.acknowledged);
      unanswered.push(...load.unanswered);

      const after = await lookInto(settings);
      expectAllThere(after, acknowledged);
      expectNothingHalf(
        after,
        new Set([...acknowledged.map((call) => call.externalId), ...unanswered]),
      );
      expect(hasOnlyGrown(before.log, after.log)).toBe(true);
      before = after;
    }
    // Enough was under way for the kills to have met something.
    expect(acknowledged.length).toBeGreaterThan(ROUNDS * 2);
    expect(unanswered.length).toBeGreaterThan(ROUNDS);
  });
});

function expectAllThere(look: Look, acknowledged: readonly AnnouncedCall[]): void {
  const lost = acknowledged.filter(({ externalId, interactionId }) => {
    const call = look.calls.get(externalId);
    // The row, its evidence entry, and that this entry speaks of this call.
    return (
      call?.interactionId !== interactionId || look.started.get(call.evidenceId) !== interactionId
    );
  });
  expect(lost).toEqual([]);
  expect(look.faults).toEqual([]);
  expect(look.waiting).toBe(0);
}

/** A call without evidence, evidence without its call, or a call that nobody announced. */
function expectNothingHalf(look: Look, announced: ReadonlySet<string>): void {
  const calls = [...look.calls.values()];
  expect(calls.filter(({ evidenceId }) => !look.started.has(evidenceId))).toEqual([]);
  expect(look.started.size).toBe(calls.length);
  expect([...look.calls.keys()].filter((externalId) => !announced.has(externalId))).toEqual([]);
}
