import type { Id } from '@proofline/kernel';
import { ProblemError, type ApplicationDraft, type EvidenceKind } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { SessionsContext } from '../../context.ts';
import { sectorOf } from '../../consents/domain/pairwise-name.ts';
import { deleteConsentsOf } from '../../consents/store/consent-rows.ts';
import { whyUnusable } from '../domain/why-unusable.ts';
import {
  findApplication,
  findApplicationNamed,
  removeApplicationRow,
  updateApplication,
  type ApplicationRow,
} from '../store/application-rows.ts';
import { requireOwnEntityId } from './require-own-entity-id.ts';
import { recordApplication, type ByColleague } from './record-application.ts';

type OfOne = ByColleague & { readonly applicationId: Id<'app'> };

async function findKept(
  context: SessionsContext,
  tx: Db,
  applicationId: Id<'app'>,
): Promise<ApplicationRow> {
  const row = await findApplication(tx, context.tenant, applicationId);
  if (!row) throw new ProblemError('application.unknown');
  return row;
}

/** @throws ProblemError `application.unusable`, `application.taken`, `application.stale` or `application.unknown` */
export async function changeApplication(
  context: SessionsContext,
  asked: OfOne & { readonly draft: ApplicationDraft; readonly version: number },
): Promise<ApplicationRow> {
  const { applicationId, draft, version } = asked;
  const detail = whyUnusable(draft, context);
  if (detail !== undefined) throw new ProblemError('application.unusable', { detail });
  return write(context, asked, async (tx, row) => {
    if (row.version !== version) throw new ProblemError('application.stale');
    const named = await findApplicationNamed(tx, context.tenant, draft.name);
    if (named && named.applicationId !== applicationId) throw new ProblemError('application.taken');
    await requireOwnEntityId(tx, context.tenant, { ...draft, applicationId });
    if (draft.settings.protocol !== row.settings.protocol) {
      const kept = 'The protocol of an application is not changed: register another one.';
      throw new ProblemError('application.unusable', { detail: kept });
    }
    if (draft.realm !== row.realm) {
      const kept = 'Who signs in to an application is not changed: register another one.';
      throw new ProblemError('application.unusable', { detail: kept });
    }
    if (row.realm === 'customers' && sectorOf({ ...row, ...draft }) !== sectorOf(row)) {
      const kept =
        'Keep the host, or register another application: what this one calls each customer depends on it, so ' +
        'it is not changed.';
      throw new ProblemError('application.unusable', { detail: kept });
    }
    return { kind: 'application.changed', row: { ...row, ...draft } };
  });
}

/** Refused at every endpoint from the next request on. Suspended already: it stays so. */
export function suspendApplication(
  context: SessionsContext,
  asked: OfOne,
): Promise<ApplicationRow> {
  const suspendedAt = new Date(context.clock.now());
  return write(context, asked, async (_tx, row) =>
    row.suspendedAt ? undefined : { kind: 'application.suspended', row: { ...row, suspendedAt } },
  );
}

export function resumeApplication(context: SessionsContext, asked: OfOne): Promise<ApplicationRow> {
  return write(context, asked, async (_tx, row) =>
    row.suspendedAt
      ? { kind: 'application.resumed', row: { ...row, suspendedAt: undefined } }
      : undefined,
  );
}

/** For good. @throws ProblemError `application.unknown` */
export async function removeApplication(context: SessionsContext, asked: OfOne): Promise<void> {
  const { applicationId } = asked;
  const evidenceId = await context.storage.transaction(async (tx) => {
    const row = await findKept(context, tx, applicationId);
    const recorded = await recordApplication(context, tx, {
      ...asked,
      kind: 'application.removed',
      before: row.evidenceId,
      said: row,
    });
    const at = new Date(context.clock.now());
    await deleteConsentsOf(tx, context, applicationId);
    await removeApplicationRow(tx, context.tenant, { applicationId, evidenceId: recorded, at });
    return recorded;
  });
  await context.ledger.durable(evidenceId);
}

interface Change {
  readonly kind: EvidenceKind;
  readonly row: ApplicationRow;
}

/** Row and entry in one transaction; `undefined` from `change`: it is so already. */
async function write(
  context: SessionsContext,
  asked: OfOne,
  change: (tx: Db, row: ApplicationRow) => Promise<Change | undefined>,
): Promise<ApplicationRow> {
  const written = await context.storage.transaction(async (tx) => {
    const row = await findKept(context, tx, asked.applicationId);
    const changed = await change(tx, row);
    if (!changed) return row;
    const evidenceId = await recordApplication(context, tx, {
      ...asked,
      kind: changed.kind,
      before: row.evidenceId,
      said: changed.row,
    });
    const next: ApplicationRow = {
      ...changed.row,
      version: row.version + 1,
      changedAt: new Date(context.clock.now()),
      evidenceId,
    };
    await updateApplication(tx, context.tenant, next);
    return next;
  });
  await context.ledger.durable(written.evidenceId);
  return written;
}
