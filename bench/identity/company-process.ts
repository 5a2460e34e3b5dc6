/**
 * The product's own server as the demo starts it, in a process of its own, with colleagues who have
 * registered their passkeys. What they sign in with is theirs, and is handed to the caller whole.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCompany } from '../../demo/start-company.ts';

/** What its parent is told once it is ready. */
export interface Ready {
  readonly origins: { readonly staff: string; readonly gateway: string };
  /** Onboarding links, one for each founding colleague. */
  readonly links: readonly string[];
}

const [databaseUrl = ''] = process.argv.slice(2);
const directory = mkdtempSync(join(tmpdir(), 'bench-identity-'));
const company = await startCompany({
  directory,
  ports: 'free',
  logLevel: 'silent',
  ...(databaseUrl !== '' && { databaseUrl }),
});

async function stop(): Promise<void> {
  await company.close();
  rmSync(directory, { recursive: true, force: true });
  process.exit(0);
}

process.on('message', () => void stop().catch(() => process.exit(1)));
// Where the bench is stopped, nothing of it stays.
process.on('disconnect', () => void stop().catch(() => process.exit(1)));
const ready: Ready = { origins: company.origins, links: [...company.founderLinks.values()] };
process.send?.(ready);
