/**
 * Loaded before a process that is to meet a fault (`node --import`): once a file of this name is there, the
 * disk’s fsync fails, or the database’s thread ends in the middle of one. Its threads load it too.
 *
 *   PROOFLINE_FAULT_FILE=/…/fault   with the text `EIO` or `exit`
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';

const file = process.env['PROOFLINE_FAULT_FILE'] ?? '';
const works = fs.fsyncSync;

fs.fsyncSync = (descriptor) => {
  if (isMainThread || !fs.existsSync(file)) return works(descriptor);
  if (fs.readFileSync(file, 'utf8') === 'exit') process.exit(7);
  throw Object.assign(new Error('EIO: i/o error, fsync'), {
    code: 'EIO',
    errno: -5,
    syscall: 'fsync',
  });
};
syncBuiltinESMExports();
