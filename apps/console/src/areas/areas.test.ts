import { newId, systemClock, systemRandom } from '@proofline/kernel';
import {
  isPrivateKeyText,
  serviceKeyOf,
  type Capability,
  type EvidenceRow,
  type InteractionSummary,
  type Role,
  type ServiceKey,
} from '@proofline/protocol';
import { describe, expect, test } from 'vitest';
import { callToOpen, seenAtFirst } from './agent/call-to-open.ts';
import { openLabels } from './agent/open-labels.ts';
import { openingGroups } from './agent/opening-groups.ts';
import { callsSearch } from './agent/search.ts';
import { staleProofAge } from './agent/stale-proof.ts';
import { shortestHold } from './agent/use-asked-in-time.ts';
import { chainLines } from './audit/chain-layout.ts';
import { entryWords } from './audit/entry-words.ts';
import { fromLocalInput, lastSpan, toLocalInput } from './audit/local-time.ts';
import { auditSearch, evidenceQuery } from './audit/search.ts';
import { readSecret } from './onboarding/link-secret.ts';
import { idleNote, isShorter } from './security/idle-note.ts';
import { draftOf, emptyFields } from './security/application-draft.ts';
import { ageAmong, whatRetiringMeans } from './security/programs/key-ages.ts';
import { whyNoKey } from './security/programs/service-words.ts';
import { askingText } from './sign-in/asking-text.ts';
import { crumbTarget, placeAt } from '../shell/areas.ts';
import { jumpTargets } from '../shell/jump-targets.ts';
import { matchesKey } from '../shell/shortcut-keys.ts';

const ports = { clock: systemClock, random: systemRandom };

describe('the filters in an address', () => {
  test('survive as they are', () => {
    const search = { id: 'ses_1', kind: 'proof.bound', from: '2026-11-21T08:00:00.000Z' };
    expect(auditSearch.parse(search)).toEqual(search);
  });
  test('that nobody understands are ignored, not an error', () => {
    expect(auditSearch.parse({ kind: 'x', from: 'yesterday', cursor: -1, other: 1 })).toEqual({});
    expect(callsSearch.parse({ state: 'lost' })).toEqual({});
  });
  test('hold a span as absolute times', () => {
    const now = Date.UTC(2026, 10, 21, 9);
    expect(lastSpan(now, 1).from).toBe('2026-11-21T08:00:00.000Z');
    expect(auditSearch.parse(lastSpan(now, 24))).toEqual(lastSpan(now, 24));
  });
  test('go to the date field and back', () => {
    const iso = '2026-11-21T08:30:00.000Z';
    expect(fromLocalInput(toLocalInput(iso))).toBe(iso);
    expect([fromLocalInput(''), toLocalInput(undefined), toLocalInput('x')]).toEqual([
      undefined,
      '',
      '',
    ]);
  });
});

describe('what the auditor’s list leaves out', () => {
  test('is what is routine, unless the address says otherwise', () => {
    expect(evidenceQuery(auditSearch.parse({}))).toEqual({ routine: 'hidden' });
    expect(evidenceQuery(auditSearch.parse({ routine: 'all' }))).toEqual({ routine: 'hidden' });
    expect(evidenceQuery(auditSearch.parse({ routine: 'shown', id: 'int_1' }))).toEqual({
      id: 'int_1',
    });
    expect(evidenceQuery({ id: 'dec_1' })).toEqual({ id: 'dec_1' });
    expect(evidenceQuery({ id: 'stf_1' })).toEqual({ id: 'stf_1' });
    expect(evidenceQuery({ id: 'ses_1' })).toEqual({ id: 'ses_1', routine: 'hidden' });
  });
});

describe('the navigation', () => {
  const at = (pathname: string, role: Role) => placeAt(pathname, { roles: [role] })?.to;
  test.each([
    ['/agent', 'billing-agent', '/agent'],
    ['/agent/calls/int_1', 'billing-agent', '/agent'],
    ['/agent/cases', 'billing-agent', '/agent/cases'],
    ['/agent/calls/int_1', 'supervisor', '/supervisor/calls'],
    ['/security/people/stf_1', 'security-admin', '/security/people'],
    ['/audit/evt_1', 'auditor', '/audit'],
    ['/auditing', 'auditor', undefined],
    ['/audit', 'billing-agent', undefined],
  ] as const)('marks where %s belongs for a %s', (pathname, role, to) => {
    expect(at(pathname, role)).toBe(to);
  });
});

