import { isId } from '@proofline/kernel';
import { listReleases, vouchForCandidate, withdrawCandidate } from '@proofline/protocol';
import { personVerb, type PersonVerb } from '../server/person-verb.ts';
import type { Environment } from '../server/pipeline-settings.ts';
import { readCandidate } from '../server/read-named.ts';
import { tellReleases } from '../server/tell-releases.ts';
import { exitCodes, sayJson, type Verb } from '../verb.ts';
import { promote, rollback, stage, unstage } from './policy-in-force.ts';

const list: PersonVerb = {
  name: 'policy list',
  usage: '[--json]',
  summary: 'Lists releases and candidates of a server, once a person has proved who they are.',
  options: ['json'],
  plan({ target, isJson }) {
    if (target !== undefined) return undefined;
    return {
      lines: [],
      path: listReleases.path,
      async act(call, io) {
        const listed = await call(listReleases, {});
        if (isJson) sayJson(listed, io);
        else tellReleases(listed, io);
        return exitCodes.ok;
      },
    };
  },
};

const vouch: PersonVerb = {
  name: 'policy vouch',
  usage: 'CANDIDATE --digest DIGEST',
  summary: 'Answers in a person’s name for what a program proposed; another makes it live.',
  options: ['digest'],
  plan(words) {
    const candidate = readCandidate(words);
    if (candidate === undefined) return undefined;
    const { candidateId, digest } = candidate;
    return {
      lines: [`Candidate   ${candidateId}`, `Digest      ${digest}`],
      path: `/api/policies/candidates/${candidateId}/vouching`,
      async act(call, io) {
        await call(vouchForCandidate, { params: { candidateId }, body: { digest } });
        io.say('You answer for it now. Somebody else can make it live.');
        return exitCodes.ok;
      },
    };
  },
};

const withdraw: PersonVerb = {
  name: 'policy withdraw',
  usage: 'CANDIDATE',
  summary: 'Closes a candidate for good, once a person has proved who they are.',
  options: [],
  plan({ target: candidateId }) {
    if (!isId('pcd', candidateId)) return undefined;
    return {
      lines: [`Candidate   ${candidateId}`],
      path: `/api/policies/candidates/${candidateId}/withdrawal`,
      async act(call, io) {
        const { digest } = await call(withdrawCandidate, { params: { candidateId } });
        io.say('It is withdrawn, and never becomes live.');
        io.say(`Digest      ${digest}`);
        return exitCodes.ok;
      },
    };
  },
};

/** What a person does from the command line, one act at a time, answered for in their browser. */
export function policyByPerson(environment: Environment): readonly Verb[] {
  return [list, vouch, promote, stage, unstage, withdraw, rollback].map((verb) =>
    personVerb(environment, verb),
  );
}
