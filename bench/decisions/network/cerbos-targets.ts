import { loadPeer } from '../../peers/install-peers.ts';
import type { BenchRequest, Expected } from '../workload.ts';
import { compare } from '../engines/contestant.ts';
import { asCheck, type CerbosCheck } from './as-cerbos.ts';
import type { CerbosServer } from './cerbos-server.ts';
import type { Connection, Target } from './measure-callers.ts';
import { openRawConnection } from './raw-connection.ts';

/** Requests that are asked in one call, with the oracle's answers. */
export interface Batch {
  readonly requests: readonly BenchRequest[];
  readonly expected: readonly Expected[];
}

interface CerbosAnswer {
  readonly results: readonly { readonly actions: Readonly<Record<string, string>> }[];
}
interface GrpcModule {
  readonly GRPC: new (
    address: string,
    options: { readonly tls: false },
  ) => { checkResources(check: CerbosCheck): Promise<CerbosAnswer>; close(): void };
}

/** Cerbos over HTTP, with a client that costs next to nothing. */
export async function cerbosHttp(
  { httpPort, pid }: CerbosServer,
  batches: readonly Batch[],
): Promise<Target> {
  const bodies = batches.map(({ requests }) => JSON.stringify(asCheck(requests)));
  const open = () => openRawConnection(httpPort, `127.0.0.1:${httpPort}`);
  const checker = await open();
  for (const [index, batch] of batches.entries()) {
    const { body } = await checker.post('/api/check/resources', bodies[index] ?? '');
    checkAnswer(index, batch, JSON.parse(body) as CerbosAnswer); // Compared member by member.
  }
  checker.close();
  return {
    id: 'cerbos-http',
    pid,
    decisionsPerCall: batches[0]?.requests.length ?? 0,
    async open() {
      const connection = await open();
      return {
        async ask(turn) {
          const body = bodies[turn % bodies.length] ?? '';
          const { status } = await connection.post('/api/check/resources', body);
          if (status !== 200) throw new Error(`Cerbos answered ${status}`);
          return true;
        },
        close: connection.close,
      } satisfies Connection;
    },
  };
}

/** Cerbos over gRPC, with its own client. `undefined`: that is not installed. */
export async function cerbosGrpc(
  { grpcPort, pid }: CerbosServer,
  batches: readonly Batch[],
): Promise<Target | undefined> {
  const module = await loadPeer<GrpcModule>('@cerbos/grpc');
  if (module === undefined) return undefined;
  const checks = batches.map(({ requests }) => asCheck(requests));
  const open = () => new module.GRPC(`127.0.0.1:${grpcPort}`, { tls: false });
  const checker = open();
  for (const [index, batch] of batches.entries()) {
    const check = checks[index];
    if (check) checkAnswer(index, batch, await checker.checkResources(check));
  }
  checker.close();
  return {
    id: 'cerbos-grpc',
    pid,
    decisionsPerCall: batches[0]?.requests.length ?? 0,
    async open() {
      const client = open();
      return {
        async ask(turn) {
          const check = checks[turn % checks.length];
          if (check) await client.checkResources(check);
          return true;
        },
        close: () => client.close(),
      };
    },
  };
}

function checkAnswer(index: number, { requests, expected }: Batch, answer: CerbosAnswer): void {
  for (const [item, { action }] of requests.entries()) {
    const allowed = answer.results[item]?.actions[action] === 'EFFECT_ALLOW';
    compare(index, { allowed }, expected[item]);
  }
}
