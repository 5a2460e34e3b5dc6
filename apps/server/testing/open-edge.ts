import { fixedClock, type Id } from '@proofline/kernel';
import { seededRandom } from '@proofline/kernel/node';
import { ProblemError, type Decision, type MountedRoute } from '@proofline/protocol';
import type { AddressOf } from '../http/client-address.ts';
import { createApp, type AppParts } from '../http/create-app.ts';
import { createFailedCalls } from '../http/failed-calls.ts';
import { createIntake } from '../http/intake.ts';
import { openHttpServer, type HttpServer } from '../http/http-server.ts';
import type { RequestEnd } from '../http/mount-route.ts';

/** An edge on a port of its own, with peers that a test can see through. */
export interface TestEdge {
  readonly server: HttpServer;
  /** What was asked of whom, in order. */
  readonly steps: string[];
  readonly ends: RequestEnd[];
}

export const staffOrigin = 'http://staff.localhost:4400';
export const customersOrigin = 'http://customers.localhost:4400';
export const metricsToken = 'm'.repeat(32);

/** Serves the given routes; `authorization: staff` is who is signed in, everything else nobody. */
export async function openEdge(
  mounted: readonly MountedRoute[],
  change: Partial<AppParts> & { readonly permit?: boolean } = {},
): Promise<TestEdge> {
  const steps: string[] = [];
  const ends: RequestEnd[] = [];
  const clock = fixedClock();
  const random = seededRandom('edge');
  // Every caller of a test is on this machine; some play that they are not.
  const addressOf: AddressOf = ({ socket, headers }) =>
    String(headers['x-test-address'] ?? socket.remoteAddress);
  const nobody = () => Promise.reject(new ProblemError('token.missing'));
  const app = createApp({
    edge: {
      origins: { workforce: staffOrigin, customers: customersOrigin },
      authenticate: {
        async staff({ authorization }) {
          steps.push('caller');
          if (authorization !== 'staff') return nobody();
          return {
            kind: 'staff',
            subjectId: 'stf_ana' as Id<'stf'>, // short, for reading
            sessionId: 'ses_ana' as Id<'ses'>,
            roles: ['billing-agent'],
          };
        },
        customer: nobody,
        service: nobody,
      },
      decider: {
        requireFor: async () => {
          throw new Error('no route here takes its permit');
        },
        async require({ resource }) {
          steps.push(`decision ${resource.type} ${resource.id}`);
          if (change.permit === false) throw new ProblemError('access.denied');
          return {} as Decision; // no handler here reads it
        },
      },
      rateLimit: {
        check() {
          steps.push('rate');
          return { provedBy: () => undefined };
        },
        failures: createFailedCalls(clock),
      },
      addressOf,
      intake: createIntake(addressOf),
      clock,
      random,
      observe: (end) => ends.push(end),
    },
    mounted,
    pages: { workforce: { serve: () => undefined }, customers: { serve: () => undefined } },
    issuers: {
      workforce: async (_, outgoing) => void outgoing.end('issuer'),
      customers: async (_, outgoing) => void outgoing.end('customers issuer'),
    },
    saml: undefined,
    log: { find: async () => undefined },
    gatewayOrigin: 'http://gateway.localhost:4410',
    ready: async () => true,
    metrics: {
      token: metricsToken,
      type: 'text/plain; version=0.0.4',
      render: async () => 'm 1\n',
    },
    ...change,
  });
  const server = await openHttpServer(
    { fetch: app.fetch, clock, random },
    { host: '127.0.0.1', port: 0 },
  );
  return { server, steps, ends };
}
