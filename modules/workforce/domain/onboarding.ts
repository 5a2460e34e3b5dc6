import { err, ok, type Id, type Result } from '@proofline/kernel';
import type { Role } from '@proofline/protocol';
import { CODE_MS } from './confirmation-code.ts';

/** The link is good for a day. */
export const LINK_MS = 24 * 60 * 60 * 1000;
/** The founders' links are handed out before anybody else is there: a week. */
export const FOUNDER_LINK_MS = 7 * 24 * 60 * 60 * 1000;
/** How long a registered colleague may wait for somebody to confirm them. */
export const CONFIRM_MS = 7 * 24 * 60 * 60 * 1000;

/** Where an invitation stands. `superseded`: a newer one took its place before it was used. */
export const onboardingStates = [
  'sent',
  'opened',
  'registered',
  'confirmed',
  'superseded',
] as const;

interface Waiting {
  readonly digits: string;
  readonly expiresAtMs: number;
}

/** One invitation and what became of it. */
export interface Onboarding {
  readonly state: (typeof onboardingStates)[number];
  readonly subjectId: Id<'stf'>;
  /** Absent only for founders. */
  readonly invitedBy: Id<'stf'> | undefined;
  /** Set only for founders: the role that comes with registration, as nobody is there to confirm. */
  readonly foundingRole: Role | undefined;
  readonly expiresAtMs: number;
  /** Digest of the secret in the cookie of the device that opened the link first. */
  readonly device: string | undefined;
  readonly code: Waiting | undefined;
  readonly confirmedBy: Id<'stf'> | undefined;
  readonly role: Role | undefined;
}

/** Why a step was refused: for the evidence. The person is told one sentence for most of them. */
export type OnboardingRefusal =
  | 'expired'
  | 'superseded'
  | 'used'
  | 'other-device'
  | 'not-opened'
  | 'not-waiting'
  | 'code-expired'
  | 'inviter-confirms'
  | 'invitee-confirms';

type Step = Result<Onboarding, OnboardingRefusal>;

/** Whether its time is over. What is confirmed stays confirmed. */
export function isExpired(onboarding: Onboarding, nowMs: number): boolean {
  return onboarding.state !== 'confirmed' && onboarding.expiresAtMs <= nowMs;
}

/** The first device opens the link, and is the only one ever after. */
export function open(
  onboarding: Onboarding,
  { device, nowMs }: { readonly device: string; readonly nowMs: number },
): Step {
  if (onboarding.state === 'superseded') return err('superseded');
  if (isExpired(onboarding, nowMs)) return err('expired');
  if (onboarding.state !== 'sent') return err('used');
  return ok({ ...onboarding, state: 'opened', device });
}

/** The device that opened it comes back. */
export function resume(
  onboarding: Onboarding,
  { device, nowMs }: { readonly device: string; readonly nowMs: number },
): Step {
  if (onboarding.state === 'superseded') return err('superseded');
  if (isExpired(onboarding, nowMs)) return err('expired');
  if (onboarding.state === 'sent') return err('not-opened');
  if (onboarding.device !== device) return err('other-device');
  return ok(onboarding);
}

/** The device that opened it registered a passkey: the first and only one by this invitation. */
export function register(
  onboarding: Onboarding,
  { device, nowMs, digits }: { readonly device: string; readonly nowMs: number; digits: string },
): Step {
  const resumed = resume(onboarding, { device, nowMs });
  if (!resumed.ok) return resumed;
  if (onboarding.state !== 'opened') return err('used');
  if (onboarding.foundingRole !== undefined) {
    return ok({ ...onboarding, state: 'confirmed', role: onboarding.foundingRole });
  }
  return ok({
    ...onboarding,
    state: 'registered',
    expiresAtMs: nowMs + CONFIRM_MS,
    code: { digits, expiresAtMs: nowMs + CODE_MS },
  });
}

/** The new colleague's screen shows another code, because the last one is old. */
export function renewCode(
  onboarding: Onboarding,
  { nowMs, digits }: { readonly nowMs: number; readonly digits: string },
): Step {
  if (isExpired(onboarding, nowMs)) return err('expired');
  if (onboarding.state !== 'registered') return err('not-waiting');
  return ok({ ...onboarding, code: { digits, expiresAtMs: nowMs + CODE_MS } });
}

/** A third person, beside the new colleague, confirms and gives the role. */
export function confirm(
  onboarding: Onboarding,
  { by, role, nowMs }: { readonly by: Id<'stf'>; readonly role: Role; readonly nowMs: number },
): Step {
  if (isExpired(onboarding, nowMs)) return err('expired');
  if (onboarding.state !== 'registered') return err('not-waiting');
  if ((onboarding.code?.expiresAtMs ?? 0) <= nowMs) return err('code-expired');
  if (by === onboarding.invitedBy) return err('inviter-confirms');
  if (by === onboarding.subjectId) return err('invitee-confirms');
  return ok({ ...onboarding, state: 'confirmed', code: undefined, confirmedBy: by, role });
}

/** A newer invitation takes its place: possible only while nothing was registered. */
export function supersede(onboarding: Onboarding): Step {
  if (onboarding.state !== 'sent' && onboarding.state !== 'opened') return err('used');
  return ok({ ...onboarding, state: 'superseded' });
}
