import { parseArgs } from 'node:util';
import { exitCodes, type Verb } from '../verb.ts';
import { findServer, NO_SERVER } from './find-server.ts';

const USAGE = '--to URL [--to-owner URL]';

/** Moves the database of the installation that the environment describes to a PostgreSQL server. */
export function migrate(environment: Readonly<Record<string, string | undefined>>): Verb {
  return {
    name: 'migrate',
    usage: USAGE,
    summary:
      'Moves the database to a PostgreSQL server, and switches only once the evidence log there has ' +
      'the same root. Stop the server first.',
    async run(parameters, io) {
      const asked = read(parameters);
      if (typeof asked === 'string') {
        io.complain(`${asked} Usage: proofline migrate ${USAGE}`);
        return exitCodes.usage;
      }
      const server = await findServer('@proofline/server/move');
      if (server === undefined) {
        io.complain(NO_SERVER);
        return exitCodes.usage;
      }
      try {
        await server.moveDatabase(environment, { ...asked, say: io.say });
        return exitCodes.ok;
      } catch (error) {
        io.complain(error instanceof Error ? error.message : String(error));
        io.complain('Not moved: the old database is the one to work with.');
        return exitCodes.wrong;
      }
    },
  };
}

function read(parameters: readonly string[]) {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...parameters],
      options: { to: { type: 'string' }, 'to-owner': { type: 'string' } },
    });
  } catch {
    return 'There is an option that this command does not have.';
  }
  const { to, 'to-owner': toOwner } = parsed.values;
  if (to === undefined) return 'Say where to.';
  const urls = toOwner === undefined ? [to] : [to, toOwner];
  if (!urls.every((url) => /^postgres(?:ql)?:\/\//.test(url) && URL.canParse(url))) {
    return 'An address is like postgres://user@host/database.';
  }
  return { to, ...(toOwner !== undefined && { toOwner }) };
}
