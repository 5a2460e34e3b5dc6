import { stopCodes, targetLabel, type OwnStop } from '@proofline/protocol';
import type { DecisionsContext } from '../../context.ts';
import { concerns } from '../domain/concerns.ts';
import type { Employed } from '../domain/could-do.ts';
import type { StandingSwitch } from '../domain/switched-off.ts';

/** The stops that concern a colleague, in words that they may read: no names, and not the note (P9). */
export async function ownStops(context: DecisionsContext, person: Employed): Promise<OwnStop[]> {
  const switches = (await context.switches.standing()) ?? [];
  const now = context.clock.now();
  const live = switches.filter(({ expiresAtMs }) => now < expiresAtMs);
  if (live.length === 0) return [];
  const { set } = context.release();
  return live
    .filter(({ target }) => concerns(set, target, person))
    .map((one) => ({ text: textOf(one), expiresAt: new Date(one.expiresAtMs).toISOString() }));
}

function textOf({ target, reasonCode }: StandingSwitch): string {
  const because = stopCodes[reasonCode];
  switch (target.kind) {
    case 'agent':
      return `Security has stopped your account: ${because}.`;
    case 'service':
      return `Security has stopped a connected system: ${because}. Some of your work may be refused.`;
    case 'action':
      return `Security has stopped this: ${targetLabel(target, () => undefined)} (${because}).`;
    case 'domain':
    case 'everything-but-reading':
      return `Security has stopped ${targetLabel(target, () => undefined)}: ${because}.`;
  }
}
