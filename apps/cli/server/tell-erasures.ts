import {
  erasureBases,
  holdReasons,
  type ErasureForecast,
  type ErasureSummary,
  type HoldSummary,
  type readRetention,
} from '@proofline/protocol';
import type { z } from 'zod';
import type { Io } from '../verb.ts';

const line = (name: string, value: string) => `${name.padEnd(12)}${value}`;

/** What an erasure would take, for whoever decides whether to ask for it. */
export function tellForecast(forecast: ErasureForecast, io: Io): void {
  const { label, entries, keys, standing, holds, refusal } = forecast;
  io.say(line('Would erase', label));
  io.say(line('Entries', String(entries)));
  io.say(line('Data keys', String(keys)));
  if (standing > 0) io.say(line('Stay', `${standing} entries that something rests on`));
  for (const hold of holds) io.say(line('Held by', hold));
  if (refusal !== undefined) io.say(line('Refused', refusal));
  io.say('Nothing was asked for, and nothing was erased.');
}

/** One erasure: what, on what ground, and how far it is. */
export function tellErasure(one: ErasureSummary, io: Io): void {
  io.say(line('Erasure', one.erasureId));
  io.say(line('What', one.label));
  io.say(line('Ground', erasureBases[one.basis]));
  io.say(line('State', one.state));
  if (one.effectEvidenceId) io.say(line('Entry', one.effectEvidenceId));
}

/** One hold: what it keeps, and why. */
export function tellHold(one: HoldSummary, io: Io): void {
  io.say(line('Hold', one.holdId));
  io.say(line('Keeps', one.label));
  io.say(line('Because of', holdReasons[one.reasonCode]));
  io.say(line('State', one.liftedAt === undefined ? 'standing' : `lifted ${one.liftedAt}`));
}

/** All of it: the policy, what falls due, what is held, what was asked for. */
export function tellRetention(found: z.output<typeof readRetention.reply>, io: Io): void {
  const { policy, due, holds, erasures, policyEvidenceId } = found;
  io.say(line('Policy', policyEvidenceId ?? 'the default; none was published'));
  for (const { retention, months, before, entries, held } of due) {
    const past = entries === 0 ? 'nothing is past it' : `${entries} entries are past it`;
    io.say(line(retention, `${months} months, before ${before}: ${past}, ${held} people held`));
  }
  io.say(line('entries', policy.entries === null ? 'kept for good' : `${policy.entries} months`));
  io.say(line('Goes', policy.automatic ? 'by itself' : 'when somebody asks'));
  for (const one of holds) {
    io.say('');
    tellHold(one, io);
  }
  for (const one of erasures) {
    io.say('');
    tellErasure(one, io);
  }
}
