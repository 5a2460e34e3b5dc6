import { evaluate, readEvidence, reportResult, routes, type Action } from '@proofline/protocol';

/** Actions whose routes name one record: who looked at which call, person or decision. */
const readsOfOneRecord = new Set(
  routes.flatMap((route) =>
    'resource' in route && route.resource !== undefined && 'param' in route.resource
      ? [route.action]
      : [],
  ),
);

/**
 * What is permitted all the time and names nobody: that Proofline's own screens read lists and
 * themselves, and that an enforcement point may ask and report, where nothing came of it (what it asked
 * tells of that itself). The reading of an entry has an entry of its own. Never the reading of one
 * record: the panel of a call, a person, a decision. From the contract, so that a new screen cannot be
 * forgotten here.
 */
export const routineActions: readonly Action[] = [
  ...new Set(
    routes.flatMap(({ method, caller, action }) =>
      method === 'get' &&
      caller === 'staff' &&
      action !== undefined &&
      !readsOfOneRecord.has(action)
        ? [action]
        : [],
    ),
  ),
  evaluate.action,
  reportResult.action,
  // Each permit is followed by `evidence.read`, which is never left out: personal fields were unsealed.
  readEvidence.action,
];
