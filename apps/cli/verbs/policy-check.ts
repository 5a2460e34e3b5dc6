import { exitCodes, type Verb } from '../verb.ts';
import { faultLine, readPolicyFolder } from './policy-folder.ts';

/** Checks a folder of policies, offline: whether it could be released at all. */
export const policyCheck: Verb = {
  name: 'policy check',
  usage: 'FOLDER',
  summary: 'Checks a folder of policies, offline: syntax, schema, ids, sentences, case files.',
  async run([folder, ...more], io) {
    if (folder === undefined || more.length > 0) {
      io.complain('Name exactly one folder. Usage: proofline policy check FOLDER');
      return exitCodes.usage;
    }
    const read = await readPolicyFolder(folder, io);
    if (read === undefined) return exitCodes.usage;
    const { set, faults } = read.tools.inspectRelease(read.text);
    const all = [...faults, ...read.faults];
    for (const fault of all) io.say(faultLine(fault));
    if (set === undefined || all.length > 0) {
      io.say(`These policies cannot be released: ${all.length} faults.`);
      return exitCodes.wrong;
    }
    io.say(`${set.policies.size} policies and ${read.cases.length} named cases can be released.`);
    io.say(`Digest ${set.digest}`);
    return exitCodes.ok;
  },
};
