import { isId, type Id } from '@proofline/kernel';
import type { DecisionsDeps } from '@proofline/decisions';
import type { Interactions } from '@proofline/interactions';
import type { ServiceRole } from '@proofline/protocol';
import type { Sessions } from '@proofline/sessions';
import type { Workforce } from '@proofline/workforce';
import type { Config } from './config.ts';
import type { EventHub } from './http/event-hub.ts';

/** Rooms that stand above the decisions. */
interface Above {
  readonly workforce: Workforce;
  readonly sessions: Sessions;
  readonly interactions: Interactions;
}

/** What a service is called where a person reads of it: its role; there is one key per service. */
const serviceNames: Readonly<Record<ServiceRole, string>> = {
  telephony: 'Telephone system',
  gateway: 'Gateway',
  'account-opening': 'Account opening',
  pipeline: 'Policy pipeline',
  assistant: 'Assistant',
  provisioning: 'Directory',
};

/** The name of a configured service. */
export function serviceName(config: Config, id: string): string | undefined {
  const service = config.PROOFLINE_SERVICES.find((one) => one.id === id);
  return service && serviceNames[service.role];
}

/** What switches are told of the rooms above, and what the screens are told of switches. */
export function switchPorts(
  config: Config,
  hub: EventHub,
  above: () => Above,
): Required<Pick<DecisionsDeps, 'onShift' | 'services' | 'onSwitched'>> {
  return {
    onShift: () => onShift(above()),
    services: config.PROOFLINE_SERVICES.flatMap(({ id, role }) =>
      isId('svc', id) ? [{ serviceId: id, name: serviceNames[role] }] : [],
    ),
    onSwitched({ switchId, target }) {
      hub.publish({ type: 'switch.changed', desk: '', data: { switchId } });
      if (target.kind === 'agent') {
        const ownerId: Id<'stf'> = target.subjectId;
        hub.publish({ type: 'own-stop.changed', desk: '', ownerId, data: {} });
      } else {
        hub.publish({ type: 'stop.changed', desk: '', data: {} });
      }
    },
  };
}

async function onShift({ workforce, sessions, interactions }: Above) {
  const [colleagues, live, open] = await Promise.all([
    workforce.listColleagues(),
    sessions.countLive(),
    interactions.countOpen(),
  ]);
  return colleagues
    .filter(({ subjectId }) => live.has(subjectId))
    .map(({ subjectId, roles }) => ({
      subjectId,
      roles,
      sessions: live.get(subjectId) ?? 0,
      calls: open.get(subjectId) ?? 0,
    }));
}
