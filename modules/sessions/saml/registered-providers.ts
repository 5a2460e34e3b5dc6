import { isId } from '@proofline/kernel';
import {
  findApplication,
  findSamlApplication,
  type ApplicationRow,
} from '../applications/store/application-rows.ts';
import type { SessionsContext } from '../context.ts';
import { readServiceProviderMetadata } from './messages/read-metadata.ts';
import { SamlRefused } from './saml-refused.ts';
import type { ServiceProvider, ServiceProviders } from './service-provider.ts';

/** A registered application as a service provider; its metadata was read when it was registered, too. */
function providerOf(row: ApplicationRow | undefined): ServiceProvider | undefined {
  if (row?.settings.protocol !== 'saml') return undefined;
  const { applicationId, name, policy, settings, suspendedAt } = row;
  try {
    return {
      ...readServiceProviderMetadata(settings.metadata),
      applicationId,
      name,
      requiredAcr: policy.acr,
      maxAgeSeconds: policy.maxAgeSeconds,
      isSuspended: suspendedAt !== undefined,
      attributes: settings.attributes,
    };
  } catch (error) {
    // What an earlier version took and this one does not is worth nothing any more.
    if (error instanceof SamlRefused) return undefined;
    throw error;
  }
}

/** The registry of applications, read at every message: a change or a suspension holds at the next one. */
export function registeredProviders({
  storage,
  tenant,
}: Pick<SessionsContext, 'storage' | 'tenant'>): ServiceProviders {
  return {
    find: async (entityId) => providerOf(await findSamlApplication(storage.db, tenant, entityId)),
    findByApplication: async (id) =>
      isId('app', id) ? providerOf(await findApplication(storage.db, tenant, id)) : undefined,
  };
}
