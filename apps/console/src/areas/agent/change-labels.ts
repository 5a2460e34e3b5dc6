import type { Action } from '@proofline/protocol';
import type { RecordChange } from '../../api/gateway.ts';

/** The changes that the panel offers: their action and the name of their control. */
export const changeLabels = {
  'delivery-preference': {
    action: 'delivery-preference:update',
    label: 'Change the delivery preference',
  },
  'billing-address': { action: 'billing-address:update', label: 'Change the billing address' },
  refund: { action: 'refund:initiate', label: 'Start a refund' },
  note: { action: 'note:add', label: 'Add a note' },
  plan: { action: 'plan:change', label: 'Change the plan' },
  sim: { action: 'sim:replace', label: 'Replace the SIM' },
  'bank-details': { action: 'bank-details:update', label: 'Change the bank details' },
  credit: { action: 'credit:grant', label: 'Grant a credit' },
  'payment-plan': { action: 'payment-plan:agree', label: 'Agree on a payment plan' },
  'router-restart': { action: 'router:restart', label: 'Restart the router' },
  'fraud-flag': { action: 'fraud-flag:set', label: 'Flag a suspicion of fraud' },
  'fraud-flag-lift': { action: 'fraud-flag:lift', label: 'Lift a suspicion of fraud' },
} as const satisfies Record<RecordChange['kind'], { action: Action; label: string }>;
