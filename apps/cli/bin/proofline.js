#!/usr/bin/env node
/**
 * Starts the command line. Plain JavaScript, so that any Node can read it: one that runs TypeScript
 * starts the sources, an older one the bundle, if `npm run build` has made it.
 */
import { existsSync } from 'node:fs';

const bundle = new URL('../dist/proofline.js', import.meta.url);

if (process.features.typescript) {
  await import('../main.ts');
} else if (existsSync(bundle)) {
  await import(bundle.href);
} else {
  process.stderr.write(
    `This is Node ${process.versions.node}, which does not run TypeScript, and the bundle is not built. ` +
      'Run “npx proofline” in the repository after “npm ci”, or “npm run build” once.\n',
  );
  process.exitCode = 2;
}
