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
  const verb = verbs.find(({ name }) => `${words.join(' ')} `.startsWith(`${name} `));
  if (verb) return verb.run(words.slice(verb.name.split(' ').length), io);
  io.complain(`There is no command ‘${words.join(' ')}’. Try: proofline help`);
  return exitCodes.usage;
}

function help(verbs: readonly Verb[], io: Io): void {
  io.say('proofline: the command line of Proofline');
  io.say('');
  for (const { name, usage, summary } of verbs) {
    io.say(`  proofline ${`${name} ${usage}`.trim()}`);
    io.say(`      ${summary}`);
  }
  io.say('  proofline help');
  io.say('      This list.');
}
