import { fork } from 'node:child_process';
import { join } from 'node:path';
import { nextMessage } from '../next-message.ts';
import type { Size } from '../workload-of.ts';
import type { BenchRequest } from '../workload.ts';
import { compare } from '../engines/contestant.ts';
import type { Batch } from './cerbos-targets.ts';
import type { Target } from './measure-callers.ts';
import { openRawConnection } from './raw-connection.ts';

/** One subject and one or more questions about it, as AuthZEN 1.0 §7 has them. */
export interface BareQuestion {
  readonly subject: {
    readonly type: string;
    readonly id: string;
    readonly properties: { readonly role: string };
  };
  readonly evaluations: readonly BareEvaluation[];
}
export interface BareEvaluation {
  readonly action: { readonly name: string };
  readonly resource: {
    readonly type: string;
    readonly id: string;
    readonly properties: { readonly tenant: string };
  };
  readonly context: BenchRequest['facts'];
}

interface BareAnswer {
  readonly evaluations: readonly {
    readonly decision: boolean;
    readonly context: { readonly determining: readonly string[] };
  }[];
}

/** The bare server in a process of its own. */
export interface BarePdp {
  readonly target: (batches: readonly Batch[]) => Promise<Target>;
  readonly stop: () => void;
}

/** Starts it with so many policies. */
export async function startBarePdp(size: Size): Promise<BarePdp> {
  const child = fork(join(import.meta.dirname, 'bare-pdp.ts'), [String(size)]);
  const { port } = await nextMessage<{ readonly port: number }>(child);
  const open = () => openRawConnection(port, `127.0.0.1:${port}`);
  return {
    stop: () => void child.kill(),
    async target(batches) {
      const bodies = batches.map(({ requests }) => JSON.stringify(asQuestion(requests)));
      const checker = await open();
      for (const [index, batch] of batches.entries()) {
        const { body } = await checker.post('/access/v1/evaluations', bodies[index] ?? '');
        checkAnswer(index, batch, JSON.parse(body) as BareAnswer); // Compared member by member.
      }
      checker.close();
      return {
        id: 'proofline-bare',
        pid: child.pid,
        decisionsPerCall: batches[0]?.requests.length ?? 0,
        async open() {
          const connection = await open();
          return {
            async ask(turn) {
              const body = bodies[turn % bodies.length] ?? '';
              const { status } = await connection.post('/access/v1/evaluations', body);
              if (status !== 200) throw new Error(`the bare server answered ${status}`);
              return true;
            },
            close: connection.close,
          };
        },
      };
    },
  };
}

function asQuestion(requests: readonly BenchRequest[]): BareQuestion {
  const [{ agent, role } = { agent: '', role: '' }] = requests;
  return {
    subject: { type: 'Agent', id: `${agent}.${role}`, properties: { role } },
    evaluations: requests.map(({ tenant, action, resource, facts }) => ({
      action: { name: action },
      resource: { type: 'Case', id: `${tenant}.${resource}`, properties: { tenant } },
      context: facts,
    })),
  };
}

function checkAnswer(index: number, { expected }: Batch, { evaluations }: BareAnswer): void {
  for (const [item, should] of expected.entries()) {
    const given = evaluations[item];
    const allowed = given?.decision ?? false;
    compare(index, { allowed, determining: given?.context.determining ?? [] }, should);
  }
}
