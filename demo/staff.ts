import type { Role } from '@proofline/protocol';
import { company } from './company.ts';

/** A colleague of the demo's first day. */
export interface DemoColleague {
  readonly displayName: string;
  readonly desk: string;
  readonly employeeNumber: string;
  readonly role: Role;
}

/** Where the demo's phones page shows what a colleague is told. */
export function channelsOf({
  displayName,
  employeeNumber,
}: DemoColleague): readonly { kind: 'email' | 'sms'; address: string }[] {
  const name = displayName.toLowerCase().replaceAll(' ', '.');
  return [
    { kind: 'email', address: `${name}@staff.example` },
    { kind: 'sms', address: `+44 7700 90${employeeNumber.slice(-4)}` },
  ];
}

const [headOffice, outsourced] = company.desks;

/** Where the story's new agent starts. */
export const outsourcedDesk = outsourced;

/** Those whom the story needs, by what they do in it. */
export const founders = {
  hr: 'Ines Okafor',
  lead: 'Tom Lindqvist',
  supervisor: 'Sol Marchetti',
  auditor: 'Ulla Petersen',
  security: 'Ravi Menon',
} as const;

/** The founding staff: seventeen people, no passkey yet, each with a link to register one. */
export const demoStaff: readonly DemoColleague[] = [
  { displayName: founders.hr, desk: headOffice, employeeNumber: 'HO-1001', role: 'hr-officer' },
  { displayName: founders.lead, desk: outsourced, employeeNumber: 'CV-2001', role: 'team-lead' },
  {
    displayName: founders.supervisor,
    desk: outsourced,
    employeeNumber: 'CV-2002',
    role: 'supervisor',
  },
  { displayName: founders.auditor, desk: headOffice, employeeNumber: 'HO-1002', role: 'auditor' },
  {
    displayName: founders.security,
    desk: headOffice,
    employeeNumber: 'HO-1003',
    role: 'security-admin',
  },
  { displayName: 'Ana Ruiz', desk: outsourced, employeeNumber: 'CV-2003', role: 'billing-agent' },
  {
    displayName: 'Bayo Adeyemi',
    desk: outsourced,
    employeeNumber: 'CV-2004',
    role: 'billing-agent',
  },
  {
    displayName: 'Clara Weiss',
    desk: outsourced,
    employeeNumber: 'CV-2005',
    role: 'support-agent',
  },
  {
    displayName: 'Dmitri Sokolov',
    desk: headOffice,
    employeeNumber: 'HO-1004',
    role: 'support-agent',
  },
  {
    displayName: 'Elena Fabbri',
    desk: headOffice,
    employeeNumber: 'HO-1005',
    role: 'billing-agent',
  },
  { displayName: 'Femi Balogun', desk: headOffice, employeeNumber: 'HO-1006', role: 'team-lead' },
  { displayName: 'Greta Holm', desk: headOffice, employeeNumber: 'HO-1007', role: 'supervisor' },
  // What one security administrator has stopped, another one lifts.
  {
    displayName: 'Hana Sato',
    desk: headOffice,
    employeeNumber: 'HO-1008',
    role: 'security-admin',
  },
  // The same call opens other things for each of these.
  {
    displayName: 'Idris Bello',
    desk: outsourced,
    employeeNumber: 'CV-2006',
    role: 'senior-agent',
  },
  {
    displayName: 'Jana Novotna',
    desk: outsourced,
    employeeNumber: 'CV-2007',
    role: 'technical-agent',
  },
  {
    displayName: 'Kai Tanaka',
    desk: headOffice,
    employeeNumber: 'HO-1009',
    role: 'fraud-reviewer',
  },
  { displayName: 'Lea Brandt', desk: headOffice, employeeNumber: 'HO-1010', role: 'analyst' },
];
