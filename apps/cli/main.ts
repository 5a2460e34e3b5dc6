import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock, systemRandom } from '@proofline/kernel';
import { printable } from './printable.ts';
import { readLines } from './read-lines.ts';
import { runCli } from './run-cli.ts';
import { listenOnLoopback } from './server/loopback.ts';
import { nodeFetch } from './server/node-fetch.ts';
import { verbsOf } from './verbs/index.ts';

process.exitCode = await runCli(verbsOf(process.env), process.argv.slice(2), {
  say: (line) => process.stdout.write(`${printable(line)}\n`),
  complain: (line) => process.stderr.write(`${printable(line)}\n`),
  readText: (path) => readFile(path, 'utf8'),
  writeNew: (path, bytes) => writeFile(path, bytes, { flag: 'wx', mode: 0o600 }),
  readLines,
  async listFiles(folder) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).replaceAll('\\', '/'))
      .toSorted();
  },
  fetch: nodeFetch,
  listen: listenOnLoopback,
  clock: systemClock,
  random: systemRandom,
  pause: (ms) => pause(ms),
});
