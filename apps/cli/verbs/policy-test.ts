import { exitCodes, type Verb } from '../verb.ts';
import { faultLine, readPolicyFolder } from './policy-folder.ts';

/** Decides every named case of a folder, offline, with the engine of the server. */
export const policyTest: Verb = {
  name: 'policy test',
  usage: 'FOLDER',
  summary: 'Decides the named cases of a folder, offline, with the engine of the server.',
  async run([folder, ...more], io) {
    if (folder === undefined || more.length > 0) {
      io.complain('Name exactly one folder. Usage: proofline policy test FOLDER');
      return exitCodes.usage;
    }
    const read = await readPolicyFolder(folder, io);
    if (read === undefined) return exitCodes.usage;
    const { set, faults } = read.tools.inspectRelease(read.text);
    for (const fault of [...faults, ...read.faults]) io.say(faultLine(fault));
    if (set === undefined) return exitCodes.wrong;
    let failed = read.faults.length;
    for (const one of read.cases) {
      const problems = read.tools.checkDecisionCase(set, one);
      if (problems.length === 0) continue;
      failed += 1;
      io.say(`WRONG  ${one.name}: ${one.because}`);
      for (const problem of problems) io.say(`         ${problem}`);
    }
    const count = read.cases.length + read.faults.length;
    if (failed > 0) {
      io.say(
        `Of ${count} named case${count === 1 ? '' : 's'}, ${failed} ${failed === 1 ? 'comes' : 'come'} out otherwise.`,
      );
      return exitCodes.wrong;
    }
    io.say(`All ${count} named cases hold.`);
    return count === 0 ? exitCodes.wrong : exitCodes.ok;
  },
};
