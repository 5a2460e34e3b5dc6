import type { CeremonyOptions } from '@proofline/protocol';
import { WebAuthnAbortService } from '@simplewebauthn/browser';
import { secondsUntil } from './clock.ts';
import { usePasskey, type PasskeyAnswer } from './passkey.ts';

/** A challenge is replaced this long before its end: whoever picks late has still time to touch. */
const MARGIN_SECONDS = 60;

/**
 * Waits until somebody picks one of the passkeys that the browser lists in the page's field. What goes wrong
 * is told by nobody: the button beside it does the same, and says what it met.
 */
export async function offeredPasskey(
  begin: () => Promise<CeremonyOptions | undefined>,
  signal: AbortSignal,
): Promise<PasskeyAnswer | undefined> {
  signal.addEventListener('abort', takeBack);
  for (let isStale = true; isStale;) {
    await whenSeen();
    const options = signal.aborted ? undefined : await begin();
    if (!options || signal.aborted) break;
    isStale = false;
    const leftSeconds = Math.max(secondsUntil(options.expiresAt) - MARGIN_SECONDS, MARGIN_SECONDS);
    const timer = setTimeout(() => {
      isStale = true;
      takeBack();
    }, leftSeconds * 1000);
    const picked = await usePasskey(options, true);
    clearTimeout(timer);
    if (signal.aborted) break;
    if (picked.ok) return picked.answer;
  }
  return undefined;
}

/** The library holds one ceremony at a time: another would take this one back as well. */
function takeBack(): void {
  WebAuthnAbortService.cancelCeremony();
}

/** Resolves while the page is in front of somebody: nothing is begun for a tab that nobody looks at. */
async function whenSeen(): Promise<void> {
  while (document.hidden) {
    await new Promise((resolve) =>
      document.addEventListener('visibilitychange', resolve, { once: true }),
    );
  }
}
