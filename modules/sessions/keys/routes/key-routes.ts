import {
  handle,
  listSigningKeys,
  rotateSigningKeys,
  type MountedRoute,
  type SigningKeys,
} from '@proofline/protocol';
import type { SessionsContext } from '../../context.ts';
import { rotateKeys } from '../commands/rotate-keys.ts';

/** The handlers of `routes/signing-keys.ts`. */
export function keyRoutes(context: SessionsContext): MountedRoute[] {
  return [
    handle(listSigningKeys, async () => describeKeys(context)),
    handle(rotateSigningKeys, async ({ body, caller, decision }) => {
      await rotateKeys(context, {
        ...body,
        by: caller.subjectId,
        decisionEvidenceId: decision.evidenceId,
      });
      return describeKeys(context);
    }),
  ];
}

function describeKeys({ keys, otherKeys = [], signingKeyDays }: SessionsContext): SigningKeys {
  // Before anything was read, a key has no time: it is as old as the settings.
  const timeOf = (ms: number) => (ms > 0 ? { signsFrom: new Date(ms).toISOString() } : {});
  return {
    everyDays: signingKeyDays,
    keys: keys.at().keys.map(({ because, kid, signsFromMs, state, untilMs }) => ({
      kid,
      algorithm: 'ES256' as const,
      state,
      because,
      ...timeOf(signsFromMs),
      ...(untilMs === undefined || untilMs === Number.MAX_SAFE_INTEGER
        ? {}
        : { until: new Date(untilMs).toISOString() }),
    })),
    others: [...otherKeys],
  };
}
