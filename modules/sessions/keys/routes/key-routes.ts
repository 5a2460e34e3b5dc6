import {
  handle,
  listSigningKeys,
  rotateSigningKeys,
  type MountedRoute,
  type SigningKeys,
} from '@proofline/protocol';
import type { SessionsContext } from '../../context.ts';
import type { KeyRing } from '../create-key-ring.ts';
import { rotateKeys } from '../commands/rotate-keys.ts';

/** The handlers of `routes/signing-keys.ts`. */
export function keyRoutes(context: SessionsContext): MountedRoute[] {
  return [
    handle(listSigningKeys, async () => describeKeys(context)),
    handle(rotateSigningKeys, async ({ body, caller, decision }) => {
      const { realm = 'workforce', ...asked } = body;
      await rotateKeys(context.of(realm), {
        ...asked,
        by: caller.subjectId,
        decisionEvidenceId: decision.evidenceId,
      });
      return describeKeys(context);
    }),
  ];
}

function describeKeys(context: SessionsContext): SigningKeys {
  const { otherKeys = [], signingKeyDays } = context;
  return {
    everyDays: signingKeyDays,
    keys: describeRing(context.keys),
    ofCustomers: describeRing(context.of('customers').keys),
    others: [...otherKeys],
  };
}

function describeRing(ring: KeyRing): SigningKeys['keys'] {
  // Before anything was read, a key has no time: it is as old as the settings.
  const timeOf = (ms: number) => (ms > 0 ? { signsFrom: new Date(ms).toISOString() } : {});
  return ring.at().keys.map(({ because, kid, signsFromMs, state, untilMs }) => ({
    kid,
    algorithm: 'ES256' as const,
    state,
    because,
    ...timeOf(signsFromMs),
    ...(untilMs === undefined || untilMs === Number.MAX_SAFE_INTEGER
      ? {}
      : { until: new Date(untilMs).toISOString() }),
  }));
}
