import type { MountedRoute, Realm } from '@proofline/protocol';

/** What ends something. Each id must be a route's. */
export const endings: readonly string[] = [
  'interactions.end',
  'sessions.end',
  'self.sign-out',
  'self.lock',
  'customer.sign-out',
  'switches.throw',
];

/** Tells whether a request is one of those for which places are kept. */
export type IsUrgent = (realm: Realm, method: string, path: string) => boolean;

/**
 * Places are kept for what ends a session or a call, since revocation has two seconds (P6), and for
 * services: the telephone system's hang-up is one, and without the gateway's questions nothing is
 * refused or permitted anywhere; a pipeline’s build and a directory’s news can wait. Read from the request line, before
 * anybody has proved anything.
 */
export function createIsUrgent(mounted: readonly MountedRoute[]): IsUrgent {
  const urgent = mounted
    .map(({ route }) => route)
    .filter(
      ({ id, caller }) =>
        (caller === 'service' && !/^(pipeline|scim)\./.test(id)) || endings.includes(id),
    )
    .map(({ realm, method, path }) => ({
      realm,
      method: method.toUpperCase(),
      pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    }));
  return (realm, method, path) =>
    urgent.some((one) => one.realm === realm && one.method === method && one.pattern.test(path));
}
