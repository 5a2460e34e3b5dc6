import type { Action, ActionOf } from './actions.ts';
import { isOfficer, mayBeContact } from './people.ts';
import {
  hasOwnProof,
  isForOfficers,
  isProved,
  WRONG_CODES_MAX,
  type Recovery,
} from './recovery.ts';
import { rulesOf } from './subjects.ts';

/** When and under which rule an action comes. */
export interface Moment {
  readonly nowMs: number;
  /** The wait that this installation has set: never under 24 h, see `wait-rule.ts`. */
  readonly waitMs: number;
}

/** Holds, or not; the name of the check is the refusal. */
export type Check<A> = (recovery: Recovery, action: A, moment: Moment) => boolean;

const isCollecting: Check<unknown> = ({ state }) => state === 'collecting';
const isWaiting: Check<unknown> = ({ state }) => state === 'waiting';
const isOpen: Check<unknown> = ({ state }) => state === 'collecting' || state === 'waiting';
const isInTime: Check<unknown> = ({ expiresAtMs }, _, { nowMs }) => nowMs < expiresAtMs;
// A proof that is taken under a clock that was set back would have waited already when it is set right.
const clockRunsOn: Check<unknown> = ({ seenAtMs }, _, { nowMs }) => nowMs >= seenAtMs;
const fromTheBrowser: Check<{ readonly browser: string }> = (recovery, { browser }) =>
  browser === recovery.browser;

/**
 * What is looked at, in this order, before an action changes anything: one column per action. The first
 * that does not hold is the refusal.
 */
export const checkTable = {
  vouch: {
    'is-collecting': isCollecting,
    'is-in-time': isInTime,
    'clock-runs-on': clockRunsOn,
    'signed-for-this': ({ recoveryId, subjectId }, { signedFor }) =>
      signedFor.recoveryId === recoveryId && signedFor.subjectId === subjectId,
    'not-for-themselves': ({ subjectId }, { by }) => by !== subjectId,
    'counts-once': ({ vouchers }, { by }) => vouchers.every((one) => one.by !== by),
    'stands-by-itself': (_, { isCapped }) => !isCapped,
    'was-chosen': ({ contacts }, { as, by }) => as === 'officer' || contacts.includes(by),
    'outside-support': (_, { as, role }) => as === 'officer' || mayBeContact(role),
    'is-officer': (_, { as, role }) => as === 'contact' || isOfficer(role),
    'officers-come-second': (recovery, { as }) => as === 'contact' || isForOfficers(recovery),
    'officer-holds-hardware': (_, { acr, as }) => as === 'contact' || acr === 'phrh',
    'officers-differ': ({ vouchers }, { as, desk, role }) =>
      as === 'contact' ||
      vouchers.every((one) => one.as === 'contact' || one.desk !== desk || one.role !== role),
  },
  'give-code': {
    'is-collecting': isCollecting,
    'is-in-time': isInTime,
    'clock-runs-on': clockRunsOn,
    'same-browser': fromTheBrowser,
    'stood-at-the-start': ({ codeMadeAtMs }, action) =>
      codeMadeAtMs !== null && action.codeMadeAtMs === codeMadeAtMs,
    'tried-sparingly': ({ wrongCodes }, { wrongToday }) =>
      wrongCodes < WRONG_CODES_MAX && wrongToday < 2 * WRONG_CODES_MAX,
  },
  cancel: {
    'is-open': isOpen,
    'by-the-subject': ({ recoveryId, subjectId }, { by, linkOf }) =>
      by === subjectId || linkOf === recoveryId,
    // Whoever stole a session keeps nobody out for ever with it.
    'cancelled-sparingly': (recovery, { cancelledLately, isTouched }) =>
      isTouched ||
      !hasOwnProof(recovery) ||
      cancelledLately < rulesOf(recovery.subjectId).untouchedCancelsMax,
  },
  leave: { 'is-open': isOpen },
  complete: {
    'is-waiting': isWaiting,
    'is-in-time': isInTime,
    'clock-runs-on': clockRunsOn,
    'same-browser': fromTheBrowser,
    'both-proofs-stand': (recovery) => isProved(recovery),
    'is-ready': ({ readyAtMs }, _, { nowMs }) => readyAtMs !== null && nowMs >= readyAtMs,
    'was-watched': ({ waitedMs }, _, { waitMs }) => waitedMs >= waitMs,
  },
  tick: { 'is-open': isOpen },
  supersede: {
    'is-collecting': isCollecting,
    'has-no-own-proof': (recovery) => !hasOwnProof(recovery),
  },
} as const satisfies {
  readonly [K in Action['kind']]: Readonly<Record<string, Check<ActionOf<K>>>>;
};

/** The checks of every action; a test takes one away and sees the promise break. */
export type CheckTable = {
  readonly [K in Action['kind']]: Readonly<Record<string, Check<ActionOf<K>>>>;
};

/** Why an action was refused. */
export type RecoveryRefusal =
  | {
      [K in Action['kind']]: keyof (typeof checkTable)[K];
    }[Action['kind']]
  | 'code-wrong';
