import { exitCodes, type Verb } from '../verb.ts';
import { findServer, NO_SERVER } from './find-server.ts';

/** Lines of progress for each part of the check. */
const STEPS = 10;

/** Checks every stored entry of the installation that the environment describes. */
export function evidenceFsck(environment: Readonly<Record<string, string | undefined>>): Verb {
  return {
    name: 'evidence fsck',
    usage: '',
    summary:
      'Checks every stored entry, index and personal field against the signed head and the high-water mark.',
    async run(parameters, io) {
      if (parameters.length > 0) {
        io.complain(
          '‘evidence fsck’ takes no parameters; it reads the same environment as the server.',
        );
        return exitCodes.usage;
      }
      const server = await findServer('@proofline/server/fsck');
      if (server === undefined) {
        io.complain(NO_SERVER);
        return exitCodes.usage;
      }
      try {
        const progress = progressOf((line) => io.complain(line));
        const { size, faults } = await server.checkStoredLog(environment, progress);
        for (const fault of faults) io.say(`WRONG  ${fault}`);
        if (faults.length > 0) return exitCodes.wrong;
        io.say(`well   ${size} entries, all as the signed checkpoint says`);
        return exitCodes.ok;
      } catch (error) {
        io.complain(error instanceof Error ? error.message : String(error));
        return exitCodes.usage;
      }
    },
  };
}

/** Says how far the check has come: a few lines for each part, however large the log is. */
function progressOf(tell: (line: string) => void) {
  let told = '';
  return (what: string, checked: number, size: number) => {
    const line = `${what}: ${Math.floor((checked / size) * STEPS) * (100 / STEPS)} %`;
    if (line !== told) tell(line);
    told = line;
  };
}
