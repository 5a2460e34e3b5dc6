import { handle, listEvidenceReceivers, type MountedRoute } from '@proofline/protocol';
import type { Receivers } from '../out/receiver.ts';

/** How far the log has gone out. */
export function receiverRoutes(receivers: Receivers): MountedRoute[] {
  return [
    handle(listEvidenceReceivers, async () => ({ receivers: [...(await receivers.statuses())] })),
  ];
}
