import type { Acr, Role } from '@proofline/protocol';
import type { Id } from '@proofline/kernel';
import fc from 'fast-check';
import { advance, wrongCode } from '../domain/advance.ts';
import type { Action } from '../domain/actions.ts';
import { begin } from '../domain/begin.ts';
import type { CheckTable } from '../domain/checks.ts';
import { isOpen, type Recovery } from '../domain/recovery.ts';

const HOUR_MS = 60 * 60 * 1000;
export const WAIT_MS = 24 * HOUR_MS;

/** What an attacker may have besides their own wits and every ordinary account: one of these. */
export const powers = ['nothing', 'officers', 'contacts', 'code'] as const;
type Power = (typeof powers)[number];

interface Person {
  readonly id: Id<'stf'>;
  readonly role: Role;
  readonly desk: string;
  readonly acr: Acr;
  /** The attacker’s where they have this power; `always`: whatever they have. */
  readonly sidesWith: Power | 'always' | 'never';
}

const person = (
  name: string,
  role: Role,
  { desk = 'HQ', acr = 'phrh', sidesWith = 'always' }: Partial<Person> = {},
): Person => ({ id: `stf_${name}` as Id<'stf'>, role, desk, acr, sidesWith }); // Ids of a model.

const contact = { sidesWith: 'contacts' } as const;
const officer = { sidesWith: 'officers' } as const;
/** The subject is an officer too, so that they could sign for themselves. */
const subject = person('subject', 'hr-officer', { sidesWith: 'never', desk: 'Lisbon' });
const people = [
  subject,
  person('friend-1', 'billing-agent', contact),
  person('friend-2', 'support-agent', contact),
  // Became a lead after having been chosen.
  person('friend-3', 'team-lead', contact),
  person('officer-1', 'hr-officer', officer),
  person('officer-2', 'hr-officer', officer),
  person('officer-3', 'security-admin', officer),
  person('officer-4', 'security-admin', { ...officer, acr: 'phr', desk: 'Lisbon' }),
  person('agent', 'billing-agent'),
  person('admin', 'supervisor'),
] as const;
const contacts = people.slice(1, 4).map(({ id }) => id);

const who = fc.nat({ max: people.length - 1 });
const which = fc.nat({ max: 3 });
const browser = fc.constantFrom('subject', 'attacker' as const);
/** What anybody tries, at anything, in any order. */
export const anyStep = fc.oneof(
  fc.record({ do: fc.constant('start' as const), browser }),
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('vouch' as const),
      who,
      which,
      // The context that was signed: an honest signature may be presented elsewhere.
      signed: which,
      as: fc.constantFrom('contact' as const, 'officer' as const),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('code' as const), browser, which }) },
  fc.record({ do: fc.constant('guess' as const), which, times: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ do: fc.constant('make-code' as const) }),
  fc.record({ do: fc.constant('cancel' as const), who, which, link: fc.option(which) }),
  fc.record({ do: fc.constant('leave' as const), who }),
  { weight: 5, arbitrary: fc.record({ do: fc.constant('complete' as const), browser, which }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      hours: fc.constantFrom(1, 5, 23, 24, 25, 71, 73),
      // The server was down meanwhile.
      unseen: fc.boolean(),
    }),
  },
  fc.record({ do: fc.constant('set-back' as const), hours: fc.constantFrom(25, 60) }),
  fc.record({ do: fc.constant('set-right' as const) }),
  // A whole course, which otherwise few sequences get through.
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('course' as const),
      browser,
      code: fc.boolean(),
      signers: fc.array(who, { maxLength: 4 }),
      completes: fc.boolean(),
    }),
  },
);
type StepOf<D> = Extract<typeof anyStep extends fc.Arbitrary<infer T> ? T : never, { do: D }>;
export type ModelStep = StepOf<string>;

