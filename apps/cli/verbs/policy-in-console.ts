import { exitCodes, type Verb } from '../verb.ts';

/** What a program must not do alone: each of these asks a person for a passkey. */
const inConsole = {
  promote: 'makes a candidate live; a second person does it',
  rollback: 'makes an earlier release live again',
} as const;

/** Verbs that say where a person does this: no credential of a program is enough. */
export const policyInConsole: readonly Verb[] = Object.entries(inConsole).map(([name, what]) => ({
  name: `policy ${name}`,
  usage: '',
  summary: `In the console only: ${what}.`,
  async run(_parameters, io) {
    io.complain(
      `‘policy ${name}’ ${what}, with their own passkey. Do it in the console: Security, Policies.`,
    );
    return exitCodes.usage;
  },
}));
