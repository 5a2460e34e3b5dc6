import { err, ok, type Result } from '@proofline/kernel';
import type { Action, ActionOf } from './actions.ts';
import {
  checkTable,
  type Check,
  type CheckTable,
  type Moment,
  type RecoveryRefusal,
} from './checks.ts';
import {
  COLLECT_MS,
  isProved,
  proofsOf,
  RETURN_MS,
  WATCH_MAX_MS,
  type Recovery,
  type Told,
} from './recovery.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** The next state, and what every channel on file is told of it. */
export interface Step {
  readonly recovery: Recovery;
  readonly told: readonly Told[];
}

/** A recovery that begins. */
export function start(
  begun: Pick<
    Recovery,
    'recoveryId' | 'subjectId' | 'browser' | 'contacts' | 'contactsNeeded' | 'codeMadeAtMs'
  >,
  { nowMs }: Pick<Moment, 'nowMs'>,
): Step {
  const recovery: Recovery = {
    ...begun,
    state: 'collecting',
    startedAtMs: nowMs,
    vouchers: [],
    codeGiven: false,
    wrongCodes: 0,
    provedAtMs: null,
    readyAtMs: null,
    expiresAtMs: nowMs + COLLECT_MS,
    daysTold: 0,
    waitedMs: 0,
    seenAtMs: nowMs,
  };
  return { recovery, told: ['started'] };
}

/**
 * What an action makes of a recovery: the checks of its column in order, and then the change. A wrong
 * code is a refusal that is counted: `wrongCode` gives the recovery that is to be kept.
 */
export function advance(
  recovery: Recovery,
  action: Action,
  moment: Moment & { readonly checks?: CheckTable },
): Result<Step, RecoveryRefusal> {
  const column = Object.entries((moment.checks ?? checkTable)[action.kind]);
  for (const [name, check] of column) {
    // The column is the action's own: TypeScript loses that in the lookup.
    const holds = (check as Check<Action>)(recovery, action, moment);
    // The names of the table are the refusals.
    if (!holds) return err(name as RecoveryRefusal);
  }
  if (action.kind === 'give-code' && !action.isRight) return err('code-wrong');
  return ok(change(watch(recovery, moment), action, moment));
}

/** Looks at the clock. */
function watch(recovery: Recovery, { nowMs }: Moment): Recovery {
  const { seenAtMs, state, waitedMs } = recovery;
  if (nowMs <= seenAtMs) return recovery;
  const added = state === 'waiting' ? Math.min(nowMs - seenAtMs, WATCH_MAX_MS) : 0;
  return { ...recovery, seenAtMs: nowMs, waitedMs: waitedMs + added };
}

/** The recovery after a wrong code. */
export function wrongCode(recovery: Recovery): Recovery {
  return { ...recovery, wrongCodes: recovery.wrongCodes + 1 };
}

function change(recovery: Recovery, action: Action, moment: Moment): Step {
  switch (action.kind) {
    case 'vouch':
      return settle(recovery, vouched(recovery, action), moment);
    case 'give-code':
      return settle(recovery, { ...recovery, codeGiven: true }, moment);
    case 'cancel':
      return { recovery: { ...recovery, state: 'cancelled' }, told: ['cancelled'] };
    case 'leave':
      return left(recovery, action, moment);
    case 'complete':
      return { recovery: { ...recovery, state: 'completed' }, told: ['completed'] };
    case 'tick':
      return ticked(recovery, moment);
    case 'supersede':
      return { recovery: { ...recovery, state: 'superseded' }, told: [] };
  }
}

function vouched(recovery: Recovery, { as, by, desk, role }: ActionOf<'vouch'>): Recovery {
  return { ...recovery, vouchers: [...recovery.vouchers, { by, as, role, desk }] };
}

/** With the second proof the wait begins, anew each time. */
function settle(before: Recovery, after: Recovery, { nowMs, waitMs }: Moment): Step {
  const isMore = proofsOf(after).length > proofsOf(before).length;
  const told: Told[] = isMore || !isProved(after) ? ['proof-given'] : [];
  if (!isProved(after)) return { recovery: after, told };
  const readyAtMs = nowMs + waitMs;
  return {
    recovery: {
      ...after,
      state: 'waiting',
      provedAtMs: nowMs,
      readyAtMs,
      expiresAtMs: readyAtMs + RETURN_MS,
      daysTold: 0,
      waitedMs: 0,
    },
    told: [...told, 'waiting'],
  };
}

/** Whoever left counts no more. Where that leaves one proof only, the wait was for nothing. */
function left(recovery: Recovery, { who }: ActionOf<'leave'>, { nowMs }: Moment): Step {
  const vouchers = recovery.vouchers.filter(({ by }) => by !== who);
  if (vouchers.length === recovery.vouchers.length) return { recovery, told: [] };
  const rest = { ...recovery, vouchers };
  if (recovery.state === 'collecting' || isProved(rest))
    return { recovery: rest, told: ['proof-lost'] };
  return {
    recovery: {
      ...rest,
      state: 'collecting',
      provedAtMs: null,
      readyAtMs: null,
      expiresAtMs: nowMs + COLLECT_MS,
      daysTold: 0,
      waitedMs: 0,
    },
    told: ['proof-lost'],
  };
}

/** Each day of the wait is told, its end, and when it is too late. */
function ticked(recovery: Recovery, { nowMs, waitMs }: Moment): Step {
  if (nowMs >= recovery.expiresAtMs)
    return { recovery: { ...recovery, state: 'expired' }, told: ['expired'] };
  const { daysTold, provedAtMs, readyAtMs } = recovery;
  if (provedAtMs === null || readyAtMs === null) return { recovery, told: [] };
  // The end of the wait is the last thing that is told.
  const isReady = nowMs >= readyAtMs && recovery.waitedMs >= waitMs;
  const days = isReady ? READY : Math.floor((nowMs - provedAtMs) / DAY_MS);
  if (days <= daysTold) return { recovery, told: [] };
  return { recovery: { ...recovery, daysTold: days }, told: [isReady ? 'ready' : 'day'] };
}

/** More days than any wait has. */
const READY = 99;
