/**
 * Starts a TypeScript entry, after saying in a sentence when this Node cannot: a `.ts` file could
 * not say so itself. Plain JavaScript for that reason, and nothing newer than Node 16 knows.
 *
 *   node tools/run.js tests/run.ts [arguments]
 */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
const runsTypeScript = major > 22 || (major === 22 && minor >= 18);

if (runsTypeScript) {
  const entry = process.argv[2];
  // The entry sees its own arguments, as if it had been started by itself.
  process.argv.splice(1, 2, resolve(entry));
  await import(pathToFileURL(resolve(entry)).href);
} else {
  process.stderr.write(
    `Node ${process.versions.node} cannot run TypeScript: start this through npm after “npm ci”, ` +
      'which brings Node 24 along, or install Node 22.18 or newer.\n',
  );
  process.exitCode = 1;
}
