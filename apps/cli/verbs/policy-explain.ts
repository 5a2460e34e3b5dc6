import type { DecisionCase, PolicySet, Question } from '@proofline/policy';
import { dataCategories, explain } from '@proofline/protocol';
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
  {
    decide,
    remedies,
    explainFacts,
    explainFields,
    fieldPlan,
    policiesAtWork,
  }: PolicyFolder['tools'],
  { set, one }: { readonly set: PolicySet; readonly one: DecisionCase },
  io: Io,
): void {
  const question = { ...one.question, context: one.facts };
  const decided = decide(set, question);
  const turning = decided.effect === 'permit' ? [] : remedies(set, question);
  const { outcome, change } = explain({ ...decided, remedies: turning });
  const { principal, action, resource } = one.question;
  io.say(`${principal.type} asks for ${action} on ${resource.type}.`);
  io.say(outcome);
  for (const { policy, text } of decided.reasons) io.say(`  ${policy}: ${text}`);
  io.say('It rested on these facts:');
  for (const { says, isDecisive } of explainFacts(set, question, policiesAtWork(set, question))) {
    if (isDecisive) io.say(`  ${says}`);
  }
  sayFields({ explainFields, fieldPlan }, { set, question }, io);
  if (decided.effect === 'permit') return;
  if (change.length > 0) io.say('This would turn it, all of it together:');
  else io.say('Nothing that can be done now turns it.');
  for (const sentence of change) io.say(`  ${sentence}`);
}

/** What of a customer’s record is not shown whole, and why. */
function sayFields(
  { explainFields, fieldPlan }: Pick<PolicyFolder['tools'], 'explainFields' | 'fieldPlan'>,
  { set, question }: { readonly set: PolicySet; readonly question: Question },
  io: Io,
): void {
  if (question.action !== 'account:read') return;
  const fields = explainFields(set, question, fieldPlan(set, question, dataCategories));
  if (fields.length > 0) io.say('Of the record, these are not shown whole:');
  for (const { category, shown, says, policies } of fields) {
    const by = policies.length > 0 ? ` (${policies.join(', ')})` : '';
    io.say(`  ${category}, ${shown}: ${says}${by}`);
  }
}
