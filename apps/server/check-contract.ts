import type { MountedRoute, Route } from '@proofline/protocol';

/**
 * Whether the contract is served as written: every route has one handler, and where somebody is
 * signed in a decision stands before it (P2).
 *
 * @throws naming every route that is not; it stops the start
 */
export function checkContract(routes: readonly Route[], mounted: readonly MountedRoute[]): void {
  const bound = mounted.map(({ route }) => route.id);
  const missing = routes.filter((route) => !bound.includes(route.id));
  const twice = bound.filter((id, index) => bound.indexOf(id) !== index);
  const foreign = mounted.filter(({ route }) => !routes.includes(route));
  const undecided = routes.filter(
    (route) => route.action === undefined && ['staff', 'service'].includes(route.caller),
  );
  const faults = [
    ...missing.map(({ id }) => `${id} has no handler`),
    ...twice.map((id) => `${id} is bound twice`),
    ...foreign.map(({ route }) => `${route.id} is not in the contract`),
    ...undecided.map(({ id }) => `${id} is not decided`),
  ];
  if (faults.length > 0)
    throw new Error(`the contract is not served as written: ${faults.join('; ')}`);
}
