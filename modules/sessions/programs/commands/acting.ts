import type { Id } from '@proofline/kernel';
import { ProblemError, type EvidenceKind } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { SessionsContext } from '../../context.ts';
import { serviceRows, type ServiceRow } from '../store/service-rows.ts';

/** Who changes a service, and the decision that permitted it. */
export interface ByColleague {
  readonly by: Id<'stf'>;
  readonly decisionEvidenceId: Id<'evt'>;
}

/** What is written down of a change. */
export interface ServiceEntry {
  readonly kind: EvidenceKind & `service.${string}`;
  readonly facts: Readonly<Record<string, string | number | string[]>>;
}

/**
 * Changes a standing service with one entry of evidence, and lets this process forget what it knew.
 * The others ask anew within a second (P6).
 *
 * @throws ProblemError `service.unknown`
 */
export async function changeService(
  context: SessionsContext,
  { serviceId, by, decisionEvidenceId }: ByColleague & { readonly serviceId: Id<'svc'> },
  work: (tx: Db, row: ServiceRow) => Promise<ServiceEntry>,
): Promise<void> {
  const evidenceId = await context.storage.transaction(async (tx) => {
    const row = await serviceRows(context.tenant).find(tx, serviceId);
    if (!row) throw new ProblemError('service.unknown');
    const entry = await work(tx, row);
    return recordService(context, tx, {
      ...entry,
      serviceId,
      by,
      causes: [decisionEvidenceId, row.evidenceId],
    });
  });
  context.services.forget(serviceId);
  await context.ledger.durable(evidenceId);
}

/** Writes down what became of a service. */
export function recordService(
  { ledger }: SessionsContext,
  tx: Db,
  entry: ServiceEntry & {
    readonly serviceId: Id<'svc'>;
    readonly by: Id<'stf'> | 'operator';
    readonly causes: readonly Id<'evt'>[];
  },
): Promise<Id<'evt'>> {
  const { by, causes, facts, kind, serviceId } = entry;
  // Whoever runs the server is nobody whom the log has a pseudonym for.
  const isPerson = by !== 'operator';
  const subjects = { ...(isPerson && { actor: by }), service: serviceId };
  return ledger.record(tx, {
    kind,
    causes,
    subjects,
    facts: isPerson ? facts : { ...facts, by },
  });
}
