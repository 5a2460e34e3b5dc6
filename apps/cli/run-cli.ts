import { exitCodes, type ExitCode, type Io, type Verb } from './verb.ts';

/** Finds the verb that the words begin with and runs it with the rest of them. */
export async function runCli(
  verbs: readonly Verb[],
  words: readonly string[],
  io: Io,
): Promise<ExitCode> {
  const [first] = words;
  if (first === undefined || first === 'help' || first === '--help' || first === '-h') {
    help(verbs, io);
    return first === undefined ? exitCodes.usage : exitCodes.ok;
  }
  const wantsHelp = words.some((word) => word === '--help' || word === '-h');
  const asked = words.filter((word) => !word.startsWith('-')).join(' ');
  const group = verbs.filter(({ name }) => `${name} `.startsWith(`${asked} `));
  // A group, as `service`, or one of its verbs with the question what it takes.
  if (
    asked !== '' &&
    group.length > 0 &&
    (wantsHelp || group.every(({ name }) => name !== asked))
  ) {
    list(group, io);
    return wantsHelp ? exitCodes.ok : exitCodes.usage;
  }
  const verb = verbs.find(({ name }) => `${words.join(' ')} `.startsWith(`${name} `));
  if (verb) return verb.run(words.slice(verb.name.split(' ').length), io);
  io.complain(`There is no command ‘${words.join(' ')}’. Try: proofline help`);
  return exitCodes.usage;
}

function help(verbs: readonly Verb[], io: Io): void {
  io.say('proofline: the command line of Proofline');
  io.say('');
  list(verbs, io);
  io.say('  proofline help');
  io.say('      This list.');
}

function list(verbs: readonly Verb[], io: Io): void {
  for (const { name, usage, summary } of verbs) {
    io.say(`  proofline ${`${name} ${usage}`.trim()}`);
    io.say(`      ${summary}`);
  }
}
