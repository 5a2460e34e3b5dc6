import type { Notifier, OutgoingMessage } from '../types.ts';

/** Somebody's phone: what arrived, and whether the carrier works. */
export interface Phone extends Notifier {
  readonly inbox: readonly OutgoingMessage[];
  isOutOfOrder: boolean;
}

/** Makes a carrier that delivers to one inbox. */
export function createPhone(): Phone {
  const inbox: OutgoingMessage[] = [];
  return {
    inbox,
    isOutOfOrder: false,
    send(message) {
      if (this.isOutOfOrder) return Promise.reject(new Error('no network'));
      inbox.push(message);
      return Promise.resolve();
    },
  };
}
