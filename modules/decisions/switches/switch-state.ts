import type { Clock, Id } from '@proofline/kernel';
import type { Role, SwitchTarget } from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import { standingOf, standingRows } from './store/switch-rows.ts';
import { createSwitchWatch, type SwitchWatch } from './switch-watch.ts';

/** A colleague with a live session, for what a switch would hit. */
export interface OnShift {
  readonly subjectId: Id<'stf'>;
  readonly roles: readonly Role[];
  readonly sessions: number;
  /** Calls that ring or are live. */
  readonly calls: number;
}

/** What switches need from outside of this module. */
export interface SwitchPorts {
  /** Everybody with a live session. Default: nobody is known. */
  readonly onShift?: () => Promise<readonly OnShift[]>;
  /** The services that there are. */
  readonly services?: readonly { readonly serviceId: Id<'svc'>; readonly name: string }[];
  /** Told on every node of each switch that has come or gone. Must not throw. */
  readonly onSwitched?: (change: {
    readonly switchId: Id<'swt'>;
    readonly target: SwitchTarget;
  }) => void;
}

/** Watches the switches of this database. */
export function createSwitchState(
  deps: SwitchPorts & {
    readonly storage: Storage;
    readonly clock: Clock;
    readonly tenant: string;
    readonly readMaxMs: number;
  },
): SwitchWatch {
  return createSwitchWatch({
    clock: deps.clock,
    readMaxMs: deps.readMaxMs,
    read: async () => (await standingRows(deps.storage.db, deps.tenant)).map(standingOf),
    onChange: (changed) => {
      for (const { switchId, target } of changed) deps.onSwitched?.({ switchId, target });
    },
  });
}