describe('a step of the way here', () => {
  test.each([
    ['supervisor', '/supervisor/approvals'],
    ['team-lead', '/supervisor/calls'],
    ['auditor', undefined],
  ] as const)('leads a %s to the first page of the area that they may see', (role, to) => {
    expect(crumbTarget('/supervisor/approvals', { roles: [role] })).toBe(to);
  });
});

describe('after a call', () => {
  test('only what was open is listed as closed', () => {
    const capability = (action: Capability['action'], allowed: boolean): Capability => ({
      action,
      allowed,
      remedies: [],
    });
    expect(openLabels([capability('note:add', true), capability('plan:change', false)])).toEqual([
      'Add a note',
    ]);
  });
});

describe('the words of an entry', () => {
  test('say how a permitted request came out', () => {
    const words = ['completed', 'upstream-refused', 'upstream-failed', 'held back'].map((outcome) =>
      entryWords({
        kind: 'request.completed',
        facts: outcome === 'held back' ? { outcome: 'completed', delivered: false } : { outcome },
      }),
    );
    expect(new Set(words).size).toBe(4);
    expect(words[1]).toContain('refused by the guarded system');
    expect(words[1]).not.toContain('carried out');
    // Whoever did not hear an answer in time does not know that it failed.
    expect(words[2]).toContain('may have been carried out');
  });
  test('say whether an approval was given', () => {
    const decided = (verdict: string) =>
      entryWords({ kind: 'approval.decided', facts: { verdict } });
    expect([decided('approve'), decided('reject')]).toEqual([
      'An approval was given',
      'An approval was refused',
    ]);
  });
});

describe('a chain', () => {
  const ids = Array.from({ length: 6 }, () => newId('evt', ports));
  const row = (index: number, causes: number[]): EvidenceRow => ({
    evidenceId: ids[index]!,
    index,
    kind: 'decision.made',
    at: `2026-11-21T08:00:0${index}.000Z`,
    causes: causes.map((cause) => ids[cause]!),
    refs: {},
    subjects: {},
    facts: {},
  });
  const drawn = (rows: EvidenceRow[], focus: number) =>
    chainLines(rows, ids[focus]!).map(({ causes, depth, relation, row: { index } }) => [
      index,
      depth,
      relation,
      causes,
    ]);

  test('stands in the order of the log, and marks what led here and what followed', () => {
    const rows = [row(5, [4]), row(0, []), row(1, []), row(3, [0, 1]), row(4, [3]), row(2, [1])];
    expect(drawn(rows, 3)).toEqual([
      [0, 0, 'cause', []],
      [1, 0, 'cause', []],
      [2, 1, 'beside', [1]],
      [3, 1, 'self', [0, 1]],
      [4, 2, 'consequence', [3]],
      [5, 3, 'consequence', [4]],
    ]);
  });
  test('that turns in circles still ends', () => {
    expect(drawn([row(0, [1]), row(1, [0])], 0)).toEqual([
      [0, 0, 'self', []],
      [1, 1, 'consequence', [0]],
    ]);
  });
  test('shows every entry once, and draws each stroke downwards and to the right', () => {
    const lines = chainLines([row(0, []), row(1, [0]), row(1, [0]), row(2, [0, 1])], ids[0]!);
    expect(lines).toHaveLength(3);
    for (const [at, { causes, depth }] of lines.entries()) {
      expect(causes.every((cause) => cause < at && lines[cause]!.depth < depth)).toBe(true);
    }
  });
});

