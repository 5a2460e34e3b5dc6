import type { SessionsContext } from '../context.ts';
import type { SamlContext } from './saml-context.ts';

const everyMs = 60_000;
const rememberedMax = 1_000;

/**
 * Evidence that a message of a registered service provider was refused: once a minute for each of
 * them and each reason, because anybody can send what will be refused.
 */
export function createNoteRefused(
  context: Pick<SessionsContext, 'clock' | 'ledger' | 'storage'>,
): SamlContext['noteRefused'] {
  const noted = new Map<string, number>();
  return async ({ provider, because }) => {
    const key = `${provider.applicationId} ${because}`;
    const nowMs = context.clock.now();
    if (nowMs - (noted.get(key) ?? -everyMs) < everyMs) return;
    if (noted.size >= rememberedMax) noted.clear();
    noted.set(key, nowMs);
    await context.storage.transaction((tx) =>
      context.ledger.record(tx, {
        kind: 'assertion.refused',
        refs: { applicationId: provider.applicationId },
        facts: { because },
      }),
    );
  };
}
