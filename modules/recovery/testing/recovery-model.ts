import type { Id } from '@proofline/kernel';
import type { Realm } from '@proofline/protocol';
import { advance, wrongCode } from '../domain/advance.ts';
import type { Action } from '../domain/actions.ts';
import { begin } from '../domain/begin.ts';
import type { CheckTable } from '../domain/checks.ts';
import { countingNow } from '../domain/preparation.ts';
import { isOpen, type Recovery } from '../domain/recovery.ts';
import { realmRules, type SubjectId } from '../domain/subjects.ts';
import { casts, CONTACTS_CHOSEN, type Cast, type Person, type Power } from './recovery-cast.ts';
import type { ModelStep, StepOf } from './recovery-steps.ts';
import { friendsIn, isOnlyBegun, isOwners, officersIn, type Truth } from './recovery-truth.ts';

const HOUR_MS = 60 * 60 * 1000;
const WAIT_MS = 24 * HOUR_MS;

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
  private readonly realm: Realm;
  private readonly cast: Cast;
  /** Who is laid by as a contact, since when, and the latest that the clock had said by then. */
  private contacts: readonly {
    readonly id: SubjectId;
    readonly atMs: number;
    readonly latestMs: number;
  }[];
  private cancelledLately = 0;
  private cancelledUntouched = 0;

  constructor(given: { realm: Realm; power: Power; hasCode: boolean; checks: CheckTable }) {
    this.power = given.power;
    this.realm = given.realm;
    this.cast = casts[given.realm];
    this.contacts = this.cast.contacts.map((id) => ({ id, atMs: 0, latestMs: 0 }));
    this.checks = given.checks;
    this.codeMadeAtMs = given.hasCode ? 1 : null;
  }

  take(step: ModelStep): void {
    if (step.do === 'choose') this.choose();
    else this.step(step);
    for (const truth of this.waiting.splice(0)) this.provedAtOf(truth);
    this.latestMs = Math.max(this.latestMs, this.nowMs);
  }

  private step(step: Exclude<ModelStep, StepOf<'choose'>>): void {
    switch (step.do) {
      case 'start':
        return this.start(step);
      case 'vouch':
        return this.vouch(step);
      case 'code':
      case 'guess':
      case 'make-code':
        return this.layBy(step);
      case 'cancel':
      case 'hinder':
        return this.stop(step);
      case 'leave':
        return this.leave(step);
      case 'complete':
        return this.complete(step);
      case 'course':
        return this.course(step);
      case 'wait':
      case 'set-back':
      case 'set-right':
        return this.turnClock(step);
    }
  }

  private layBy(step: StepOf<'code' | 'guess' | 'make-code'>): void {
    if (step.do === 'code') return this.code(step);
    if (step.do === 'guess') {
      for (let time = 0; time < step.times; time += 1) this.guess(step.which);
      return;
    }
    // Whoever sat down at an open session makes themselves a code, too late for what has begun.
    this.codeMadeAtMs = this.nowMs;
    this.codeIsStrangers = true;
  }

  private stop(step: StepOf<'cancel' | 'hinder'>): void {
    if (step.do === 'cancel') return this.cancel(step);
    for (let time = 0; time < step.times; time += 1) this.hinder(step.signer);
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
    const { codeMadeAtMs, nowMs, seenMs: seenAtMs } = this;
    const counting = this.counting();
    const begun = begin(
      {
        recoveryId,
        subjectId: this.subject.id,
        browser: step.browser,
        ...counting,
        codeMadeAtMs,
      },
      {
        ...this.moment(),
        askedAtMs: nowMs,
        current: before?.recovery,
        startedToday: 0,
        seenAtMs,
        channels: 1,
      },
    );
    if (begun.ok && nowMs < seenAtMs) this.faults.push('begun under a clock that was set back');
    // Whether it begins or not, everybody tries to push every other one aside.
    this.recoveries.forEach((_, index) => this.supersede(index));
    if (!begun.ok) {
      if (before && begun.error === 'one-has-proof' && !isOwners(before.truth))
        this.faults.push('the word of one or of officers keeps the owner from beginning');
      return;
    }
    this.recoveries.push({
      recovery: begun.value.recovery,
      truth: {
        startedAtMs: this.latestMs,
        provedAtMs: 0,
        browser: step.browser,
        chosen: counting.contacts,
        signers: new Map(),
        codeAtMs: undefined,
        wrong: 0,
        cancelledBySubject: false,
        completed: 0,
        told: [...begun.value.told],
      },
    });
  }

  private get subject(): Person {
    return this.cast.people[0]!; // The first of each cast.
  }

  /** What of the contacts counts now; none may who was brought along within three days. */
  private counting() {
    const counting = countingNow(
      {
        subjectId: this.subject.id,
        contacts: this.contacts.map(({ id }) => id),
        contactsSinceMs: this.realm === 'workforce' ? null : this.contacts.map((one) => one.atMs),
        contactsNeeded: 2,
        chosenAtMs: 0,
        code: null,
      },
      { nowMs: this.nowMs, seasonMs: realmRules[this.realm].contactsSeasonMs },
    );
    for (const { id, latestMs } of this.contacts) {
      if (counting.contacts.includes(id) && this.nowMs - latestMs < 72 * HOUR_MS)
        this.faults.push('a contact counted who was brought along lately');
    }
    return counting;
  }

  /** A colleague chooses under a touch of their own passkey, from their desk: no stranger gets there. */
  private choose(): void {
    if (this.realm === 'workforce') return;
    const atMs = Math.max(this.nowMs, this.seenMs);
    const latestMs = Math.max(this.nowMs, this.latestMs);
    const own = this.cast.people.filter(({ id }) => /agent|stranger/.test(id));
    this.contacts = own.map(({ id }) => ({ id, atMs, latestMs }));
  }

  /** A session cancels what its owner gave the code for, or a link what somebody signed. */
  private hinder(signer: number | null): void {
    const code = signer === null;
    const signers = code ? [] : [signer];
    // What was in the way the owner took out of it, while they still had a passkey.
    const last = this.recoveries.length - 1;
    if (!code) this.cancel({ do: 'cancel', who: 0, which: last, link: null, touched: true });
    this.course({ do: 'course', browser: 'subject', code, signers, completes: false });
    const which = this.recoveries.length - 1;
    this.cancel({ do: 'cancel', who: 0, which, link: code ? null : which, touched: false });
  }

  private supersede(index: number): void {
    const { truth } = this.recoveries[index]!; // Its index was just counted.
    if (!this.act(index, { kind: 'supersede' })) return;
    if (isOwners(truth)) this.faults.push('a proved recovery was taken away');
  }

  /** Honest people sign for whom they see in person, and nothing else. */
  private vouch(step: StepOf<'vouch'>): void {
    const voucher = this.cast.people[step.who]!; // One of them.
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
      isCapped: voucher.isCapped,
      signedFor: signed.recovery,
    });
    if (!isTaken) return;
    if (step.signed !== step.which) this.faults.push('a signature was taken for something else');
    if (target.truth.signers.has(voucher)) this.faults.push('one person counted twice');
    if (this.realm === 'customers' && step.as === 'officer' && isOnlyBegun(target.truth))
      this.faults.push('an officer was asked before the customer or a contact proved anything');
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

  private cancel({ who: index, which: target, link, touched }: StepOf<'cancel'>): void {
    const one = this.recoveries[target];
    const by = this.cast.people[index]!; // One of them.
    if (!one) return;
    const wasOpen = isOpen(one.recovery);
    const wasProved = isOwners(one.truth);
    const linkOf = link === null ? undefined : this.recoveries[link]?.recovery.recoveryId;
    const isTaken = this.act(target, {
      kind: 'cancel',
      by: by.id,
      linkOf,
      isTouched: touched,
      cancelledLately: this.cancelledLately,
    });
    if (!isTaken) {
      const isKept = wasOpen && !wasProved && link === target;
      this.say(isKept, 'the word of one or of officers keeps the owner from cancelling');
      return;
    }
    if (wasProved) this.cancelledLately += 1;
    if (wasProved && !touched) this.cancelledUntouched += 1;
    const isTooOften = this.realm === 'customers' && this.cancelledUntouched > 5;
    this.say(isTooOften, 'a session alone keeps its owner out for ever');
    this.say(by !== this.subject && link !== target, 'somebody else cancelled');
    one.truth.cancelledBySubject = true;
  }

  private leave({ who: index }: StepOf<'leave'>): void {
    const leaver = this.cast.people[index]!; // One of them.
    if (leaver === this.subject) return;
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
  private provedAtOf(truth: Truth): number {
    const { codeAtMs } = truth;
    const friends = friendsIn(truth);
    const officers = officersIn(truth);
    const times = [
      friends.length >= 2 ? friends.map(({ atMs }) => atMs) : undefined,
      officers.length > 0 ? officers.map(({ atMs }) => atMs) : undefined,
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
      const as = signer > 0 && signer <= CONTACTS_CHOSEN ? 'contact' : 'officer';
      this.vouch({ do: 'vouch', who: signer, ...target, signed: index, as });
    }
    if (!completes) return;
    this.take({ do: 'wait', hours: 25, unseen: false });
    this.complete({ do: 'complete', browser: from, ...target });
  }
}