describe('the agent’s panel', () => {
  const agentId = newId('stf', ports);
  const call = (over: Partial<InteractionSummary>): InteractionSummary => ({
    interactionId: newId('int', ports),
    channel: 'call',
    state: 'ringing',
    agentId,
    callerProved: false,
    startedAt: '2026-11-21T08:00:00.000Z',
    ...over,
  });
  test('opens the newest open call of this agent, and no other', () => {
    const newest = call({ startedAt: '2026-11-21T09:00:00.000Z' });
    const calls = [
      call({}),
      newest,
      call({ state: 'ended', startedAt: '2026-11-21T10:00:00.000Z' }),
      call({ agentId: newId('stf', ports), startedAt: '2026-11-21T11:00:00.000Z' }),
    ];
    expect(callToOpen(calls, agentId, undefined)).toBe(newest);
    expect(callToOpen([newest], agentId, newest.interactionId)).toBeUndefined();
  });
  test('takes nobody along who opens another page during a call', () => {
    const ids = ['ringing', 'live'].map((state) => ({
      interactionId: newId('int', ports),
      channel: 'call' as const,
      state: state as 'ringing' | 'live', // one of the two just above
      callerProved: false,
      startedAt: '2026-11-21T08:00:00.000Z',
    }));
    const [ringing, live] = ids.map(({ interactionId }) => interactionId);
    expect([...seenAtFirst(ids, false)]).toEqual([ringing, live]);
    expect([...seenAtFirst(ids, true)]).toEqual([live]);
  });
  test('says a common reason once', () => {
    const closed = (action: Capability['action']): Capability => ({
      action,
      allowed: false,
      reason: 'Not proved.',
      remedies: [{ kind: 'customer.proof', maxAgeSeconds: 300 }],
    });
    const open: Capability = { action: 'account:read-public', allowed: true, remedies: [] };
    const groups = openingGroups([open, closed('account:read'), closed('invoice:read')]);
    expect(groups.map(({ labels }) => labels.length)).toEqual([1, 2]);
    expect(groups[1]?.why).toContain('Not proved.');
    expect(staleProofAge([open, closed('account:read')])).toBe(300);
    expect(staleProofAge([open])).toBeUndefined();
    expect(shortestHold([open])).toBeUndefined();
    expect(shortestHold([open, { ...open, holdsForSeconds: 61 }, closed('note:add')])).toBe(61);
  });
});

describe('the keyboard', () => {
  const press = {
    key: 'c',
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    isComposing: false,
    repeat: false,
    target: null,
  };
  const shortcut = { keys: 'c', label: '', run: () => undefined };
  test('WCAG 2.1.4: letters can be switched off, and mean nothing where somebody types', () => {
    expect(matchesKey(press, shortcut, true)).toBe(true);
    expect(matchesKey(press, shortcut, false)).toBe(false);
    const field = Object.assign(new EventTarget(), { tagName: 'INPUT' });
    expect(matchesKey({ ...press, target: field }, shortcut, true)).toBe(false);
    expect(matchesKey({ ...press, ctrlKey: true }, shortcut, true)).toBe(false);
  });
  test('a key with Ctrl or ⌘ works everywhere', () => {
    const jump = { ...shortcut, keys: 'mod+k' };
    expect(matchesKey({ ...press, key: 'K', metaKey: true }, jump, false)).toBe(true);
    expect(matchesKey({ ...press, key: 'k' }, jump, true)).toBe(false);
  });
});

describe('jumping', () => {
  const self = { roles: ['auditor' as const], capabilities: [] };
  test('goes to the evidence of any id', () => {
    const id = newId('ses', ports);
    expect(jumpTargets(id, self)[0]?.go).toEqual({ to: '/audit', search: { id } });
  });
  test('shows what is refused, with its reason, below what is open', () => {
    const targets = jumpTargets('', self);
    expect(targets[0]?.refusal).toBeUndefined();
    expect(targets.at(-1)?.refusal?.reason).toBe('Your role does not include this page.');
  });
});

test('the sign-in page says who asks, and how old a proof may be', () => {
  const asked = askingText({ clientName: 'Desk', kind: 'step-up', acr: 'phr', maxAgeSeconds: 60 });
  expect(asked.why).toContain('Desk needs a proof of you that is at most 60 seconds old');
  expect(askingText({ clientName: 'Desk', kind: 'login' }).title).toBe('Sign in to Desk');
  const locked = askingText({ clientName: 'Desk', kind: 'step-up', locked: true });
  expect(locked.title).toBe('This screen is locked');
  expect(locked.why).toContain('of the colleague who is signed in here');
  const act = { kind: 'roll-back' } as const;
  const program = askingText({ clientName: 'A program', kind: 'login', act });
  expect(program.title).toBe('Let a program go back to earlier policies?');
  expect(program.why).toContain('A program asks to go back to earlier policies for everybody');
  const candidateId = newId('pcd', { clock: systemClock, random: systemRandom });
  const promoted = askingText({
    clientName: 'A program',
    kind: 'step-up',
    act: { kind: 'promote', candidateId, digest: 'A'.repeat(43), note: 'Kinder words' },
  });
  const serviceId = newId('svc', { clock: systemClock, random: systemRandom });
  const removed = askingText({
    clientName: 'A program',
    kind: 'step-up',
    act: { kind: 'remove-service', serviceId, name: 'Night reports' },
  });
  expect(removed.title).toBe('Let a program remove a service?');
  expect(removed.why).toContain(
    `remove a service for good, in your name: “Night reports”, ${serviceId}`,
  );
  expect(promoted.why).toContain(`“Kinder words”, ${candidateId}, digest AAAAAAAAAAAA…`);
});

