import { routes, type Action, type EvidenceKind } from '@proofline/protocol';

/**
 * What Proofline's own screens read: the actions of every staff route that only reads. From the
 * contract, so that a new screen cannot be forgotten here. The customers' records are not among
 * them; those are read through the gateway, and that is what happens on calls.
 */
export const ownReadActions: readonly Action[] = [
  ...new Set(
    routes.flatMap(({ method, caller, action }) =>
      method === 'get' && caller === 'staff' && action !== undefined ? [action] : [],
    ),
  ),
];

/** The entry that a reading of the evidence leaves besides its decision. */
export const ownReadKind: EvidenceKind = 'evidence.read';
