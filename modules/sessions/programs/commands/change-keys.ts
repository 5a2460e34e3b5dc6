import type { Id } from '@proofline/kernel';
import {
  ProblemError,
  serviceKeyOverlapDays,
  serviceKeysMax,
  type ServiceKeyInput,
} from '@proofline/protocol';
import type { SessionsContext } from '../../context.ts';
import { isKeyGood } from '../domain/known-program.ts';
import { readKey } from '../domain/read-key.ts';
import { serviceRows } from '../store/service-rows.ts';
import { changeService, type ByColleague } from './acting.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

interface OfService extends ByColleague {
  readonly serviceId: Id<'svc'>;
}

/**
 * Adds the next key of a service. Both are good from now on; the one before ends by itself after the
 * overlap, so that a rotation that nobody completes is completed.
 *
 * @throws ProblemError `service.unknown`, `service.key-invalid`, `service.key-taken`, `service.two-keys`
 */
export async function addKey(
  context: SessionsContext,
  asked: OfService & { readonly key: ServiceKeyInput },
): Promise<void> {
  const nowMs = context.clock.now();
  const rows = serviceRows(context.tenant);
  // How it proves itself was chosen at its registration, and does not change.
  const known = await rows.find(context.storage.db, asked.serviceId);
  if (!known) throw new ProblemError('service.unknown');
  const { kid, jwk, endsAtMs } = await readKey(asked.key, nowMs, known.proves);
  await changeService(context, asked, async (tx, row) => {
    const good = (await rows.keysOf(tx, row.serviceId)).filter((key) => isKeyGood(key, nowMs));
    if (good.length >= serviceKeysMax) throw new ProblemError('service.two-keys');
    const added = {
      kid,
      jwk,
      notBeforeMs: nowMs,
      retireAfterMs: endsAtMs,
      serviceId: row.serviceId,
      addedBy: asked.by,
      addedAt: new Date(nowMs),
      evidenceId: asked.decisionEvidenceId,
    };
    if (!(await rows.insertKey(tx, added))) throw new ProblemError('service.key-taken');
    for (const before of good) {
      await rows.retireKey(tx, before.kid, new Date(nowMs + serviceKeyOverlapDays * DAY_MS));
    }
    return {
      kind: 'service.key-added',
      facts: { kid, overlapDays: serviceKeyOverlapDays, before: good.map((key) => key.kid) },
    };
  });
}

/**
 * Retires a key at once: no assertion by it and no token that it was used for is taken any more.
 *
 * @throws ProblemError `service.unknown`: no such service, or no such key of it
 */
export async function retireKey(
  context: SessionsContext,
  asked: OfService & { readonly kid: string },
): Promise<void> {
  const rows = serviceRows(context.tenant);
  await changeService(context, asked, async (tx, row) => {
    const keys = await rows.keysOf(tx, row.serviceId);
    if (!keys.some((key) => key.kid === asked.kid)) throw new ProblemError('service.unknown');
    await rows.retireKey(tx, asked.kid, new Date(context.clock.now()));
    return { kind: 'service.key-retired', facts: { kid: asked.kid } };
  });
}
