import type { Id, JsonObject } from '@proofline/kernel';
import type { Context } from '../context.ts';
import type { InvitationRow } from '../store/invitation-rows.ts';

interface OnboardingRefused {
  readonly step: 'found' | 'invite' | 'open' | 'register' | 'confirm';
  readonly because: string;
  /** Whose failures are counted together. */
  readonly key: string;
  readonly invitation?: InvitationRow | undefined;
  readonly actor?: Id<'stf'> | undefined;
  readonly causes?: readonly Id<'evt'>[];
}

/** Puts a refused step of an onboarding into the evidence, as often as the budget allows. */
export async function refuseOnboarding(
  context: Context,
  refused: OnboardingRefused,
): Promise<void> {
  const { actor, because, invitation, key, step } = refused;
  const granted = context.budget.take(`onboarding:${step}:${key}`);
  if (!granted) return;
  const facts: JsonObject = { step, because, ...(granted.suppressed > 0 && granted) };
  await context.storage.transaction((tx) =>
    context.ledger.record(tx, {
      kind: 'onboarding.refused',
      causes: [...(refused.causes ?? []), ...(invitation ? [invitation.evidenceId] : [])],
      ...(invitation && { refs: { invitationId: invitation.invitationId } }),
      subjects: {
        ...(actor && { actor }),
        ...(invitation && { invitee: invitation.onboarding.subjectId }),
      },
      facts,
    }),
  );
}
