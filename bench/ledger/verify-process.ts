/** A process that makes a log of as many entries as its parameter says, verifies it, and says how that went. */
import { verifyMany } from './verify-million.ts';

process.send?.(verifyMany(Number(process.argv[2])));
