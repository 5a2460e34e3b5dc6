import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { createMemoryReplayStore, createPdpClient, type FetchPort } from '@proofline/enforce';
import { createServiceTokens, dpopFetch, generateDpopKeys } from '@proofline/enforce/client';
import type { Clock, Random } from '@proofline/kernel';
import { createRemoteJWKSet, customFetch } from 'jose';
import type { Logger } from 'pino';
import { GatewayConfigError, type GatewayConfig } from './config.ts';
import { createGatewayMetrics } from './create-metrics.ts';
import type { GatewayContext } from './exchange.ts';
import { handleRequest } from './handle-request.ts';
import { createGatewayServer } from './http/create-server.ts';
import { createUpstreamClient, type UpstreamClient } from './upstream/create-upstream-client.ts';
import { Mapping } from './upstream/mapping.ts';
import { readOperations, type GuardedOperation } from './upstream/read-operations.ts';

/** What the gateway takes from its platform. */
export interface GatewayPorts {
  readonly fetch: FetchPort;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
}

/** A gateway that runs. */
export interface RunningGateway {
  /** The port that it listens on. */
  readonly port: number;
  stop(): Promise<void>;
}

const proofsMax = 200_000;
const descriptionAttempts = 20;
const attemptPauseMs = 250;

function readMapping(path: string): Mapping {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    throw new GatewayConfigError(['GATEWAY_MAPPING must name a JSON file that can be read.']);
  }
  const parsed = Mapping.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new GatewayConfigError(
    parsed.error.issues.map((issue) => `The mapping: ${issue.path.join('.')} ${issue.message}.`),
  );
}

/** The guarded system may still be starting. */
async function describe(upstream: UpstreamClient): Promise<unknown> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      // One attempt after the other.
      return await upstream.describe();
    } catch {
      if (attempt === descriptionAttempts) {
        throw new GatewayConfigError([
          'The guarded system does not give its description: check GATEWAY_UPSTREAM_ORIGIN and GATEWAY_UPSTREAM_API_KEY.',
        ]);
      }
      await new Promise((resolve) => setTimeout(resolve, attemptPauseMs));
    }
  }
}

async function findOperations(
  upstream: UpstreamClient,
  mapping: Mapping,
): Promise<GuardedOperation[]> {
  const description = await describe(upstream);
  try {
    return readOperations(description, mapping);
  } catch (error) {
    const sentence = error instanceof Error ? error.message : 'cannot be read';
    throw new GatewayConfigError([`The mapping and the description disagree: ${sentence}.`]);
  }
}

async function createContext(config: GatewayConfig, ports: GatewayPorts): Promise<GatewayContext> {
  const issuer = `${config.PROOFLINE_STAFF_ORIGIN}/oidc`;
  const upstream = createUpstreamClient({
    fetch: ports.fetch,
    origin: config.GATEWAY_UPSTREAM_ORIGIN,
    apiKey: config.GATEWAY_UPSTREAM_API_KEY,
    apiKeyHeader: config.GATEWAY_UPSTREAM_API_KEY_HEADER,
    timeoutMs: config.GATEWAY_UPSTREAM_TIMEOUT_MS,
  });
  const keys = await generateDpopKeys();
  const { kty, kid, ...key } = config.GATEWAY_CLIENT_KEY;
  const tokens = createServiceTokens({
    issuer,
    clientId: config.GATEWAY_CLIENT_ID,
    clientKey: { ...key, kty, kid },
    keys,
    ...ports,
  });
  return {
    origin: config.PROOFLINE_GATEWAY_ORIGIN,
    staffOrigin: config.PROOFLINE_STAFF_ORIGIN,
    operations: await findOperations(upstream, readMapping(config.GATEWAY_MAPPING)),
    jwks: createRemoteJWKSet(new URL(`${issuer}/jwks`), {
      [customFetch]: (url, options) => ports.fetch(url, options),
      // With the second for which a verified token stands, a key that its issuer withdraws is heard of
      // within two (P6), and a new one as well.
      cacheMaxAge: 500,
      cooldownDuration: 500,
    }),
    replayStore: createMemoryReplayStore(proofsMax, ports.clock),
    pdp: createPdpClient({
      origin: config.PROOFLINE_STAFF_ORIGIN,
      fetch: dpopFetch({ keys, accessToken: tokens, ...ports }),
    }),
    upstream,
    clock: ports.clock,
    random: ports.random,
  };
}

/** Anybody may ask, as often as they like: all who wait share one question to the server. */
function createReadiness(config: GatewayConfig, ports: GatewayPorts): () => Promise<boolean> {
  let asking: Promise<boolean> | undefined;
  const ask = async (): Promise<boolean> => {
    try {
      const response = await ports.fetch(`${config.PROOFLINE_STAFF_ORIGIN}/readyz`, {
        signal: AbortSignal.timeout(1000),
      });
      return response.ok;
    } catch {
      return false;
    } finally {
      asking = undefined;
    }
  };
  return () => (asking ??= ask());
}

/**
 * Starts the enforcing reverse proxy; resolves once it listens.
 *
 * @throws {GatewayConfigError} when the mapping and the guarded system's description do not agree.
 */
export async function startGateway(
  config: GatewayConfig,
  ports: GatewayPorts,
): Promise<RunningGateway> {
  const context = await createContext(config, ports);
  const metrics = createGatewayMetrics();
  const tracer = trace.getTracer('proofline.gateway');
  const server = createGatewayServer({
    origin: context.origin,
    staffOrigin: context.staffOrigin,
    metricsToken: config.GATEWAY_METRICS_TOKEN,
    ready: createReadiness(config, ports),
    renderMetrics: () => metrics.render(),
    handle: (request) =>
      tracer.startActiveSpan('gateway.request', async (span) => {
        const startedAtMs = ports.clock.now();
        const { answer, outcome } = await handleRequest(request, context);
        const durationMs = ports.clock.now() - startedAtMs;
        metrics.observe(outcome, durationMs);
        ports.logger[outcome.status >= 500 ? 'error' : 'info'](
          { ...outcome, durationMs },
          'request',
        );
        span.setAttributes({ operation: outcome.operationId, code: outcome.code });
        if (outcome.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
        return answer;
      }),
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.GATEWAY_LISTEN_PORT, config.GATEWAY_LISTEN_HOST, resolve);
  });
  return {
    // A server that listens on TCP has an address with a port.
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
