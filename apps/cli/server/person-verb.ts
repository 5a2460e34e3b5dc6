import { parseArgs } from 'node:util';
import { exitCodes, type ExitCode, type Io, type Verb } from '../verb.ts';
import { asPerson } from './as-person.ts';
import type { CallRoute } from './call-route.ts';
import type { Environment } from './pipeline-settings.ts';

/** What stood after a verb of a person’s: what it is about, and its options. */
export interface PersonWords {
  readonly target: string | undefined;
  /** The last one of that name; `undefined` where it was not given. */
  text(name: string): string | undefined;
  /** All of that name. */
  texts(name: string): readonly string[];
  readonly isJson: boolean;
  /** Whether an option was given that takes no value. */
  has(name: string): boolean;
}

/** One act that was understood. */
export interface PlannedAct {
  /** What is said before the person is asked. */
  readonly lines: readonly string[];
  /** The address of the act: the one place where the token is good. */
  readonly path: string;
  /** What it takes to prove oneself for it, where any passkey of one’s own is not enough. */
  readonly acr?: 'phrh';
  act(call: CallRoute, io: Io): Promise<ExitCode>;
}

/**
 * Something that no credential of a program is enough for: a person answers for this one act in
 * their browser, with their own passkey, and names what they looked at.
 */
export interface PersonVerb {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  readonly options: readonly string[];
  /** `undefined`: the words are not understood, and nobody is asked anything. */
  plan(words: PersonWords, io: Io): PlannedAct | undefined | Promise<PlannedAct | undefined>;
}

/** @see PersonVerb */
export function personVerb(environment: Environment, verb: PersonVerb): Verb {
  const { name, usage, summary } = verb;
  return {
    name,
    usage,
    summary,
    async run(parameters, io) {
      const words = readWords(parameters, verb.options);
      const planned = words && (await verb.plan(words, io));
      if (planned === undefined) {
        io.complain(`Usage: proofline ${`${name} ${usage}`.trim()}`);
        return exitCodes.usage;
      }
      for (const line of planned.lines) io.say(line);
      const { acr, path } = planned;
      const asked = { environment, io, path, ...(acr && { acr }) };
      return asPerson(asked, (call) => planned.act(call, io));
    },
  };
}

/** Options that take no value. */
const switches = new Set(['json', 'orphans', 'followed', 'dry-run']);

function readWords(parameters: readonly string[], names: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...parameters],
      options: Object.fromEntries(
        names.map((name) => [
          name,
          switches.has(name)
            ? { type: 'boolean' as const }
            : { type: 'string' as const, multiple: true },
        ]),
      ),
      allowPositionals: true,
    });
    const texts = (name: string) => [values[name] ?? []].flat().map(String);
    const [target] = positionals;
    if (positionals.length > 1) return undefined;
    return {
      target,
      texts,
      text: (name: string) => texts(name).at(-1),
      isJson: values['json'] === true,
      has: (name: string) => values[name] === true,
    };
  } catch {
    return undefined;
  }
}
