import { parseArgs } from 'node:util';
import { isId } from '@proofline/kernel';
import { promoteCandidate, rollBackPolicies, type ReleaseSummary } from '@proofline/protocol';
import { asPerson } from '../server/as-person.ts';
import type { Environment } from '../server/pipeline-settings.ts';
import { exitCodes, type ExitCode, type Io, type Verb } from '../verb.ts';

/**
 * What puts policies in force. No credential of a program is enough: a person answers for this one
 * act in their browser, with their own passkey, and names what they looked at.
 */
export function policyInForce(environment: Environment): readonly Verb[] {
  return [promote(environment), rollback(environment)];
}

const DIGEST = /^[A-Za-z0-9_-]{43}$/;

function promote(environment: Environment): Verb {
  const usage = 'CANDIDATE --digest DIGEST --on RELEASE [--dropping CASES,INVARIANTS]';
  return {
    name: 'policy promote',
    usage,
    summary: 'Makes a candidate live, once a second person has proved in a browser who they are.',
    async run(parameters, io) {
      const read = readOptions(parameters, ['digest', 'on', 'dropping']);
      const [candidateId] = read?.positionals ?? [];
      const { digest = '', on } = read?.values ?? {};
      const [liveSequence, dropping] = [numberOf(on), droppingOf(read?.values)];
      if (!isId('pcd', candidateId) || !DIGEST.test(digest) || !liveSequence || !dropping) {
        return misunderstood(io, `policy promote ${usage}`);
      }
      io.say(`Candidate   ${candidateId}`);
      io.say(`Digest      ${digest}`);
      io.say(`In place of release ${liveSequence}`);
      if (dropping.cases + dropping.invariants > 0) {
        io.say(`Dropping    ${dropping.cases} named cases and ${dropping.invariants} invariants`);
      }
      const path = `/api/policies/candidates/${candidateId}/promotion`;
      return asPerson({ environment, io, path }, async (call) =>
        tellReleased(
          await call(promoteCandidate, {
            params: { candidateId },
            body: { digest, liveSequence, dropping },
          }),
          io,
        ),
      );
    },
  };
}

function rollback(environment: Environment): Verb {
  const usage = 'RELEASE --on RELEASE --reason TEXT';
  return {
    name: 'policy rollback',
    usage,
    summary: 'Makes an earlier release live again, once a person has proved who they are.',
    async run(parameters, io) {
      const read = readOptions(parameters, ['on', 'reason']);
      const sequence = numberOf(read?.positionals[0]);
      const liveSequence = numberOf(read?.values['on']);
      const reason = read?.values['reason']?.trim() ?? '';
      if (sequence === undefined || liveSequence === undefined || reason === '') {
        return misunderstood(io, `policy rollback ${usage}`);
      }
      io.say(`Back to release ${sequence}, in place of release ${liveSequence}`);
      return asPerson({ environment, io, path: '/api/policies/rollback' }, async (call) =>
        tellReleased(
          await call(rollBackPolicies, { body: { sequence, liveSequence, reason } }),
          io,
        ),
      );
    },
  };
}

function misunderstood(io: Io, usage: string): ExitCode {
  io.complain(`Usage: proofline ${usage}`);
  return exitCodes.usage;
}

function readOptions(parameters: readonly string[], names: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...parameters],
      options: Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
      allowPositionals: true,
    });
    const texts = Object.entries(values).map(([name, value]) => [name, String(value)] as const);
    const named: Readonly<Record<string, string | undefined>> = Object.fromEntries(texts);
    return positionals.length === 1 ? { values: named, positionals } : undefined;
  } catch {
    return undefined;
  }
}

/** How many promises of the live release somebody has seen that a candidate drops; none if unsaid. */
function droppingOf(values: Readonly<Record<string, string | undefined>> | undefined) {
  const [, cases, invariants] = /^(\d{1,5}),(\d{1,5})$/.exec(values?.['dropping'] ?? '0,0') ?? [];
  return cases === undefined ? undefined : { cases: Number(cases), invariants: Number(invariants) };
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}

function tellReleased({ release, evidenceId }: ReleaseSummary, io: Io): ExitCode {
  io.say(`Release ${release.sequence} is in force, on every server within two seconds.`);
  io.say(`Digest      ${release.digest}`);
  io.say(`Evidence    ${evidenceId}`);
  return exitCodes.ok;
}
