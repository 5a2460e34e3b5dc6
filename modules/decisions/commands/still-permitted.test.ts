import type { Json, JsonObject } from '@proofline/kernel';
import { afterEach, describe, expect, it } from 'vitest';
import { decisionsWorld } from '../testing/decisions-world.ts';
import { codeOf } from '../testing/open-authzen.ts';

let world: Awaited<ReturnType<typeof decisionsWorld>> | undefined;
const open = async () => (world = await decisionsWorld());
afterEach(() => world?.storage.close());

describe('an answer that the disk held up (P6)', () => {
  const over: JsonObject = { live: false };
  const address = 'billing-address:update';

  it('is made again where the session ended meanwhile', async () => {
    const { decisions, ask, known, ledger, clock } = await open();
    ledger.whileAwaited(() => {
      clock.advance(1_100);
      known['session'] = { values: over };
    });
    const decision = await decisions.decide(ask(address));
    expect(decision.effect).toBe('deny');
    // Both are evidence: what was permitted first, and what was answered.
    const made = await ledger.drafts('decision.made');
    expect(made.map(({ facts }) => facts?.['effect'])).toEqual(['permit', 'deny']);
    expect(decision.evidenceId).toBe(made[1]?.id);
  });

  it('stands where everything still lives, and within a second nobody looks again', async () => {
    const { decisions, ask, known, ledger, clock } = await open();
    ledger.whileAwaited(() => clock.advance(30_000));
    expect((await decisions.decide(ask(address))).effect).toBe('permit');
    ledger.whileAwaited(() => {
      clock.advance(900);
      known['session'] = { values: over };
    });
    known['session'] = { values: { live: true, phrAgeSeconds: 20, leftAloneSeconds: 20 } };
    expect((await decisions.decide(ask(address))).effect).toBe('permit');
  });

  it('is no answer where the session ends, begins anew and ends again', async () => {
    const { decisions, ask, known, ledger, clock } = await open();
    const lives = known['session']!;
    let looks = 0;
    ledger.whileAwaited(() => {
      clock.advance(1_100);
      looks = 0;
    });
    // Dead at the look after the disk, alive when it is asked again, dead at the last look.
    Object.defineProperty(known, 'session', {
      get: () => (ledger.awaited.length > 0 && (looks += 1) === 1 ? { values: over } : lives),
    });
    expect(await codeOf(decisions.decide(ask(address)))).toBe('server.busy');
  });

  it.each<[string, Json, Readonly<Record<string, Json>>]>([
    ['stopped', { live: false }, {}],
    ['no longer the one that it was issued to', { asIssued: false }, {}],
    ['without its scope', {}, { permitsAction: false }],
    ['without anybody who answers for it', {}, { owned: false }],
  ])('is not delivered to a chain whose program is %s meanwhile', async (_what, of, second) => {
    const { decisions, ask, known } = await open();
    const chain = (changed: object, program: object) => {
      const good = { name: 'One', role: 'assistant', permitsAction: true, owned: true };
      const [one, two] = [
        { ...good, id: 'svc_one' },
        { ...good, id: 'svc_two', ...program },
      ];
      // As `chainFacts` answers.
      return { values: { live: true, asIssued: true, first: one, second: two, ...changed } };
    };
    known['chain'] = chain({}, {});
    const report = async () => {
      const { decisionId, effect } = await decisions.decide(ask('invoice:read'));
      expect(effect).toBe('permit');
      return async () => {
        const mounted = decisions.routes.find(({ route }) => route.id === 'decisions.result')!;
        const body = { decisionId, outcome: 'completed', upstreamStatus: 200 };
        return mounted.handler({ body } as never); // as the edge does
      };
    };
    const [before, after] = [await report(), await report()];
    expect(await before()).toMatchObject({ stillPermitted: true });
    known['chain'] = chain(Object(of), second);
    expect(await after()).toMatchObject({ stillPermitted: false });
  });

  it('is not delivered where the session ends before the result is durable', async () => {
    const { decisions, ask, known, ledger, clock } = await open();
    const { decisionId } = await decisions.decide(ask('account:read'));
    ledger.whileAwaited(() => {
      clock.advance(1_100);
      known['session'] = { values: over };
    });
    const mounted = decisions.routes.find(({ route }) => route.id === 'decisions.result')!;
    const body = { decisionId, outcome: 'completed', upstreamStatus: 200 };
    const told = await mounted.handler({ body } as never); // as the edge does
    expect(told).toMatchObject({ stillPermitted: false });
  });
});
