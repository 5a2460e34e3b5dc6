import { cancelAccessRequest, readAccessRequest, type AccessTask } from '@proofline/protocol';
import type { AccessItemState, AccessTaskState } from './access-request-desk.ts';

/** Where a task of this id is asked after: `https://staff.example/access/v1/requests/arq_…`. */
export function statusEndpoint(origin: string, taskId: string): string {
  return `${origin}${readAccessRequest.path.replace('{taskId}', taskId)}`;
}

/** A task as the profile shows it (Access Request Response; of several things, Bulk profile). */
export function taskDescriber(origin: string) {
  return (state: AccessTaskState): AccessTask => {
    const { taskId, status, expiresAt, isBulk, items } = state;
    // One that was sent by itself has its result at the top; of several, each has its own and no
    // result stands above them that could be taken for all.
    const alone = isBulk ? undefined : items[0];
    return {
      task: {
        id: taskId,
        status,
        status_endpoint: statusEndpoint(origin, taskId),
        expires_at: expiresAt.toISOString(),
        links: { cancel: `${origin}${cancelAccessRequest.path.replace('{taskId}', taskId)}` },
        ...(isBulk && { items: items.map(describeItem) }),
      },
      ...(alone && resultOf(alone)),
    };
  };
}

function describeItem(item: AccessItemState) {
  const { action, resource, status } = item;
  return {
    resource: { type: resource.type, id: resource.id },
    action: { name: action },
    status,
    ...resultOf(item),
  };
}

function resultOf({ approval }: AccessItemState): Pick<AccessTask, 'result'> {
  if (!approval) return {};
  return {
    result: {
      mode: 'reevaluate',
      approval: {
        id: approval.id,
        approved_at: approval.approvedAt.toISOString(),
        approved_until: approval.approvedUntil.toISOString(),
      },
    },
  };
}
