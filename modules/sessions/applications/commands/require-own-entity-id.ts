import type { Id } from '@proofline/kernel';
import { ProblemError, type ApplicationDraft } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { findSamlApplication } from '../store/application-rows.ts';

/** Two service providers of one name could be taken for each other. @throws ProblemError `application.unusable` */
export async function requireOwnEntityId(
  tx: Db,
  tenant: string,
  draft: { readonly settings: ApplicationDraft['settings']; readonly applicationId?: Id<'app'> },
): Promise<void> {
  const { applicationId, settings } = draft;
  if (settings.protocol !== 'saml') return;
  const found = await findSamlApplication(tx, tenant, settings.entityId);
  if (!found || found.applicationId === applicationId) return;
  const detail = 'Another application has this entity id.';
  throw new ProblemError('application.unusable', { detail });
}
