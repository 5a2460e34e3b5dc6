import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { LedgerHealth } from '@proofline/ledger';
import type { RequestEnd } from './http/mount-route.ts';

/** The process's figures, for `/metrics`. Labels are route ids and codes: bounded and impersonal. */
export interface Metrics {
  readonly registry: Registry;
  observe(end: RequestEnd): void;
}

/** How far a receiver of the evidence log is. */
interface ReceiverStatus {
  readonly name: string;
  readonly behind: number;
  readonly fault?: string | undefined;
}

type ReceiverStatuses = () => Promise<readonly ReceiverStatus[]>;

/** @see Metrics */
export function createMetrics(health: () => LedgerHealth, receivers: ReceiverStatuses): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'proofline_requests_total',
    help: 'Requests by route, status and problem code.',
    labelNames: ['route', 'status', 'code'],
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'proofline_request_duration_seconds',
    help: 'Time from the request to its answer, by route.',
    labelNames: ['route'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15],
    registers: [registry],
  });
  const gauge = (name: string, help: string, read: () => number) => {
    const collect = (): void => metric.set(read());
    const metric = new Gauge({ name, help, registers: [registry], collect });
  };
  gauge(
    'proofline_evidence_log_size',
    'Entries under the newest signed checkpoint.',
    () => health().size,
  );
  gauge(
    'proofline_evidence_witnessed_size',
    'Entries under the newest checkpoint that a quorum of witnesses has signed.',
    () => health().witnesses?.newest?.size ?? 0,
  );
  gauge(
    'proofline_evidence_witnesses_contradicting',
    'Witnesses that know another history of the log. Anything but 0 is an alarm.',
    () => {
      const all = health().witnesses?.witnesses ?? [];
      return all.filter(({ state }) => state === 'contradicts').length;
    },
  );
  gauge(
    'proofline_evidence_self_check_faults',
    'What the log found altered when it read itself. Anything but 0 is an alarm.',
    () => health().selfCheck.faults.length,
  );
  addReceivers(registry, receivers);
  return {
    registry,
    observe(end) {
      requests.inc({ route: end.routeId, status: end.status, code: end.code ?? '' });
      durations.observe({ route: end.routeId }, end.durationMs / 1000);
    },
  };
}

function addReceivers(registry: Registry, receivers: ReceiverStatuses): void {
  const gauge = (name: string, help: string, read: (one: ReceiverStatus) => number) => {
    const collect = async (): Promise<void> => {
      // Without a database there is nothing to say of them; the other figures stay.
      for (const one of await receivers().catch(() => [])) {
        metric.set({ receiver: one.name }, read(one));
      }
    };
    const labelNames = ['receiver'] as const;
    const metric = new Gauge({ name, help, labelNames, registers: [registry], collect });
  };
  gauge(
    'proofline_evidence_receiver_behind',
    'Entries of the log that a receiver has not confirmed.',
    ({ behind }) => behind,
  );
  gauge(
    'proofline_evidence_receiver_failing',
    '1 where the last try to send a receiver the log went wrong.',
    ({ fault }) => (fault === undefined ? 0 : 1),
  );
}
