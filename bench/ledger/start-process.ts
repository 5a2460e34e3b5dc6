/**
 * A process that opens the embedded log, writes one event and says how long that took since it was
 * started, and what it holds in memory. Parameters: a directory, that of the template.
 */
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { systemClock, systemRandom } from '@proofline/kernel';
import { createLedger, fileHighWaterMark, migrations } from '@proofline/ledger';
import { openStorage } from '@proofline/storage';
import { eventOf } from './event.ts';

const [directory = '', cacheDirectory = ''] = process.argv.slice(2);
const seed = Buffer.alloc(32, 7);
const storage = await openStorage({ directory: join(directory, 'database'), cacheDirectory });
await storage.migrate(migrations);
await storage.raiseWall({ tenant: 'bench', migrations });
const ledger = createLedger({
  storage,
  clock: systemClock,
  random: systemRandom,
  tenant: 'bench',
  origin: 'bench.example/log',
  signingSeed: seed,
  kek: seed,
  mark: fileHighWaterMark(join(directory, 'mark')),
});
await ledger.start();
await ledger.append(eventOf(0));
// Since the process began: the platform’s own start is in it.
const loggedMs = performance.now();
const residentMb = process.memoryUsage().rss / 2 ** 20;
await ledger.stop();
await storage.close();
process.send?.({ loggedMs, residentMb });
