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
} as const satisfies Record<RecordChange['kind'], { action: Action; label: string }>;
