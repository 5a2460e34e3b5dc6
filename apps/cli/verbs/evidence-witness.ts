import { parseArgs } from 'node:util';
import { bytesToHex } from '@proofline/kernel';
import { judgeCheckpoint, type JudgedCheckpoint, type WitnessPolicy } from '@proofline/evidence';
import { readCheckpoint } from '@proofline/protocol';
import { telling } from '../server/as-pipeline.ts';
import { createCallRoute } from '../server/call-route.ts';
import { readOrigin, type Environment } from '../server/pipeline-settings.ts';
import { exitCodes, type Io, type Verb } from '../verb.ts';
import { readPolicyFile } from './read-policy-file.ts';
import { reportWitnesses } from './witness-report.ts';

const USAGE = '--policy POLICY';

/** Asks a server for its newest checkpoints, and checks here who has signed them. */
export function evidenceWitness(environment: Environment): Verb {
  return {
    name: 'evidence witness',
    usage: USAGE,
    summary:
      'Asks a server for its newest checkpoints, and checks here which witnesses have signed them and when.',
    async run(parameters, io) {
      const policy = await readPolicy(parameters, io);
      if (policy === undefined) return exitCodes.usage;
      const origin = await readOrigin(environment, io);
      if (origin === undefined) return exitCodes.usage;
      return telling(io, async () => {
        const { checkpoint, witnessed } = await createCallRoute(origin, io.fetch)(
          readCheckpoint,
          {},
        );
        const newest = judge('The newest checkpoint', checkpoint, { policy, io });
        if (!newest) return exitCodes.wrong;
        report('Newest', newest, io);
        if (newest.isMet) return exitCodes.ok;
        if (witnessed === undefined) {
          io.say('No checkpoint of this log has its quorum.');
          return exitCodes.wrong;
        }
        const judged = judge('The witnessed checkpoint', witnessed, { policy, io });
        if (!judged) return exitCodes.wrong;
        report('Witnessed', judged, io);
        return conclude(newest, judged, io);
      });
    },
  };
}

async function readPolicy(
  parameters: readonly string[],
  io: Io,
): Promise<WitnessPolicy | undefined> {
  const file = fileIn(parameters);
  if (file === undefined) {
    io.complain(`Name a policy. Usage: proofline evidence witness ${USAGE}`);
    return undefined;
  }
  const policy = await readPolicyFile(file, io);
  if (policy === 'unusable' || policy === undefined) return undefined;
  if (policy.logs.length > 0) return policy;
  io.complain(`The file ${file} names no log: nothing says whose checkpoint this would be.`);
  return undefined;
}

function fileIn(parameters: readonly string[]): string | undefined {
  try {
    const options = { policy: { type: 'string' } } as const;
    return parseArgs({ args: [...parameters], options }).values.policy;
  } catch {
    return undefined;
  }
}

function judge(
  what: string,
  text: string,
  { policy, io }: { readonly policy: WitnessPolicy; readonly io: Io },
): JudgedCheckpoint | undefined {
  const judged = judgeCheckpoint(text, policy);
  if (!judged) io.say(`WRONG  ${what} is malformed, or not signed by a log of the policy.`);
  return judged;
}

function report(label: string, judged: JudgedCheckpoint, io: Io): void {
  const { origin, root, size } = judged.checkpoint;
  io.say(`Log          ${origin}`);
  io.say(`${label.padEnd(12)} ${size} entries, root ${bytesToHex(root)}`);
  for (const line of reportWitnesses(judged)) io.say(line);
  io.say('');
}

function conclude(newest: JudgedCheckpoint, witnessed: JudgedCheckpoint, io: Io) {
  const behind = newest.checkpoint.size - witnessed.checkpoint.size;
  if (!witnessed.isMet) {
    io.say('WRONG  The server calls a checkpoint witnessed that has no quorum by this policy.');
    return exitCodes.wrong;
  }
  if (behind < 0) {
    io.say(
      'WRONG  The witnesses have signed more entries than the log shows now: it was set back.',
    );
    return exitCodes.wrong;
  }
  io.say(`The quorum has signed all entries but the newest ${behind}.`);
  return exitCodes.ok;
}
