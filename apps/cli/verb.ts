import type { FetchPort } from '@proofline/enforce/client';
import type { Clock, Random } from '@proofline/kernel';
import type { Loopback } from './server/loopback.ts';

/** What a verb may touch of the world outside. */
export interface Io {
  /** One line, without its newline. */
  say(line: string): void;
  /** The same, to standard error. */
  complain(line: string): void;
  /** The text of a file. @throws Error when it cannot be read. */
  readText(path: string): Promise<string>;
  /** Writes a new file, for its owner alone. @throws Error when it is there already, or cannot be written. */
  writeNew(path: string, bytes: Uint8Array): Promise<void>;
  /** The lines of a file, one at a time. @throws Error when it cannot be read. */
  readLines(path: string): AsyncIterable<string>;
  /** Paths of all files below a folder, from there, with `/`. @throws Error when it cannot be read. */
  listFiles(folder: string): Promise<readonly string[]>;
  /** One request over the network, text only. @throws Error when there is no answer. */
  readonly fetch: FetchPort;
  readonly clock: Clock;
  readonly random: Random;
  /** Waits on this machine for a browser to come back from a sign-in. */
  listen(): Promise<Loopback>;
  /** Resolves after so long. */
  pause(ms: number): Promise<void>;
}

/** All is well; something is wrong with what was looked at; the command was not understood. */
export const exitCodes = { ok: 0, wrong: 1, usage: 2 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** One thing that the command line does: one file in `verbs/`. */
export interface Verb {
  /** As it is typed: `evidence verify`. */
  readonly name: string;
  /** What comes after the name. */
  readonly usage: string;
  /** One sentence for the list of verbs. */
  readonly summary: string;
  run(parameters: readonly string[], io: Io): Promise<ExitCode>;
}

/** Prints a value as JSON, line by line: a terminal is given no control character, not even that one. */
export function sayJson(value: unknown, io: Pick<Io, 'say'>): void {
  for (const line of JSON.stringify(value, undefined, 2).split('\n')) io.say(line);
}
