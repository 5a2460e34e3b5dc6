import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../apps/cli/bin/proofline.js', import.meta.url));

/** Runs the command line on a file, in a process of its own that knows nothing of the server. */
export async function verifyOffline(
  bundle: string,
  directory = tmpdir(),
): Promise<{ readonly exitCode: number; readonly output: string }> {
  const folder = mkdtempSync(join(directory, 'verify-'));
  const file = join(folder, 'call.json');
  writeFileSync(file, bundle);
  try {
    return await new Promise((resolve) => {
      execFile(process.execPath, [CLI, 'evidence', 'verify', file], (error, stdout, stderr) => {
        const exitCode = typeof error?.code === 'number' ? error.code : error ? 255 : 0;
        resolve({ exitCode, output: `${stdout}${stderr}` });
      });
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
