import { fixedClock, type Id, type JsonObject } from '@proofline/kernel';
import type { ErasureSummary, ErasureTarget, HoldScope, HoldSummary } from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import { memoryErasureJournal } from '../erasure/erasure-journal.ts';
import type { EvidenceDraft, Ledger, LedgerDeps } from '../types.ts';
import { memoryMark, testId, testLedger } from './index.ts';

/** A ledger whose routes are called as the edge would call them, after its own checks. */
export interface ErasureWorld {
  readonly storage: Storage;
  readonly clock: ReturnType<typeof fixedClock>;
  readonly journal: string[];
  readonly mark: ReturnType<typeof memoryMark>;
  /** Two people who ask and answer. */
  readonly people: readonly [Id<'stf'>, Id<'stf'>];
  ledger: Ledger;
  /** Another process, or this one again. */
  another(change?: Partial<LedgerDeps>): Promise<Ledger>;
  record(draft: EvidenceDraft): Promise<Id<'evt'>>;
  call<T>(route: string, input?: JsonObject, as?: Id<'stf'>): Promise<T>;
  ask(target: ErasureTarget): Promise<ErasureSummary>;
  approve(erasureId: string, as?: Id<'stf'>): Promise<ErasureSummary>;
  erase(target: ErasureTarget): Promise<ErasureSummary>;
  hold(scope: HoldScope): Promise<HoldSummary>;
  /** Reads an entry, for a purpose. */
  read<T>(evidenceId: string): Promise<T>;
  exported(id: string): Promise<string>;
  stop(): Promise<void>;
}

/** @see ErasureWorld */
export async function erasureWorld(
  storage: Storage,
  change: Partial<LedgerDeps> = {},
): Promise<ErasureWorld> {
  // The keys are by months: this one begins long ago.
  const clock = fixedClock(Date.UTC(2019, 0, 10));
  const journal: string[] = [];
  const mark = memoryMark();
  const people = [testId('stf'), testId('stf')] as const;
  const started: Ledger[] = [];

  async function another(more: Partial<LedgerDeps> = {}): Promise<Ledger> {
    const given = { clock, mark, journal: memoryErasureJournal(journal), ...change, ...more };
    const ledger = testLedger(storage, given);
    await ledger.start();
    started.push(ledger);
    return ledger;
  }

  const world: ErasureWorld = {
    storage,
    clock,
    journal,
    mark,
    people,
    another,
    ledger: await another(),
    async record(draft) {
      clock.advance(1_000);
      const id = await storage.transaction((tx) => world.ledger.record(tx, draft));
      await world.ledger.durable(id);
      return id;
    },
    async call<T>(id: string, input: JsonObject = {}, as = people[0]) {
      const mounted = world.ledger.routes.find(({ route }) => route.id === id);
      const decided = await world.record({ kind: 'decision.made', facts: { action: id } });
      // The handler's own type was checked where it was bound; the test speaks for the edge.
      const handler = mounted?.handler as (call: unknown) => Promise<T>;
      return handler({
        caller: { kind: 'staff', subjectId: as },
        decision: { evidenceId: decided },
        params: {},
        query: { count: 50 },
        body: {},
        ...input,
      });
    },
    ask: (target) =>
      world.call('erasures.request', {
        body: { target, basis: 'data-subject-request', note: 'Her letter of Monday.' },
      }),
    async approve(erasureId, as = people[1]) {
      const answered = await world.call<ErasureSummary>(
        'erasures.approve',
        { params: { erasureId } },
        as,
      );
      if (answered.state === 'carried-out') return answered;
      // On a server, other processes are given the time to forget.
      clock.advance(3_000);
      await world.ledger.erasures.carryOut();
      const { erasures } = await world.call<{ erasures: ErasureSummary[] }>('evidence.retention');
      return erasures.find((one) => one.erasureId === erasureId) ?? answered;
    },
    erase: async (target) => world.approve((await world.ask(target)).erasureId),
    hold: (scope) =>
      world.call('holds.place', { body: { scope, reasonCode: 'litigation', note: 'Case 12.' } }),
    async read<T>(evidenceId: string) {
      const { inquiryId } = await world.call<{ inquiryId: string }>('evidence.open-inquiry', {
        body: { purpose: 'a test' },
      });
      return world.call<T>('evidence.read', { params: { evidenceId }, query: { inquiryId } });
    },
    async exported(id) {
      const file = await world.call<{ bytes: Uint8Array }>('evidence.export', {
        body: { id, purpose: 'a test' },
      });
      return Buffer.from(file.bytes).toString();
    },
    async stop() {
      for (const ledger of started.splice(0)) await ledger.stop();
    },
  };
  return world;
}
