import type { InvariantDiff, PolicyDiff, TextDiff } from '@proofline/policy';
import { exitCodes, type ExitCode, type Io, type Verb } from '../verb.ts';
import { faultLine, readPolicyFolder, type PolicyFolder } from './policy-folder.ts';

const marks = { added: '+', removed: '-', changed: '~' } as const;

/** What differs between two folders of policies, policy by policy. */
export const policyDiff: Verb = {
  name: 'policy diff',
  usage: 'FOLDER FOLDER',
  summary:
    'Tells what differs between two folders: policy by policy, schema, invariants and named cases.',
  async run([from, to, ...more], io) {
    if (from === undefined || to === undefined || more.length > 0) {
      io.complain('Name two folders. Usage: proofline policy diff FOLDER FOLDER');
      return exitCodes.usage;
    }
    const before = await readPolicyFolder(from, io);
    const after = before && (await readPolicyFolder(to, io));
    return after ? compare(before, after, io) : exitCodes.usage;
  },
};

function compare(before: PolicyFolder, after: PolicyFolder, io: Io): ExitCode {
  const { inspectRelease, diffPolicies, diffTexts, droppedCases } = after.tools;
  const from = inspectRelease(before.text);
  const to = inspectRelease(after.text);
  for (const fault of [...from.faults, ...to.faults]) io.say(faultLine(fault));
  if (from.set === undefined || to.set === undefined) return exitCodes.wrong;
  if (before.text.schema !== after.text.schema) io.say('~ the schema');
  const policies = diffPolicies(from.set, to.set);
  for (const one of policies) sayPolicy(one, io);
  for (const one of after.tools.diffInvariants(from.set.invariants, to.set.invariants)) {
    sayInvariant(one, io);
  }
  const cases = diffTexts(casesOf(before), casesOf(after));
  for (const { name, change } of cases) io.say(`${marks[change]} case ${name}`);
  const dropped = droppedCases(before.cases, after.cases).length;
  if (dropped > 0) io.say(`DROPPED      ${dropped} named cases are gone or expect otherwise.`);
  const same =
    from.set.digest === to.set.digest ? 'The digest is the same.' : 'The digest differs.';
  io.say(`${policies.length} policies and ${cases.length} cases differ. ${same}`);
  return exitCodes.ok;
}

/** One that is gone or changed is told louder than anything else: what it held may end. */
function sayInvariant({ name, change, from = '', to = '' }: InvariantDiff, io: Io): void {
  if (change === 'removed' || change === 'changed') io.say(`DROPPED      invariant ${name}`);
  else io.say(`${change === 'added' ? '+' : '~'} invariant ${name}`);
  if (from !== '') io.say(`    - ${from}`);
  if (to !== '') io.say(`    + ${to}`);
}

function casesOf({ cases }: PolicyFolder): ReadonlyMap<string, string> {
  return new Map(cases.map((one) => [one.name, JSON.stringify(one)]));
}

function sayPolicy({ id, change, from = '', to = '' }: PolicyDiff, io: Io): void {
  io.say(`${marks[change]} policy ${id}`);
  for (const line of changedLines(from, to)) io.say(`    ${line}`);
}

/** The lines of one text that the other does not have, in their order. */
function changedLines(
  from: NonNullable<TextDiff['from']>,
  to: NonNullable<TextDiff['to']>,
): string[] {
  const before = from.split('\n').filter((line) => line !== '');
  const after = to.split('\n').filter((line) => line !== '');
  return [
    ...before.filter((line) => !after.includes(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
  ];
}
