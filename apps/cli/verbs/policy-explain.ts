import type { DecisionCase, PolicySet } from '@proofline/policy';
import { exitCodes, type Io, type Verb } from '../verb.ts';
import { faultLine, readPolicyFolder, type PolicyFolder } from './policy-folder.ts';

/** Says in words how one named case is decided: by which policies, and what would turn it. */
export const policyExplain: Verb = {
  name: 'policy explain',
  usage: 'FOLDER CASE',
  summary: 'Says in words how a named case is decided, by which policies, and what would turn it.',
  async run([folder, name, ...more], io) {
    if (folder === undefined || name === undefined || more.length > 0) {
      io.complain('Name a folder and a case. Usage: proofline policy explain FOLDER CASE');
      return exitCodes.usage;
    }
    const read = await readPolicyFolder(folder, io);
    if (read === undefined) return exitCodes.usage;
    const one = read.cases.find((candidate) => candidate.name === name);
    if (one === undefined) {
      io.complain(`There is no case ‘${name}’ in ${folder}.`);
      return exitCodes.usage;
    }
    const { set, faults } = read.tools.inspectRelease(read.text);
    for (const fault of faults) io.say(faultLine(fault));
    if (set === undefined) return exitCodes.wrong;
    sayDecision(read.tools, { set, one }, io);
    return exitCodes.ok;
  },
};

function sayDecision(
  { decide, remedies }: PolicyFolder['tools'],
  { set, one }: { readonly set: PolicySet; readonly one: DecisionCase },
  io: Io,
): void {
  const question = { ...one.question, context: one.facts };
  const { effect, forbidden, reasons } = decide(set, question);
  const { principal, action, resource } = one.question;
  io.say(`${principal.type} asks for ${action} on ${resource.type}.`);
  const denied = forbidden ? 'Denied: a policy forbids it.' : 'Denied: no policy permits it.';
  io.say(effect === 'permit' ? 'Permitted.' : denied);
  for (const { policy, text } of reasons) io.say(`  ${policy}: ${text}`);
  if (effect === 'permit') return;
  const turning = remedies(set, question);
  if (turning.length > 0) io.say('This would turn it, all of it together:');
  else io.say('Nothing that can be done now turns it.');
  for (const { kind, ...terms } of turning) io.say(`  ${kind} ${JSON.stringify(terms)}`);
}