/** What really happened, written down beside the machine and never read by it. */
interface Truth {
  readonly startedAtMs: number;
  provedAtMs: number;
  readonly browser: 'subject' | 'attacker';
  readonly signers: Map<Person, { readonly atMs: number; readonly as: 'contact' | 'officer' }>;
  codeAtMs: number | undefined;
  wrong: number;
  cancelledBySubject: boolean;
  completed: number;
  told: string[];
}

/** One subject, everybody else, and the machine with a table of checks. */
export class World {
  readonly faults: string[] = [];
  completions = 0;
  /** Whose wait has just begun. */
  private waiting: Truth[] = [];
  private readonly recoveries: { recovery: Recovery; truth: Truth }[] = [];
  private nowMs = 1_000 * HOUR_MS;
  /** What no clock can be set back to. */
  private trueMs = this.nowMs;
  private seenMs = this.nowMs;
  /** The latest that the clock ever said. */
  private latestMs = this.nowMs;
  private codeMadeAtMs: number | null;
  private codeIsStrangers = false;
  private readonly gone = new Set<Person>();
  private readonly power: Power;
  private readonly checks: CheckTable;

  constructor(given: { power: Power; hasCode: boolean; checks: CheckTable }) {
    this.power = given.power;
    this.checks = given.checks;
    this.codeMadeAtMs = given.hasCode ? 1 : null;
  }

  take(step: ModelStep): void {
    this.step(step);
    for (const truth of this.waiting.splice(0)) this.provedAtOf(truth);
    this.latestMs = Math.max(this.latestMs, this.nowMs);
  }

  private step(step: ModelStep): void {
    switch (step.do) {
      case 'start':
        return this.start(step);
      case 'vouch':
        return this.vouch(step);
      case 'code':
        return this.code(step);
      case 'guess':
        for (let time = 0; time < step.times; time += 1) this.guess(step.which);
        return;
      case 'make-code':
        // Whoever sat down at an open session makes themselves a code, too late for what has begun.
        this.codeMadeAtMs = this.nowMs;
        this.codeIsStrangers = true;
        return;
      case 'cancel':
        return this.cancel(step);
      case 'leave':
        return this.leave(step);
      case 'complete':
        return this.complete(step);
      case 'wait':
      case 'set-back':
      case 'set-right':
        return this.turnClock(step);
      case 'course':
        return this.course(step);
    }
  }

  private turnClock(step: StepOf<'wait' | 'set-back' | 'set-right'>): void {
    if (step.do === 'set-right') {
      this.nowMs = this.trueMs;
      return;
    }
    if (step.do === 'set-back') {
      this.tickAll();
      this.nowMs -= step.hours * HOUR_MS;
      return;
    }
    for (let hour = 0; hour < step.hours; hour += 1) {
      this.nowMs += HOUR_MS;
      this.trueMs += HOUR_MS;
      if (!step.unseen) this.tickAll();
    }
  }

  private act(index: number, action: Action): boolean {
    const one = this.recoveries[index];
    if (!one) return false;
    const before = one.recovery;
    const next = advance(before, action, this.moment());
    if (!next.ok) {
      if (next.error === 'code-wrong') {
        // It was compared: a refusal before that tells nothing about the code.
        one.recovery = wrongCode(before);
        one.truth.wrong += 1;
      }
      return false;
    }
    one.recovery = next.value.recovery;
    one.truth.told.push(...next.value.told);
    if (next.value.told.includes('waiting')) this.waiting.push(one.truth);
    if (!isOpen(before) && one.recovery.state !== before.state)
      this.faults.push(`${before.state} became ${one.recovery.state}`);
    return true;
  }

  private moment() {
    return { nowMs: this.nowMs, waitMs: WAIT_MS, checks: this.checks };
  }

