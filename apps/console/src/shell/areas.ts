import type { Action, Capability, Role, Self } from '@proofline/protocol';
import {
  AppWindow,
  BookOpenText,
  ClipboardCheck,
  Eraser,
  FileSearch,
  FolderSync,
  Headset,
  MonitorSmartphone,
  OctagonX,
  PhoneCall,
  Scale,
  Scissors,
  ShieldCheck,
  Siren,
  UserPlus,
  UserRoundCheck,
  type LucideIcon,
  Cpu,
  Bot,
  KeyRound,
} from 'lucide-react';
import type { RefusalText } from '../format/control-state.ts';

/** A page of the console that the navigation and the jump menu know. */
export interface Place {
  readonly to:
    | '/agent'
    | '/agent/cases'
    | '/break-glass'
    | '/supervisor/calls'
    | '/supervisor/approvals'
    | '/supervisor/colleagues'
    | '/people'
    | '/security/people'
    | '/security/policies'
    | '/security/unused'
    | '/security/hardware'
    | '/security/sessions'
    | '/security/switches'
    | '/security/provisioning'
    | '/security/services'
    | '/security/applications'
    | '/security/keys'
    | '/audit'
    | '/audit/retention';
  readonly area: string;
  readonly label: string;
  readonly icon: LucideIcon;
  readonly action: Action;
  readonly roles: readonly Role[];
}

const agents: readonly Role[] = [
  'billing-agent',
  'support-agent',
  'senior-agent',
  'technical-agent',
  'fraud-reviewer',
];
const leads: readonly Role[] = ['supervisor', 'team-lead'];

/** Every page that one can go to, in the order of the navigation. */
export const places: readonly Place[] = [
  {
    to: '/agent',
    area: 'Agent',
    label: 'Calls',
    icon: Headset,
    action: 'interaction:list',
    roles: agents,
  },
  {
    to: '/agent/cases',
    area: 'Agent',
    label: 'Cases',
    icon: BookOpenText,
    action: 'case:list',
    roles: [...agents, 'analyst'],
  },
  {
    to: '/supervisor/approvals',
    area: 'Supervisor',
    label: 'Approvals',
    icon: ClipboardCheck,
    action: 'approval:list',
    roles: ['supervisor'],
  },
  {
    to: '/supervisor/calls',
    area: 'Supervisor',
    label: 'Live calls',
    icon: PhoneCall,
    action: 'interaction:list',
    roles: leads,
  },
  {
    to: '/security/people',
    area: 'Security',
    label: 'Staff',
    icon: ShieldCheck,
    action: 'person:list',
    roles: ['security-admin'],
  },
  {
    to: '/security/sessions',
    area: 'Security',
    label: 'Sessions',
    icon: MonitorSmartphone,
    action: 'session:list',
    roles: ['security-admin'],
  },
  {
    to: '/security/policies',
    area: 'Security',
    label: 'Policies',
    icon: Scale,
    action: 'policy:read',
    roles: ['security-admin'],
  },
  {
    to: '/security/unused',
    area: 'Security',
    label: 'Unused rights',
    icon: Scissors,
    action: 'policy:read',
    roles: ['security-admin'],
  },
  {
    to: '/security/hardware',
    area: 'Security',
    label: 'Hardware',
    icon: Cpu,
    action: 'policy:read',
    roles: ['security-admin'],
  },
  {
    to: '/security/switches',
    area: 'Security',
    label: 'Switches',
    icon: OctagonX,
    action: 'switch:list',
    roles: ['security-admin'],
  },
  {
    to: '/security/provisioning',
    area: 'Security',
    label: 'Provisioning',
    icon: FolderSync,
    action: 'provisioning:oversee',
    roles: ['security-admin'],
  },
  {
    to: '/security/services',
    area: 'Security',
    label: 'Services',
    icon: Bot,
    action: 'service:list',
    roles: ['security-admin'],
  },
  {
    to: '/security/applications',
    area: 'Security',
    label: 'Applications',
    icon: AppWindow,
    action: 'application:list',
    roles: ['security-admin'],
  },
  {
    to: '/security/keys',
    area: 'Security',
    label: 'Keys',
    icon: KeyRound,
    action: 'signing-key:list',
    roles: ['security-admin'],
  },
  {
    to: '/people',
    area: 'People',
    label: 'Invitations',
    icon: UserPlus,
    action: 'onboarding:invite',
    roles: ['hr-officer'],
  },
  {
    to: '/supervisor/colleagues',
    area: 'People',
    label: 'New colleagues',
    icon: UserRoundCheck,
    action: 'onboarding:confirm',
    roles: ['team-lead', 'security-admin'],
  },
  {
    to: '/break-glass',
    area: 'Emergency',
    label: 'Break-glass',
    icon: Siren,
    action: 'break-glass:list',
    roles: [...leads, 'senior-agent', 'fraud-reviewer', 'security-admin', 'auditor'],
  },
  {
    to: '/audit',
    area: 'Audit',
    label: 'Evidence',
    icon: FileSearch,
    action: 'evidence:search',
    roles: ['auditor'],
  },
  {
    to: '/audit/retention',
    area: 'Audit',
    label: 'Retention',
    icon: Eraser,
    action: 'erasure:list',
    roles: ['auditor', 'security-admin'],
  },
];

/** The pages of somebody's own work. */
export function placesOf(self: Pick<Self, 'roles'>): readonly Place[] {
  return places.filter((place) => place.roles.some((role) => self.roles.includes(role)));
}

/** Why this person cannot go there; `undefined` when they can. The server decides again in any case. */
export function refusalAt(
  place: Place,
  self: Pick<Self, 'roles'> & { readonly capabilities: readonly Capability[] },
): RefusalText | undefined {
  const capability = self.capabilities.find(({ action }) => action === place.action);
  const isRefused = capability && !capability.allowed && capability.remedies.length === 0;
  if (!isRefused && placesOf(self).includes(place)) return undefined;
  return { reason: capability?.reason ?? 'Your role does not include this page.' };
}

/**
 * Where somebody is, of the pages that they can go to. A call’s panel belongs to the list that it was
 * opened from: an agent’s own calls, or those of the desk.
 */
export function placeAt(pathname: string, self: Pick<Self, 'roles'>): Place | undefined {
  const own = placesOf(self);
  if (pathname.startsWith('/agent/calls/')) {
    return own.find(({ to }) => to === '/agent' || to === '/supervisor/calls');
  }
  return own
    .filter(({ to }) => pathname === to || pathname.startsWith(`${to}/`))
    .toSorted((a, b) => b.to.length - a.to.length)[0];
}

/** Where a step of the way leads this person: there, else to the first page of its area; or nowhere. */
export function crumbTarget(to: Place['to'], self: Pick<Self, 'roles'>): Place['to'] | undefined {
  const own = placesOf(self);
  if (own.some((place) => place.to === to)) return to;
  const area = places.find((place) => place.to === to)?.area;
  return own.find((place) => place.area === area)?.to;
}
