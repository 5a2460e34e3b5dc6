import { Counter, Histogram, Registry } from 'prom-client';
import type { RequestOutcome } from './handle-request.ts';

/** The process's figures, for `/metrics`. Labels are operation ids and codes: bounded, impersonal. */
export interface GatewayMetrics {
  observe(outcome: RequestOutcome, durationMs: number): void;
  render(): Promise<string>;
}

/** @see GatewayMetrics */
export function createGatewayMetrics(): GatewayMetrics {
  const registry = new Registry();
  const requests = new Counter({
    name: 'proofline_gateway_requests_total',
    help: 'Requests by operation, problem code and the check at which they ended.',
    labelNames: ['operation', 'code', 'check'],
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'proofline_gateway_request_duration_seconds',
    help: 'Time from the request to its answer, by operation.',
    labelNames: ['operation'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15],
    registers: [registry],
  });
  return {
    observe({ operationId, code, check }, durationMs) {
      requests.inc({ operation: operationId, code, check });
      durations.observe({ operation: operationId }, durationMs / 1000);
    },
    render: () => registry.metrics(),
  };
}
