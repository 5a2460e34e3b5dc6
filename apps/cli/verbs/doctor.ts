import { exitCodes, type Verb } from '../verb.ts';
import { findServer, NO_SERVER } from './find-server.ts';

/** Looks over the installation that the environment describes. */
export function doctor(environment: Readonly<Record<string, string | undefined>>): Verb {
  return {
    name: 'doctor',
    usage: '',
    summary: 'Looks an installation over: settings, policies, pages, keys, database, evidence log.',
    async run(parameters, io) {
      if (parameters.length > 0) {
        io.complain('‘doctor’ takes no parameters; it reads the same environment as the server.');
        return exitCodes.usage;
      }
      const server = await findServer('@proofline/server/doctor');
      if (server === undefined) {
        io.complain(NO_SERVER);
        return exitCodes.usage;
      }
      const findings = await server.examine(environment);
      for (const { name, isWell, text } of findings) {
        const [first = '', ...more] = text.split('\n');
        io.say(`${isWell ? 'well ' : 'WRONG'}  ${name.padEnd(14)} ${first.trim()}`);
        for (const line of more) io.say(`${' '.repeat(22)}${line.trim()}`);
      }
      return findings.every(({ isWell }) => isWell) ? exitCodes.ok : exitCodes.wrong;
    },
  };
}
