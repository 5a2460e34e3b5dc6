import { performance } from 'node:perf_hooks';
import { systemClock, systemRandom, newId } from '@proofline/kernel';
import { logSigner, verifyLog, compactRange, leafHash, writeEntry } from '@proofline/evidence';
import { eventOf } from './event.ts';

/** What it takes to verify a whole log, every leaf parsed and hashed, without a database. */
export interface Verified {
  readonly leaves: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** What the process grew by, at its largest; the leaves come one after the other. */
  readonly memoryMb: number;
}

/** A leaf with the twelve digests of a real one, and its id. */
function sampleLeaf() {
  const ports = { clock: systemClock, random: systemRandom };
  const { kind, refs = {}, facts = {} } = eventOf(0);
  const subject = newId('psn', ports);
  const digests = [...'ABCDEFGHIJKL'].map((last) => `${'A'.repeat(42)}${last}`);
  const id = newId('evt', ports);
  const leaf = writeEntry({
    v: 1,
    id,
    kind,
    at: '2026-11-22T10:00:00.000Z',
    causes: [],
    refs: { ...refs },
    subjects: { customer: subject },
    facts,
    _sd: [{ subject, retention: 'case', digests }],
  });
  return { id, leaf };
}

const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';

/** The leaves of a log, each with another id, none of them kept. */
function* leavesOf({ id, leaf }: ReturnType<typeof sampleLeaf>, count: number): Generator<string> {
  for (let index = 0; index < count; index += 1) {
    let suffix = '';
    for (let rest = index; suffix.length < 5; rest = Math.floor(rest / 32)) {
      suffix = DIGITS[rest % 32]! + suffix;
    }
    yield leaf.replace(id, id.slice(0, -5) + suffix);
  }
}

/** Makes a log and verifies it as an auditor does. @throws where it does not verify */
export function verifyMany(leaves: number): Verified {
  const sample = sampleLeaf();
  const signer = logSigner('bench.example/log', Buffer.alloc(32, 7));
  const range = compactRange();
  for (const leaf of leavesOf(sample, leaves)) range.append(leafHash(leaf));
  const note = signer.signCheckpoint({ size: leaves, root: range.root() });
  const before = process.memoryUsage().rss;
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const verdict = verifyLog(leavesOf(sample, leaves), note, signer.key);
  const seconds = (performance.now() - begun) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  if (!verdict.ok) throw new Error(verdict.faults.slice(0, 3).join(' '));
  const memoryMb = (process.resourceUsage().maxRSS * 1_024 - before) / 2 ** 20;
  return { leaves, seconds, cpuSeconds: (user + system) / 1e6, memoryMb };
}