  private start(step: StepOf<'start'>): void {
    const before = this.recoveries.at(-1);
    const recoveryId = `rcv_${this.recoveries.length}` as Id<'rcv'>; // Ids of a model.
    const begun = begin(
      {
        recoveryId,
        subjectId: subject.id,
        browser: step.browser,
        contacts,
        contactsNeeded: 2,
        codeMadeAtMs: this.codeMadeAtMs,
      },
      { ...this.moment(), current: before?.recovery, startedToday: 0, seenAtMs: this.seenMs },
    );
    // Whether it begins or not, everybody tries to push every other one aside.
    this.recoveries.forEach((_, index) => this.supersede(index));
    if (!begun.ok) return;
    this.recoveries.push({
      recovery: begun.value.recovery,
      truth: {
        startedAtMs: this.latestMs,
        provedAtMs: 0,
        browser: step.browser,
        signers: new Map(),
        codeAtMs: undefined,
        wrong: 0,
        cancelledBySubject: false,
        completed: 0,
        told: [...begun.value.told],
      },
    });
  }

  private supersede(index: number): void {
    const { truth } = this.recoveries[index]!; // Its index was just counted.
    if (!this.act(index, { kind: 'supersede' })) return;
    if (truth.signers.size > 0 || truth.codeAtMs !== undefined)
      this.faults.push('a proved recovery was taken away');
  }

  /** Honest people sign for whom they see in person, and nothing else. */
  private vouch(step: StepOf<'vouch'>): void {
    const voucher = people[step.who]!; // One of them.
    const signed = this.recoveries[step.signed];
    const target = this.recoveries[step.which];
    if (!signed || !target || this.gone.has(voucher)) return;
    const isBad = voucher.sidesWith === 'always' || voucher.sidesWith === this.power;
    if (!isBad && signed.truth.browser !== 'subject') return;
    const isTaken = this.act(step.which, {
      kind: 'vouch',
      by: voucher.id,
      as: step.as,
      role: voucher.role,
      desk: voucher.desk,
      acr: voucher.acr,
      signedFor: signed.recovery,
    });
    if (!isTaken) return;
    if (step.signed !== step.which) this.faults.push('a signature was taken for something else');
    if (target.truth.signers.has(voucher)) this.faults.push('one person counted twice');
    target.truth.signers.set(voucher, { atMs: this.trueMs, as: step.as });
    this.noteLate(target);
  }

  private noteLate({ truth }: { readonly truth: Truth }): void {
    truth.provedAtMs = this.latestMs;
    const isReopened = truth.told.includes('proof-lost');
    if (!isReopened && this.latestMs - truth.startedAtMs >= 72 * HOUR_MS)
      this.faults.push('a proof was taken too late');
  }

  private code(step: StepOf<'code'>): void {
    const one = this.recoveries[step.which];
    if (!one || this.codeMadeAtMs === null) return;
    const stood = one.recovery.codeMadeAtMs;
    // What a stranger made while a recovery was under way they know; to make one before takes a proof.
    const isStrangers = this.codeIsStrangers && stood !== this.codeMadeAtMs;
    if (step.browser !== 'subject' && this.power !== 'code' && !isStrangers) return;
    if (!this.type(step.which, { browser: step.browser, isRight: true })) return;
    if (step.browser !== one.truth.browser) this.faults.push('a code came from another browser');
    if (stood === null || stood !== this.codeMadeAtMs)
      this.faults.push('a code counted that was made after the start');
    if (one.truth.wrong >= 5) this.faults.push('a code was taken after five wrong ones');
    one.truth.codeAtMs = this.trueMs;
    this.noteLate(one);
  }

  private guess(index: number): void {
    const one = this.recoveries[index];
    if (!one) return;
    this.type(index, { browser: one.recovery.browser, isRight: false });
  }

  private type(index: number, typed: { browser: string; isRight: boolean }): boolean {
    const { codeMadeAtMs } = this;
    return this.act(index, { kind: 'give-code', ...typed, codeMadeAtMs, wrongToday: 0 });
  }

