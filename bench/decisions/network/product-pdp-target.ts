import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { findPostgres, startThrowawayPostgres } from '../../../tests/harness/throwaway-postgres.ts';
import { nextMessage } from '../next-message.ts';
import type { Connection, Target } from './measure-callers.ts';
import type { ProveOrder } from './product-pdp.ts';
import { openRawConnection } from './raw-connection.ts';

/** Proofline's server, really started: authenticated, decided, recorded. */
export interface ProductPdp {
  /** One question a call, and fifty. */
  readonly targets: readonly Target[];
  readonly stop: () => Promise<void>;
}

interface Hello {
  readonly origin: string;
  /** Subject and context of every question. */
  readonly shared: object;
  readonly questions: readonly object[];
}

/** For the fastest round that there may be; the server takes each once, and within a minute. */
const PROOFS = 6_000;
const BATCH = 50;
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
      targets: pdp.targets,
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
  const hello = await nextMessage<Hello>(child);
  return {
    targets: [
      asking(child, hello, singlesOf(id, hello)),
      asking(child, hello, fiftiesOf(id, hello)),
    ],
    async stop() {
      child.send({ stop: true });
      await once(child, 'exit');
    },
  };
}

/** What is sent where, and how each answer begins. */
interface Asking {
  readonly id: string;
  readonly path: string;
  readonly decisionsPerCall: number;
  readonly bodies: readonly string[];
  readonly isExpected: (body: string, item: number) => boolean;
}

function singlesOf(id: string, { shared, questions }: Hello): Asking {
  return {
    id,
    path: '/access/v1/evaluation',
    decisionsPerCall: 1,
    bodies: questions.map((question) => JSON.stringify({ ...shared, ...question })),
    // Its answers are some kilobytes of JSON; reading them whole would be the client’s time.
    isExpected: (body, item) => body.startsWith(`{"decision":${EXPECTED[item]}`),
  };
}

function fiftiesOf(id: string, { shared, questions }: Hello): Asking {
  const evaluations = Array.from({ length: BATCH }, (_, at) => questions[at % questions.length]);
  return {
    id,
    path: '/access/v1/evaluations',
    decisionsPerCall: BATCH,
    bodies: [JSON.stringify({ ...shared, evaluations })],
    isExpected: (body) => body.startsWith(`{"evaluations":[{"decision":${EXPECTED[0]}`),
  };
}

function asking(child: ChildProcess, { origin }: Hello, asked: Asking): Target {
  const { id, path, decisionsPerCall, bodies } = asked;
  const { port, host } = new URL(origin);
  let headers: readonly string[] = [];
  let next = 0;
  const prepare = async () => {
    const order: ProveOrder = { count: PROOFS, path };
    child.send({ prove: order });
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
        const answer = await connection.post(path, bodies[item] ?? '', proof);
        if (!asked.isExpected(answer.body, item)) {
          throw new Error(`the server answered ${answer.status} ${answer.body.slice(0, 200)}`);
        }
        return true;
      },
      close: connection.close,
    };
  };
  return { id, pid: child.pid, decisionsPerCall, prepare, open };
}
