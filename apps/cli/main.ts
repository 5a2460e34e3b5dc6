import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { runCli } from './run-cli.ts';
import { verbsOf } from './verbs/index.ts';

process.exitCode = await runCli(verbsOf(process.env), process.argv.slice(2), {
  say: (line) => process.stdout.write(`${printable(line)}\n`),
  complain: (line) => process.stderr.write(`${printable(line)}\n`),
  readText: (path) => readFile(path, 'utf8'),
  async listFiles(folder) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).replaceAll('\\', '/'))
      .toSorted();
  },
});

/** What comes from a file may hold sequences that a terminal would obey. */
function printable(line: string): string {
  return line.replace(/\p{C}/gu, '\u{fffd}');
}
