import { routes, type MountedRoute, type Route } from '@proofline/protocol';
import { describe, expect, it } from 'vitest';
import { checkContract } from './check-contract.ts';
import { createMetrics } from './metrics.ts';

const bind = (route: Route): MountedRoute => ({ route, handler: async () => undefined });
const all = routes.map(bind);
const [first] = routes;

describe('the contract at the start', () => {
  it('is served when every route has its one handler', () => {
    expect(() => checkContract(routes, all)).not.toThrow();
    expect(routes.length).toBeGreaterThan(40);
  });

  it('stops the start when a handler is missing, bound twice, or of no route', () => {
    expect(() => checkContract(routes, all.slice(1))).toThrow(`${first?.id} has no handler`);
    expect(() => checkContract(routes, [...all, ...all.slice(0, 1)])).toThrow(
      `${first?.id} is bound twice`,
    );
    const foreign = bind({ ...routes[0]!, id: 'back.door' });
    expect(() => checkContract(routes, [...all, foreign])).toThrow(
      'back.door is not in the contract',
    );
  });

  it('stops the start when somebody signed in would not be decided (P2)', () => {
    for (const caller of ['staff', 'service'] as const) {
      const { action: _, ...undecided } = routes.find((route) => route.caller === caller)!;
      const others = routes.filter(({ id }) => id !== undecided.id);
      const changed = [...others, undecided];
      expect(() => checkContract(changed, changed.map(bind))).toThrow(
        `${undecided.id} is not decided`,
      );
    }
  });
});

describe('the metrics', () => {
  it('count by route, status and code, and carry nothing of the request', async () => {
    const metrics = createMetrics(
      () => ({
        state: 'running',
        size: 42,
        selfCheck: { state: 'differs', checked: 0, faults: ['Entry 7 was altered.'] },
      }),
      async () => [{ name: 'siem', behind: 3, fault: 'secret' }],
    );
    const end = { requestId: 'req_secret', error: new Error('secret'), durationMs: 20 } as const;
    metrics.observe({ ...end, routeId: 'a.b', status: 403, code: 'access.denied' } as never); // a short id
    const text = await metrics.registry.metrics();
    expect(text).toContain(
      'proofline_requests_total{route="a.b",status="403",code="access.denied"} 1',
    );
    expect(text).toContain('proofline_request_duration_seconds_bucket{le="0.025",route="a.b"} 1');
    expect(text).toContain('proofline_evidence_log_size 42');
    expect(text).toContain('proofline_evidence_receiver_behind{receiver="siem"} 3');
    expect(text).toContain('proofline_evidence_receiver_failing{receiver="siem"} 1');
    expect(text).not.toContain('secret');
  });
});
