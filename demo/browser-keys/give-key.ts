import type { SoftwareAuthenticator } from '@proofline/assurance/testing';
import type { BrowserContext } from 'playwright-core';
import { answerFromKey, KEY_BINDING } from './answer-from-key.ts';

/** The hand that holds a key. */
export interface Hand {
  /** Whether it touches the key when a page asks; `false`: the prompt is closed. */
  readonly isWilling?: () => boolean;
  /** Told after each ceremony that went well. */
  readonly onUsed?: () => void;
}

/**
 * Puts an authenticator of the demo’s own into every page of a browser, in the place of the browser’s. Unlike
 * the ones that Chromium simulates, its maker vouches for it, so what needs a security key (`phrh`) can be
 * done by hand. The product knows nothing of it: the page asks `navigator.credentials` as ever, and the server
 * checks the ceremony as ever.
 */
export async function giveKey(
  context: BrowserContext,
  key: SoftwareAuthenticator,
  { isWilling = () => true, onUsed }: Hand = {},
): Promise<void> {
  await context.exposeBinding(
    KEY_BINDING,
    async ({ frame }, kind: 'create' | 'get', options: unknown) => {
      if (!isWilling()) return { error: 'closed by hand' };
      // As a browser does: whose page it is, the page does not say itself.
      const { origin } = new URL(frame.url());
      try {
        const credential =
          kind === 'create'
            ? await key.register({ options, origin })
            : await key.assert({ options, origin });
        onUsed?.();
        return { credential };
      } catch (error) {
        return { error: error instanceof Error ? error.message : String(error) };
      }
    },
  );
  await context.addInitScript(answerFromKey, KEY_BINDING);
}
