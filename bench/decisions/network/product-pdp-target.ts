import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { findPostgres, startThrowawayPostgres } from '../../../tests/harness/throwaway-postgres.ts';
import { nextMessage } from '../next-message.ts';
import type { Connection, Target } from './measure-callers.ts';
import { openRawConnection } from './raw-connection.ts';

/** Proofline's server, really started: authenticated, decided, recorded. */
export interface ProductPdp {
  readonly target: Target;
  readonly stop: () => Promise<void>;
}

interface Hello {
  readonly origin: string;
  readonly questions: readonly object[];
}

const PROOFS = 1_500;
/** The oracle of this one: the first question is permitted, the second is not. */
const EXPECTED = [true, false];

/** On PGlite, or on a PostgreSQL of its own; `undefined` where none is installed. */
export async function startProductPdp(
  database: 'pglite' | 'postgres',
): Promise<ProductPdp | undefined> {
  if (database === 'pglite') return start('proofline-pglite', '');
  const binaries = findPostgres();
  if (binaries === undefined) return undefined;
  const postgres = await startThrowawayPostgres(binaries);
  try {
    const pdp = await start('proofline-postgres', postgres.url);
    return {
      target: pdp.target,
      async stop() {
        await pdp.stop();
        await postgres.stop();
      },
    };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

async function start(id: string, databaseUrl: string): Promise<ProductPdp> {
  const child = fork(join(import.meta.dirname, 'product-pdp.ts'), [databaseUrl]);
  const { origin, questions } = await nextMessage<Hello>(child);
  const { port, host } = new URL(origin);
  const bodies = questions.map((question) => JSON.stringify(question));
  let headers: readonly string[] = [];
  let next = 0;
  const prepare = async () => {
    child.send({ prove: PROOFS });
    ({ headers } = await nextMessage<{ readonly headers: readonly string[] }>(child));
    next = 0;
  };
  const open = async (): Promise<Connection> => {
    const connection = await openRawConnection(Number(port), host);
    return {
      async ask(turn: number) {
        const proof = headers[next];
        if (proof === undefined) return false;
        next += 1;
        const item = turn % bodies.length;
        const answer = await connection.post('/access/v1/evaluation', bodies[item] ?? '', proof);
        if (!isExpected(answer.body, EXPECTED[item])) {
          throw new Error(`the server answered ${answer.status} ${answer.body.slice(0, 200)}`);
        }
        return true;
      },
      close: connection.close,
    };
  };
  return {
    target: { id, pid: child.pid, decisionsPerCall: 1, prepare, open },
    async stop() {
      child.send({ stop: true });
      await once(child, 'exit');
    },
  };
}

/** Its answers are some kilobytes of JSON; reading them whole would be the client's time. */
function isExpected(body: string, decision: boolean | undefined): boolean {
  return body.startsWith(`{"decision":${decision}`);
}
