import { fixedClock, type Id } from '@proofline/kernel';
import {
  leafHash,
  logSigner,
  treeRoot,
  verifyBundle,
  verifyGrowth,
  verifyLog,
  writeBundle,
} from '@proofline/evidence';
import { consistencyProof, memoryLog, type LogDraft } from '@proofline/evidence/testing';
import { seededRandom } from '@proofline/kernel/node';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { copyAttacks, witnessed } from './tampering/copy-attacks.ts';
import { erasedLog, erasureAttacks, prunedLog } from './tampering/erasure-attacks.ts';
import { isNoticedByHead, isNoticedInRows } from './tampering/hash-chain.ts';
import { sayOfCopy, sayOfFile } from './tampering/judge.ts';
import { bundle, chain, checkpointOf, leaves } from './tampering/scene.ts';
import { fileAttacks, writePage } from './tampering/write-page.ts';

describe.each(Object.entries(fileAttacks))('P8: tampering is noticed: %s', (_, attacks) => {
  test.each(attacks)('$does', (attack) => {
    expect(attack.said.length).toBeGreaterThan(0);
    expect(sayOfFile(attack)).toEqual(attack.said.toSorted());
  });
});

describe('P8: tampering with a whole log is noticed', () => {
  test.each([...copyAttacks, ...erasureAttacks])('$does', ({ copy, knows, said }) => {
    expect(said.length).toBeGreaterThan(0);
    expect(sayOfCopy(copy(), knows)).toEqual(said.toSorted());
  });
});

describe('P8: nothing is noticed where nothing was done', () => {
  test('the log, its export and the chain beside it, as they were made', () => {
    expect(sayOfFile({ file: () => bundle, knows: 'the log’s key' })).toEqual([]);
    const honest = { leaves, checkpoint: checkpointOf(leaves) };
    expect(sayOfCopy(honest, 'a kept checkpoint')).toEqual([]);
    expect(sayOfCopy(erasedLog, 'a kept checkpoint')).toEqual([]);
    expect(sayOfCopy(prunedLog, 'a kept checkpoint')).toEqual([]);
    expect(sayOfCopy({ leaves, checkpoint: witnessed }, 'the witnesses’ keys')).toEqual([]);
    expect([isNoticedInRows(chain), isNoticedByHead(chain)]).toEqual([false, false]);
  });

  test('any log, any export of it, whatever is withheld, and any two of its checkpoints', () => {
    const personal = fc.dictionary(fc.stringMatching(/^[a-z]{1,9}$/), fc.jsonValue(), {
      maxKeys: 4,
    });
    const draft = fc.record({
      facts: fc.dictionary(fc.stringMatching(/^[a-z]{1,9}$/), fc.jsonValue(), { maxKeys: 3 }),
      personal,
      causesBack: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 3 }),
      isExported: fc.boolean(),
      isWithheld: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(draft, { minLength: 1, maxLength: 60 }), fc.nat(), (drafts, seed) => {
        const random = seededRandom(`any log ${seed}`);
        const log = memoryLog({ clock: fixedClock(), random });
        const ids: Id<'evt'>[] = [];
        for (const { facts, personal: fields, causesBack } of drafts) {
          const causes = new Set(causesBack.flatMap((back) => ids.at(-back) ?? []));
          // What fast-check calls a JSON value is JSON.
          const given = { facts, personal: fields } as Pick<LogDraft, 'facts' | 'personal'>;
          ids.push(log.write({ kind: 'call.told', causes: [...causes], ...given }));
        }
        const signer = logSigner('log.example/any', random.bytes(32));
        const file = log.export(
          ids.filter((_, at) => drafts[at]!.isExported),
          signer,
        );
        const shown = {
          ...file,
          entries: file.entries.map((one) =>
            drafts[one.index]?.isWithheld ? { ...one, disclosures: [] } : one,
          ),
        };
        expect(verifyBundle(writeBundle(shown), { trustedKey: signer.key.text }).ok).toBe(true);
        const texts = log.entries.map(({ leaf }) => leaf);
        expect(verifyLog(texts, file.checkpoint, signer.key).faults).toEqual([]);
        const hashes = texts.map(leafHash);
        const size = 1 + (seed % hashes.length);
        const older = signer.signCheckpoint({ size, root: treeRoot(hashes.slice(0, size)) });
        const proof = consistencyProof(hashes, size);
        const claim = { older, newer: file.checkpoint, proof, key: signer.key };
        expect(verifyGrowth(claim)).toBe(true);
      }),
      { numRuns: 60, seed: 8 },
    );
  });
});

test('the page about what is noticed says what these tests have seen', async () => {
  await expect(writePage()).toMatchFileSnapshot('../../docs/explain/what-tampering-is-noticed.md');
});
