import { createServiceClient, type ServiceClient } from '../../demo/actors/service-client.ts';
import type { DemoSecrets } from '../../demo/secrets.ts';

/** A call that the server has said it knows. */
export interface AnnouncedCall {
  readonly externalId: string;
  readonly interactionId: string;
}

/** What a telephony system writes until the server is gone. */
export interface TelephonyLoad {
  /** Resolves with the first few acknowledgements, or when there will be none. */
  readonly underWay: Promise<void>;
  /** Resolves when every line has broken off. */
  readonly stopped: Promise<void>;
  readonly acknowledged: readonly AnnouncedCall[];
  /** Sent, and not answered: they may be there or not. */
  readonly unanswered: readonly string[];
}

const LINES = 6;
/** Acknowledged in each round, however slow the machine is. */
const FEW = 3;

/** The telephony system's own account at the server. */
export function telephonyOf(secrets: DemoSecrets, staffOrigin: string): Promise<ServiceClient> {
  const { id, key } = secrets.services.telephony;
  return createServiceClient({ id, privateJwk: key, staffOrigin });
}

/** Announces calls on six lines at once, each as fast as the server answers. */
export function announceUntilGone(
  telephony: ServiceClient,
  { agentId, round }: { readonly agentId: string; readonly round: number },
): TelephonyLoad {
  const acknowledged: AnnouncedCall[] = [];
  const few = Promise.withResolvers<void>();
  const unanswered: string[] = [];
  const line = async (name: number): Promise<void> => {
    for (let n = 0; ; n += 1) {
      const externalId = `kill-${round}-${name}-${n}`;
      const interactionId = await announce(telephony, { externalId, agentId }).catch(
        () => undefined,
      );
      if (interactionId === undefined) return void unanswered.push(externalId);
      acknowledged.push({ externalId, interactionId });
      if (acknowledged.length >= FEW) few.resolve();
    }
  };
  const lines = Promise.all(Array.from({ length: LINES }, (_, name) => line(name)));
  const stopped = lines.then(() => undefined);
  return { underWay: Promise.race([few.promise, stopped]), stopped, acknowledged, unanswered };
}

/** One call; telling it again answers the same id. @throws when the server refuses or is gone */
export async function announce(
  telephony: ServiceClient,
  { externalId, agentId }: { readonly externalId: string; readonly agentId: string },
): Promise<string> {
  const body = { externalId, agentId, channel: 'call' };
  const answer = await telephony.call('POST', '/api/interactions', body);
  // The contract's form.
  const { interactionId } = answer.body as { interactionId?: string };
  if (answer.status !== 201 || interactionId === undefined)
    throw new Error(`refused: ${answer.status} ${JSON.stringify(answer.body)}`);
  return interactionId;
}
