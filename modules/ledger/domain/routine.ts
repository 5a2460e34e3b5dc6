import {
  evaluate,
  reportResult,
  routes,
  type Action,
  type EvidenceKind,
} from '@proofline/protocol';

/**
 * What is permitted all the time and tells nobody anything: that Proofline's own screens read (the
 * actions of every staff route that only reads), and that an enforcement point may ask and report;
 * what it asked and reported are entries of their own. From the contract, so that a new screen cannot
 * be forgotten here. Reads of customers' records go through the gateway, and are what happens on calls.
 */
export const routineActions: readonly Action[] = [
  ...new Set(
    routes.flatMap(({ method, caller, action }) =>
      method === 'get' && caller === 'staff' && action !== undefined ? [action] : [],
    ),
  ),
  evaluate.action,
  reportResult.action,
];

/** The entry that a reading of the evidence leaves besides its decision. */
export const routineKind: EvidenceKind = 'evidence.read';