  private cancel({ who: index, which: target, link }: StepOf<'cancel'>): void {
    const one = this.recoveries[target];
    const by = people[index]!; // One of them.
    const linkOf = link === null ? undefined : this.recoveries[link]?.recovery.recoveryId;
    const isTaken = this.act(target, { kind: 'cancel', by: by.id, linkOf });
    if (!one || !isTaken) return;
    if (by !== subject && link !== target) this.faults.push('somebody else cancelled');
    one.truth.cancelledBySubject = true;
  }

  private leave({ who: index }: StepOf<'leave'>): void {
    const leaver = people[index]!; // One of them.
    if (leaver === subject) return;
    this.gone.add(leaver);
    this.recoveries.forEach(({ truth }, target) => {
      this.act(target, { kind: 'leave', who: leaver.id });
      truth.signers.delete(leaver);
    });
  }

  private complete(step: StepOf<'complete'>): void {
    const one = this.recoveries[step.which];
    if (!one || !this.act(step.which, { kind: 'complete', browser: step.browser })) return;
    this.completions += 1;
    one.truth.completed += 1;
    this.judge(one.truth, step.browser);
  }

  /** The promise itself, from what really happened and not from what the machine believes. */
  private judge(truth: Truth, by: 'subject' | 'attacker'): void {
    this.say(by !== 'subject' || truth.browser !== 'subject', 'somebody else completed it');
    this.say(this.trueMs - this.provedAtOf(truth) < WAIT_MS, 'without the wait');
    const lateMs = this.latestMs - truth.provedAtMs;
    this.say(lateMs >= WAIT_MS + 72 * HOUR_MS, 'long after its time');
    this.say(truth.cancelledBySubject, 'although it was cancelled');
    this.say(truth.completed > 1, 'twice');
    for (const told of ['started', 'proof-given', 'waiting', 'completed'])
      this.say(!truth.told.includes(told), `untold: ${told}`);
  }

  private say(isBroken: boolean, fault: string): void {
    if (isBroken) this.faults.push(fault);
  }

  /** Two proofs of different kinds, and never the officers' alone; answers when the second came. */
  private provedAtOf({ codeAtMs, signers }: Truth): number {
    const all = [...signers];
    const friends = all.filter(
      ([{ id, role }, { as }]) => as === 'contact' && contacts.includes(id) && role !== 'team-lead',
    );
    const seen = all.filter(
      ([one, { as }]) =>
        as === 'officer' && one.sidesWith === 'officers' && one.acr === 'phrh' && one !== subject,
    );
    const differ = seen.some(([{ desk, role }]) =>
      seen.some(([other]) => other.desk !== desk || other.role !== role),
    );
    const times = [
      friends.length >= 2 ? friends.map(([, { atMs }]) => atMs) : undefined,
      differ ? seen.map(([, { atMs }]) => atMs) : undefined,
      codeAtMs === undefined ? undefined : [codeAtMs],
    ].filter((kind) => kind !== undefined);
    this.say(times.length < 2, 'without two proofs');
    this.say(friends.length < 2 && codeAtMs === undefined, 'by officers alone');
    return Math.max(...times.map((kind) => Math.min(...kind)));
  }

  private tickAll(): void {
    this.seenMs = Math.max(this.seenMs, this.nowMs);
    this.recoveries.forEach((_, index) => this.act(index, { kind: 'tick' }));
  }

  private course({ browser: from, code, completes, signers }: StepOf<'course'>): void {
    this.start({ do: 'start', browser: from });
    const index = this.recoveries.length - 1;
    const target = { which: index } as const;
    if (code) this.code({ do: 'code', browser: from, ...target });
    for (const signer of signers) {
      const as = signer > 0 && signer <= contacts.length ? 'contact' : 'officer';
      this.vouch({ do: 'vouch', who: signer, ...target, signed: index, as });
    }
    if (!completes) return;
    this.take({ do: 'wait', hours: 25, unseen: false });
    this.complete({ do: 'complete', browser: from, ...target });
  }
}
