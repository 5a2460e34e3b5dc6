import {
  leafHash,
  readFeedLine,
  writeEntry,
  writeFeedLine,
  type EvidenceEntry,
  type FeedItem,
} from '@proofline/evidence';
import { sampleLog } from '@proofline/evidence/testing';
import { canonicalJson, fixedClock, newId, type JsonObject } from '@proofline/kernel';
import { seededRandom, sha256 } from '@proofline/kernel/node';
import { evidenceKindNames } from '@proofline/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ocsfFaults } from '../../testing/ocsf-facts.ts';
import { toOcsf } from './ocsf/to-ocsf.ts';
import { csvHeader, toCsv } from './to-csv.ts';
import { toOtlp } from './to-otlp.ts';
import { toSyslog } from './to-syslog.ts';
import { writeRecords } from './write-records.ts';

const ports = { clock: fixedClock(), random: seededRandom('forms') };
const psn = () => newId('psn', ports);
const origin = 'staff.example/acme';

function itemOf(change: Partial<EvidenceEntry>, index = 7): FeedItem & { readonly leaf: string } {
  const leaf = writeEntry({
    v: 1,
    id: newId('evt', ports),
    kind: 'decision.made',
    at: '2026-11-02T09:00:07.500Z',
    causes: [],
    refs: {},
    subjects: {},
    facts: {},
    _sd: [],
    ...change,
  });
  return { type: 'entry', origin, index, leaf, leafHash: leafHash(leaf) };
}

const roles = ['actor', 'agent', 'customer', 'service', 'person', 'invitee', 'owner', 'connection'];
const anyText = fc
  .string({ unit: 'grapheme', maxLength: 30 })
  .filter((text) => text.isWellFormed());
const anyEntry = fc.record({
  kind: fc.constantFrom(...evidenceKindNames),
  refs: fc.dictionary(
    fc.constantFrom('sessionId', 'interactionId', 'applicationId', 'policyId', 'switchId'),
    anyText.filter((text) => text.length > 0),
  ),
  subjects: fc.subarray(roles).map((names) => Object.fromEntries(names.map((one) => [one, psn()]))),
  facts: fc.dictionary(
    fc.constantFrom('action', 'effect', 'outcome', 'because', 'actions', 'learns'),
    fc.oneof(anyText, fc.array(anyText, { maxLength: 3 }), fc.integer(), fc.boolean()),
  ),
});
const others: readonly FeedItem[] = [
  { type: 'erased', origin, index: 3, leafHash: leafHash('x'), idHash: 'y' },
  { type: 'start', origin, index: 3, peaks: [leafHash('a'), leafHash('b')] },
  {
    type: 'checkpoint',
    origin,
    size: 13,
    checkpoint: sampleLog().bundle.checkpoint,
    verifierKey: sampleLog().signer.key.text,
  },
];

/** What a receiver that kept OCSF hands to the verifier. */
function readAgain(event: JsonObject): string | undefined {
  const read = readFeedLine(JSON.stringify(event));
  return read.ok ? writeFeedLine(read.value) : undefined;
}

describe('OCSF', () => {
  test.each(evidenceKindNames)('%s is an event of its class, whoever it names', (kind) => {
    for (const subjects of [{}, { actor: psn() }, { customer: psn(), agent: psn() }]) {
      const event = toOcsf(itemOf({ kind, subjects, refs: { sessionId: 'ses_1' } }));
      expect([kind, ocsfFaults(event)]).toEqual([kind, []]);
      expect(event).toMatchObject({ metadata: { event_code: kind, sequence: 7 } });
    }
  });

  test('whatever an entry holds, the event is valid, and gives the entry back byte for byte', () => {
    fc.assert(
      fc.property(anyEntry, (change) => {
        const item = itemOf(change);
        const event = toOcsf(item);
        expect(ocsfFaults(event)).toEqual([]);
        expect(readAgain(event)).toBe(writeFeedLine(item));
      }),
      { numRuns: 300, seed: 19 },
    );
    for (const item of others) {
      expect(ocsfFaults(toOcsf(item))).toEqual([]);
      expect(readAgain(toOcsf(item))).toBe(writeFeedLine(item));
    }
  });

  test('a refused decision is an API call that failed; a permitted one is not', () => {
    const subjects = { actor: psn() };
    const decided = (effect: string) =>
      toOcsf(itemOf({ subjects, facts: { action: 'invoice:read', effect } }));
    expect(decided('deny')).toMatchObject({ type_uid: 600302, status_id: 2, severity_id: 2 });
    expect(decided('permit')).toMatchObject({ type_uid: 600302, status_id: 1, severity_id: 1 });
    expect(decided('permit')['api']).toMatchObject({ operation: 'invoice:read' });
  });

  test('the attestation is the SHA-256 of the event itself, and breaks with it', () => {
    const event = toOcsf(itemOf({}));
    // Made by the mapper just now.
    const [attestation] = event['attestation_list'] as readonly JsonObject[];
    const { fingerprint, ...place } = attestation!;
    const value = (of: JsonObject) =>
      Buffer.from(
        sha256(Buffer.from(canonicalJson({ ...of, attestation_list: [place] }))),
      ).toString('hex');
    expect(fingerprint).toMatchObject({ value: value(event), algorithm_id: 3 });
    expect(value({ ...event, severity_id: 5 })).not.toBe(value(event));
    expect(place).toMatchObject({ chain_uid: origin, uid: '7' });
  });

  test('the facts that it is held to would find a fault', () => {
    const event = toOcsf(itemOf({ kind: 'session.started', subjects: { actor: psn() } }));
    expect(event['class_uid']).toBe(3002);
    for (const change of [
      { user: undefined },
      { user: {} },
      { service: undefined },
      { activity_id: 8, type_uid: 300208 },
      { type_uid: 300299 },
      { category_uid: 6 },
      { surname: 'x' },
      { time: '2026' },
      { raw_data_hash: { value: 'x' } },
    ]) {
      const { user, service, ...rest } = { ...event, ...change } as Record<string, unknown>;
      const made = {
        ...rest,
        ...(user !== undefined && { user }),
        ...(service !== undefined && { service }),
      };
      expect([change, ocsfFaults(made).length > 0]).toEqual([change, true]);
    }
  });
});

