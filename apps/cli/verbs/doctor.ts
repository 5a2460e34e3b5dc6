import { exitCodes, type Verb } from '../verb.ts';

interface Finding {
  readonly name: string;
  readonly isWell: boolean;
  readonly text: string;
}

/** The server beside this command line; only in an installation, never in the bundle. */
type Doctor = {
  examine(environment: Readonly<Record<string, string | undefined>>): Promise<Finding[]>;
};

const SERVER = '@proofline/server/doctor';

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
      const server = await findServer();
      if (server === undefined) {
        io.complain(
          'There is no Proofline server beside this command line. Run it where the server is installed.',
        );
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

async function findServer(): Promise<Doctor | undefined> {
  try {
    // Named by a variable, so that the bundler leaves it where it is. The type is the server's own.
    return (await import(SERVER)) as Doctor;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')
      return undefined;
    throw error;
  }
}
