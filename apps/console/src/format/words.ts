import type { CaseType, DataCategory, EvidenceKind, ReasonCode, Role } from '@proofline/protocol';

/** The contract's words as a person reads them. */
export const roleWords: Readonly<Record<Role, string>> = {
  'billing-agent': 'Billing agent',
  'support-agent': 'Support agent',
  'senior-agent': 'Senior support agent',
  'technical-agent': 'Technical agent',
  'fraud-reviewer': 'Fraud reviewer',
  'team-lead': 'Team lead',
  supervisor: 'Supervisor',
  analyst: 'Analyst',
  'hr-officer': 'HR officer',
  'security-admin': 'Security administrator',
  auditor: 'Auditor',
};

export const caseTypeWords: Readonly<Record<CaseType, string>> = {
  billing: 'Billing',
  'plan-change': 'Plan change',
  complaint: 'Complaint',
  'technical-fault': 'Technical fault',
  'lost-sim': 'Lost SIM',
  'moving-house': 'Moving house',
  'payment-difficulty': 'Payment difficulty',
  'priority-care': 'Priority care',
  'data-request': 'Data request',
  'fraud-review': 'Fraud review',
};

export const categoryWords: Readonly<Record<DataCategory, string>> = {
  public: 'Public facts',
  contact: 'Contact details',
  plan: 'Plan',
  invoice: 'Invoices',
  usage: 'Usage',
  order: 'Orders',
  'payment-last4': 'Last four digits of the card',
  'payment-token': 'Card token',
  'bank-account': 'Bank account',
  'identity-document': 'Identity documents',
  health: 'Health notes',
  note: 'Notes',
  fraud: 'Suspicions of fraud',
  recording: 'Recordings',
};

export const reasonCodeWords: Readonly<Record<ReasonCode, string>> = {
  'duplicate-charge': 'Duplicate charge',
  'service-outage': 'Service outage',
  'billing-error': 'Billing error',
  goodwill: 'Goodwill',
  'cancelled-in-time': 'Cancelled in time',
};

/** `proof.bound` → `proof`: the area of an evidence kind, for its icon. */
export function areaOf(kind: EvidenceKind): string {
  return kind.slice(0, kind.indexOf('.'));
}