/** RFC 5424 §6, as far as one line of it can be said by a pattern. */
const MESSAGE = new RegExp(
  String.raw`^<(\d{1,3})>1 (-|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([\x21-\x7e]{1,255}) ` +
    String.raw`([\x21-\x7e]{1,48}) - ([\x21-\x7e]{1,32}) \[proofline@(\d+)` +
    String.raw`((?: [\x21\x23-\x3c\x3e-\x5c\x5e-\x7e]{1,32}="(?:[^"\\\]]|\\["\\\]])*")*)\]` +
    String.raw`(?: \uFEFF([^]*))?$`,
);

describe('RFC 5424', () => {
  test('is well-formed whatever an entry holds, and ends in the leaf byte for byte', () => {
    fc.assert(
      fc.property(anyEntry, (change) => {
        const item = itemOf(change);
        const message = MESSAGE.exec(toSyslog(item));
        expect(message?.[8]).toBe(item.leaf);
        expect(message?.[7]).not.toMatch(/\p{Cc}/u);
        expect(Number(message?.[1])).toBeGreaterThanOrEqual(104);
        expect(message?.[5]).toBe(change.kind);
      }),
      { numRuns: 300, seed: 54 },
    );
    for (const item of others) expect(toSyslog(item)).toMatch(MESSAGE);
  });

  test('escapes what would end a value, and takes the enterprise number that was set', () => {
    const facts = { action: 'a"b]c\\d\ne' };
    const text = toSyslog(itemOf({ facts, subjects: { actor: psn() } }), 64_000);
    expect(text).toContain(String.raw`action="a\"b\]c\\d e"`);
    expect(text).toContain('[proofline@64000 record="entry"');
    expect(
      text.startsWith('<110>1 2026-11-02T09:00:07.500Z staff.example proofline - decision.made ['),
    ).toBe(true);
  });
});

describe('OTLP', () => {
  test('is one request, with 64-bit numbers as texts and the leaf as the body', () => {
    const item = itemOf({ refs: { sessionId: 'ses_1' }, subjects: { actor: psn() } });
    const request = JSON.stringify(toOtlp([item, ...others]));
    // Read like a stranger would.
    const { resourceLogs } = JSON.parse(request) as { resourceLogs: readonly OtlpLogs[] };
    const [first, ...rest] = resourceLogs[0]!.scopeLogs[0]!.logRecords;
    expect(first).toMatchObject({
      timeUnixNano: '1793610007500000000',
      severityNumber: 9,
      eventName: 'decision.made',
      body: { stringValue: item.leaf },
    });
    expect(first!.attributes).toContainEqual({ key: 'proofline.index', value: { intValue: '7' } });
    expect(rest).toHaveLength(3);
    const keys = [first!, ...rest].flatMap(({ attributes }) => attributes.map(({ key }) => key));
    expect(keys.every((key) => key.startsWith('proofline.'))).toBe(true);
  });
});

interface OtlpLogs {
  readonly scopeLogs: readonly {
    readonly logRecords: readonly { readonly attributes: readonly { readonly key: string }[] }[];
  }[];
}

describe('CSV', () => {
  test('has no cell that a spreadsheet takes for a formula, and gives the leaf back', () => {
    fc.assert(
      fc.property(anyEntry, (change) => {
        const item = itemOf(change);
        const cells = cellsOf(toCsv(item)!);
        expect(cells).toHaveLength(csvHeader.split(',').length);
        expect(cells.every((cell) => !/^[=+\-@\t\r]/.test(cell))).toBe(true);
        expect(cells.at(-1)).toBe(item.leaf);
      }),
      { numRuns: 300, seed: 41 },
    );
  });

  test('puts an apostrophe before a kind of another catalogue that begins as a formula', () => {
    expect(toCsv(others[0]!)).toMatch(/^3,erased,/);
    expect(others.map(toCsv).filter((row) => row !== undefined)).toHaveLength(1);
  });
});

test('what was not asked for goes out as a hash in NDJSON, and not at all elsewhere', () => {
  const passed: FeedItem = { type: 'passed-over', origin, index: 4, leafHash: leafHash('x') };
  const items = [passed, ...others];
  expect(writeRecords('ndjson', items)).toHaveLength(4);
  expect(writeRecords('ocsf', items)).toHaveLength(3);
  expect(writeRecords('syslog', items)).toHaveLength(3);
  expect(writeRecords('otlp', items)).toHaveLength(1);
  expect(writeRecords('csv', items)).toHaveLength(1);
  expect(writeRecords('csv', [itemOf({}, 0), ...items])[0]).toBe(csvHeader);
});

/** RFC 4180, as a reader takes a row apart. */
function cellsOf(row: string): string[] {
  return [...row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}
