import { fileURLToPath } from 'node:url';
import { prepareTemplate } from '@proofline/storage';
import { buildAll } from './build-all.ts';

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/proofline', import.meta.url));
const say = (line: string) => void process.stdout.write(`${line}\n`);

// What a first start would otherwise wait for. A failure here must not fail the installation: the
// first start does it again, and then says what is wrong.
try {
  await buildAll({ onlyStale: true, say });
  await prepareTemplate(CACHE);
} catch (error) {
  say(
    `Not built ahead (${error instanceof Error ? error.message : String(error)}); the first start will do it.`,
  );
}
