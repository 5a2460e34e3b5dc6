import { readFile } from 'node:fs/promises';
import { runCli } from './run-cli.ts';
import { verbsOf } from './verbs/index.ts';

process.exitCode = await runCli(verbsOf(process.env), process.argv.slice(2), {
  say: (line) => process.stdout.write(`${printable(line)}\n`),
  complain: (line) => process.stderr.write(`${printable(line)}\n`),
  readText: (path) => readFile(path, 'utf8'),
});

/** What comes from a file may hold sequences that a terminal would obey. */
function printable(line: string): string {
  return line.replace(/\p{C}/gu, '\u{fffd}');
}
