import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

const GUIDE = new URL('../../../docs/guides/policies-from-a-pipeline.md', import.meta.url);
const BINARY = new URL('../../../apps/cli/bin/proofline.js', import.meta.url).pathname;

/** Runs what the guide tells a build to do at the server, word by word, in a folder of its own. */
export async function runGuide({
  folder,
  environment,
}: {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}): Promise<{ readonly code: number; readonly output: string }> {
  const [, script] = /```sh pipeline\n([^`]+)```/.exec(readFileSync(GUIDE, 'utf8')) ?? [];
  if (script === undefined) throw new Error('the guide has no script');
  // As `npx` would find it in a repository that has it installed.
  const own = script.replaceAll('npx proofline', `"${process.execPath}" "${BINARY}"`);
  const child = spawn('/bin/sh', ['-e', '-c', own], { cwd: folder, env: environment });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }
  await once(child, 'close');
  return { code: child.exitCode ?? 1, output };
}

/** The command line, which asks a person in a browser: the page to open, and how it ended. */
export function askInBrowser({
  words,
  environment,
}: {
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}): { readonly page: Promise<string>; readonly ended: Promise<string> } {
  const child = spawn(process.execPath, [BINARY, ...words], { env: environment });
  const page = Promise.withResolvers<string>();
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const [url] = /http\S+\/oidc\/auth\?\S+/.exec(output) ?? [];
      if (url !== undefined) page.resolve(url);
    });
  }
  const ended = once(child, 'close').then(() => {
    page.reject(new Error(output));
    return `${output}exit ${child.exitCode}`;
  });
  return { page: page.promise, ended };
}
