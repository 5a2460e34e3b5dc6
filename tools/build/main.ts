import { buildAll } from './build-all.ts';

const startedAt = performance.now();
await buildAll({
  onlyStale: process.argv.includes('--stale'),
  say: (line) => process.stdout.write(`${line}\n`),
});
process.stdout.write(`Built in ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`);
