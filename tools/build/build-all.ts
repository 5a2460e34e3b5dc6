import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PAGES = ['apps/console', 'apps/verify'] as const;

/**
 * Builds the console, the customer's page and the command line's bundle.
 *
 * @param options `onlyStale`: leaves alone what is newer than its sources.
 */
export async function buildAll(options: {
  readonly onlyStale: boolean;
  readonly say: (line: string) => void;
}): Promise<void> {
  for (const page of PAGES) {
    if (options.onlyStale && isFresh(page)) continue;
    options.say(`Building ${page} …`);
    // Loaded only when needed: the bundler takes longer to load than a fresh build takes to check.
    const { build } = await import('vite');
    await build({ root: join(ROOT, page), logLevel: 'error' });
  }
  if (options.onlyStale && isFresh('apps/cli')) return;
  options.say('Building apps/cli …');
  await bundleCli();
}

async function bundleCli(): Promise<void> {
  const { build } = await import('vite');
  await build({
    configFile: false,
    root: join(ROOT, 'apps/cli'),
    logLevel: 'error',
    build: {
      ssr: 'main.ts',
      outDir: 'dist',
      target: 'node20',
      rollupOptions: { output: { entryFileNames: 'proofline.js' } },
    },
    ssr: { noExternal: true },
  });
}

function isFresh(folder: string): boolean {
  const marker = join(ROOT, folder, 'dist', folder === 'apps/cli' ? 'proofline.js' : 'index.html');
  if (!existsSync(marker)) return false;
  const builtAtMs = statSync(marker).mtimeMs;
  return [folder, 'packages'].every((source) => newestMs(join(ROOT, source)) <= builtAtMs);
}

function newestMs(folder: string): number {
  let newest = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || /[\\/](dist|node_modules)([\\/]|$)/.test(entry.parentPath)) continue;
    newest = Math.max(newest, statSync(join(entry.parentPath, entry.name)).mtimeMs);
  }
  return newest;
}
