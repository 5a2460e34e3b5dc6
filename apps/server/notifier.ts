import type { Notifier } from '@proofline/customers';

const ANSWER_MAX_MS = 5_000;

/**
 * Hands messages to a carrier (an SMS or mail gateway) by webhook: `POST {messageId, to, text, link}`
 * with a bearer secret. Any 2xx means taken; everything else means: try again later.
 */
export function createWebhookNotifier(options: {
  readonly url: string;
  readonly secret: string;
}): Notifier {
  return {
    async send({ messageId, to, text, link }) {
      const response = await fetch(options.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${options.secret}` },
        body: JSON.stringify({ messageId, to, text, link }),
        signal: AbortSignal.timeout(ANSWER_MAX_MS),
        // A redirect would take the address and the secret to somewhere else.
        redirect: 'error',
      });
      // Unread, it would hold the connection.
      await response.body?.cancel();
      if (!response.ok) throw new Error(`the carrier answered ${response.status}`);
    },
  };
}
