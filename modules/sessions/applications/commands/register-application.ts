import { newId } from '@proofline/kernel';
import { applicationsMax, ProblemError, type ApplicationDraft } from '@proofline/protocol';
import type { SessionsContext } from '../../context.ts';
import { whyUnusable } from '../domain/why-unusable.ts';
import {
  countApplications,
  findApplicationNamed,
  insertApplication,
  type ApplicationRow,
} from '../store/application-rows.ts';
import { requireOwnEntityId } from './require-own-entity-id.ts';
import { recordApplication, type ByColleague } from './record-application.ts';

/** @throws ProblemError `application.unusable`, `application.taken` or `application.too-many` */
export async function registerApplication(
  context: SessionsContext,
  asked: ByColleague & { readonly draft: ApplicationDraft },
): Promise<ApplicationRow> {
  const { draft } = asked;
  const detail = whyUnusable(draft, context);
  if (detail !== undefined) throw new ProblemError('application.unusable', { detail });
  const { tenant } = context;
  const at = new Date(context.clock.now());
  const row = await context.storage.transaction(async (tx) => {
    if (await findApplicationNamed(tx, tenant, draft.name))
      throw new ProblemError('application.taken');
    await requireOwnEntityId(tx, tenant, draft);
    if ((await countApplications(tx, tenant)) >= applicationsMax)
      throw new ProblemError('application.too-many');
    const applicationId = newId('app', context);
    const evidenceId = await recordApplication(context, tx, {
      ...asked,
      kind: 'application.registered',
      applicationId,
      said: draft,
    });
    const made: ApplicationRow = {
      ...draft,
      applicationId,
      version: 1,
      registeredBy: asked.by,
      registeredAt: at,
      changedAt: at,
      suspendedAt: undefined,
      lastUsedAt: undefined,
      evidenceId,
    };
    await insertApplication(tx, tenant, made);
    return made;
  });
  await context.ledger.durable(row.evidenceId);
  return row;
}
