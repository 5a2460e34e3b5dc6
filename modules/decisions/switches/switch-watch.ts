import type { Clock } from '@proofline/kernel';
import type { StandingSwitch } from './domain/switched-off.ts';

/** As old as what a node knows may be before a question makes it look again. */
export const LOOK_AGAIN_MS = 1_000;
/** Older than this it is not known at all: a switch thrown elsewhere must be heard of by then (P6). */
export const UNREADABLE_AFTER_MS = 2_000;

/** What this process knows about the switches. */
export interface SwitchWatch {
  /** Those that stand; `undefined`: they cannot be read, and nobody may act as if there were none. */
  standing(): Promise<readonly StandingSwitch[] | undefined>;
  /** Looks now. Never throws. */
  look(): Promise<void>;
}

interface View {
  readonly switches: readonly StandingSwitch[];
  /** When the reading began: whatever was thrown before is in it. */
  readonly atMs: number;
}

/** @see SwitchWatch */
export function createSwitchWatch(options: {
  readonly clock: Clock;
  readonly read: () => Promise<readonly StandingSwitch[]>;
  readonly readMaxMs: number;
  /** Told of every switch that has come or gone since the last look. Must not throw. */
  readonly onChange: (changed: readonly StandingSwitch[]) => void;
}): SwitchWatch {
  const { clock } = options;
  let view: View | undefined;
  let looking: Promise<void> | undefined;

  const readOnce = async () => {
    const atMs = clock.now();
    const switches = await options.read();
    const before = view?.switches ?? [];
    view = { switches, atMs };
    const changed = [...missingIn(switches, before), ...missingIn(before, switches)];
    if (changed.length > 0) options.onChange(changed);
  };
  /** Resolves after the reading, or after the limit; the view says which it was. */
  const look = async () => {
    looking ??= readOnce()
      .catch(() => {
        // What was known grows old by itself, and then counts as unknown.
      })
      .finally(() => {
        looking = undefined;
      });
    await inTime(looking, options.readMaxMs);
  };
  const ageMs = () => {
    const age = view === undefined ? Infinity : clock.now() - view.atMs;
    // A clock that went back says nothing about an age.
    return age < 0 ? Infinity : age;
  };
  return {
    async standing() {
      if (ageMs() >= LOOK_AGAIN_MS) {
        const before = view;
        await look();
        // This question has waited for what it is answered by, however long the database took.
        if (view !== before) return view?.switches;
      }
      return ageMs() < UNREADABLE_AFTER_MS ? view?.switches : undefined;
    },
    async look() {
      // One that is under way may have begun before what the caller has just written.
      if (looking !== undefined) await inTime(looking, options.readMaxMs);
      await look();
    },
  };
}

function missingIn(list: readonly StandingSwitch[], of: readonly StandingSwitch[]) {
  return of.filter(({ switchId }) => list.every((one) => one.switchId !== switchId));
}

async function inTime(work: Promise<void>, maxMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, maxMs);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
