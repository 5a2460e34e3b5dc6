import type { ReplayStore } from '@proofline/enforce';
import type { ReceivedMessage } from '../bindings/read-message.ts';
import type { MessageHead } from '../messages/message-head.ts';
import type { ServiceProvider } from '../service-provider.ts';

/** What a check of a received message may look at. */
export interface RequestFacts<M extends MessageHead = MessageHead> {
  readonly received: Pick<ReceivedMessage, 'isSigned' | 'whyNotSignedBy'>;
  readonly message: M;
  readonly provider: ServiceProvider;
  /** The address at which it arrived, as our metadata names it. */
  readonly endpoint: string;
  readonly nowMs: number;
  /** Shared by all processes. */
  readonly remember: ReplayStore['remember'];
}

/** One thing that a message must be before it is believed. */
export interface RequestCheck<M extends MessageHead = MessageHead> {
  readonly name: string;
  holds(facts: RequestFacts<M>): boolean | Promise<boolean>;
}