test('a narrower set is proposed for the time that was looked at', () => {
  const now = Date.UTC(2026, 10, 21, 20);
  const before = (minutes: number) => new Date(now - minutes * 60_000).toISOString();
  expect(idleNote(before(35), now)).toBe('Rights that nobody used for 35 minutes');
  expect(idleNote(before(30 * 24 * 60), now)).toBe('Rights that nobody used for 30 days');
  expect(isShorter(before(35), { days: 30, nowMs: now })).toBe(true);
  expect(isShorter(before(30 * 24 * 60), { days: 30, nowMs: now })).toBe(false);
});

test('an onboarding secret is read from behind the hash only', () => {
  expect(readSecret({ hash: '#abc' })).toBe('abc');
  expect(readSecret({ hash: '' })).toBeUndefined();
});

describe('the keys of a service', () => {
  const before: ServiceKey = {
    kid: 'before',
    algorithm: 'ES256',
    state: 'live',
    addedAt: '2026-11-01T08:00:00.000Z',
    retireAfter: '2026-11-28T08:00:00.000Z',
  };
  const after: ServiceKey = {
    kid: 'after',
    algorithm: 'ES256',
    state: 'live',
    addedAt: '2026-11-21T08:00:00.000Z',
  };
  test('are told apart by their age, in whatever order they come', () => {
    expect(ageAmong([after, before], after)).toBe('new');
    expect(ageAmong([before, after], before)).toBe('old');
    expect(ageAmong([after, { ...before, state: 'retired' }], after)).toBeUndefined();
  });
  test('say before one is retired whether any would be left', () => {
    expect(whatRetiringMeans([after, before], before)).not.toContain('no key');
    expect(whatRetiringMeans([after, before], after)).toMatch(
      /ends on 28 Nov 2026 .*no key is good/,
    );
    expect(whatRetiringMeans([after], after)).toContain('No other key is good');
  });
});

describe('a key that is pasted', () => {
  const jwk = { kty: 'EC', crv: 'P-256', x: 'x'.repeat(43), y: 'y'.repeat(43) };
  const fields = { ...emptyFields, name: 'Wiki', addresses: 'https://wiki.example/callback' };
  test('and is private is named as that, in whatever form', () => {
    const pem = '-----BEGIN PRIVATE KEY-----';
    for (const text of [
      pem,
      JSON.stringify({ ...jwk, d: 'd' }),
      JSON.stringify({ keys: [{ d: 'd' }] }),
    ]) {
      expect(isPrivateKeyText(text)).toBe(true);
      expect(whyNoKey(text)).toContain('This is a private key. Make another one');
      expect(draftOf({ ...fields, keys: text })).toContain(
        'This is a private key. Make another one',
      );
    }
    expect(whyNoKey(JSON.stringify(jwk))).toBeUndefined();
    expect(serviceKeyOf(JSON.stringify(jwk))).toEqual({ jwk });
  });
  test('alone is a set of one', () => {
    const one = draftOf({ ...fields, keys: JSON.stringify(jwk) });
    expect(one).toEqual(draftOf({ ...fields, keys: JSON.stringify({ keys: [jwk] }) }));
    expect(one).toMatchObject({ settings: { proof: { jwks: { keys: [jwk] } } } });
  });
  test('an address that cannot be one is named by its line', () => {
    const keys = JSON.stringify(jwk);
    const of = (line: string) =>
      draftOf({ ...fields, keys, addresses: `https://a.example/\n${line}` });
    expect(of('http://tool.example/cb')).toMatch(/^“http:\/\/tool\.example\/cb”.* https:/);
    expect(of('https://*.example/cb')).toMatch(/^“https:\/\/\*\.example\/cb” has a wildcard/);
    const program = { ...fields, kind: 'native', keys, addresses: 'http://127.0.0.1/cb' } as const;
    expect(draftOf(program)).toBeTypeOf('object');
  });
});
