import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { migrations } from '@proofline/decisions';
import { recordingMigration } from '@proofline/decisions/testing';
import { newId, systemClock, systemRandom } from '@proofline/kernel';
import type { ReleaseRef } from '@proofline/protocol';
import { openStorage } from '@proofline/storage';
import { productCases, productPolicies } from '../../packages/policy/testing/product-policies.ts';
import { cacheDirectory } from '../harness/open-test-storage.ts';
import {
  findPostgres,
  startThrowawayPostgres,
  type ThrowawayPostgres,
} from '../harness/throwaway-postgres.ts';
import { decideOn, type DecidingNode } from './decide-on.ts';

/** A line of the other process. */
type Answer = ReleaseRef & { readonly askedAtMs: number; readonly effect: 'permit' | 'deny' };
const ports = { clock: systemClock, random: systemRandom };

// Two PGlites on one directory destroy it: each keeps pages of its own in memory.
describe('a second process on the embedded database', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'proofline-second-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const openElsewhere = (): string =>
    spawnSync(process.execPath, [join(import.meta.dirname, 'disk-filler.ts'), directory, '1'], {
      encoding: 'utf8',
    }).stdout;

  it('is refused while the first one runs, and served afterwards', async () => {
    const storage = await openStorage({ directory, cacheDirectory });
    expect(openElsewhere()).toContain(`in use by process ${process.pid}`);
    await storage.close();
    expect(JSON.parse(openElsewhere())).toEqual({ acknowledged: 1, error: '', lost: '' });
  });
});

const binaries = findPostgres();

// P6 across processes: two servers on one PostgreSQL, and nothing but the database between them.
describe.skipIf(binaries === undefined)(
  'a second server on the same PostgreSQL (skipped where there is none)',
  () => {
    let postgres: ThrowawayPostgres;
    let here: DecidingNode;
    let there: ChildProcess;
    const heard: Answer[] = [];

    beforeAll(async () => {
      postgres = await startThrowawayPostgres(binaries ?? '');
      here = await decideOn(postgres.url, (storage) =>
        storage.migrate([...migrations, recordingMigration]),
      );
      there = spawn(
        process.execPath,
        [join(import.meta.dirname, 'decision-node.ts'), postgres.url],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      const lines = createInterface({ input: there.stdout! });
      lines.on('line', (line) => heard.push(JSON.parse(line) as Answer)); // written by decision-node.ts
      await heardWhen(() => heard.length > 0);
    }, 120_000);
    afterAll(async () => {
      there.kill('SIGKILL');
      await here.storage.close();
      await postgres.stop();
    });

    const heardWhen = (isSo: () => boolean) =>
      vi.waitFor(() => expect(isSo()).toBe(true), { timeout: 60_000, interval: 50 });
    /** Everything asked two seconds after a moment or later, once there is something. */
    const afterBound = async (atMs: number): Promise<readonly Answer[]> => {
      const late = () => heard.filter(({ askedAtMs }) => askedAtMs >= atMs + 2_000);
      await heardWhen(() => late().length >= 3);
      return late();
    };
    const call = async <T>(routeId: string, given: object): Promise<T> => {
      const mounted = here.decisions.routes.find(({ route }) => route.id === routeId);
      const caller = { kind: 'staff', subjectId: newId('stf', ports) };
      const decision = { evidenceId: newId('evt', ports) };
      // The edge checks what it passes; here the test does.
      return (await mounted!.handler({ caller, decision, ...given } as never)) as T;
    };

    it('has stopped two seconds later what is stopped here, whatever it was doing', async () => {
      expect(heard.at(-1)).toMatchObject({ effect: 'permit', sequence: 1 });
      const { switchId } = await call<{ switchId: string }>('switches.throw', {
        body: {
          target: { kind: 'action', action: 'interaction:list' },
          reasonCode: 'exercise',
          note: 'A test.',
          minutes: 5,
        },
      });
      const answers = await afterBound(Date.now());
      expect(answers.map(({ effect }) => effect)).not.toContain('permit');
      await call('switches.lift', { params: { switchId } });
      await heardWhen(() => heard.at(-1)?.effect === 'permit');
    }, 120_000);

    it('takes a stage, and two seconds after its end decides by the live release again', async () => {
      const { schema, policies } = productPolicies();
      const text = policies.map((file) => ({
        ...file,
        text: file.text.replaceAll('Your session has ended.', 'Your session is over.'),
      }));
      const candidate = await call<{ candidateId: string; digest: string }>('policies.propose', {
        body: { schema, files: text, cases: productCases(), invariants: [], note: '' },
      });
      const params = { candidateId: candidate.candidateId };
      const dropping = { cases: 0, invariants: 0 };
      const seen = { digest: candidate.digest, liveSequence: 1, dropping };
      const staged = await call<{ stageId: string }>('policies.stage-candidate', {
        params,
        body: { ...seen, audience: { desks: ['Harbour'], percent: 100 }, hours: 1 },
      });
      await heardWhen(() => heard.at(-1)?.stageId === staged.stageId);
      await call('policies.end-stage', { params: staged, body: { reason: 'A test.' } });
      const answers = await afterBound(Date.now());
      expect(answers.map(({ stageId }) => stageId)).not.toContain(staged.stageId);
      await call('policies.promote', { params, body: seen });
      await heardWhen(() => heard.at(-1)?.sequence === 2);
      // Never back again, and no question without an answer.
      expect(heard.map(({ sequence }) => sequence)).toEqual(
        heard.map(({ sequence }) => sequence).toSorted((a, b) => a - b),
      );
    }, 180_000);

    it('decides by the earlier release two seconds after one went back to it here', async () => {
      const first = heard.find(({ sequence }) => sequence === 1);
      expect(heard.at(-1)?.digest).not.toBe(first?.digest);
      const goBack = () =>
        call<{ release: ReleaseRef }>('policies.rollback', {
          body: { sequence: 1, liveSequence: 2, reason: 'It was wrong.' },
        });
      // Until the earlier one is proved again, nobody goes back to it.
      const back = await vi.waitFor(goBack, { timeout: 60_000, interval: 200 });
      const answers = await afterBound(Date.now());
      expect(back.release).toMatchObject({ sequence: 3, digest: first?.digest });
      expect(answers.map(({ sequence, digest }) => ({ sequence, digest }))).toEqual(
        answers.map(() => back.release),
      );
    }, 120_000);
  },
);
