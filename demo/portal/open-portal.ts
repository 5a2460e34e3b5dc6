import type { RunningServer } from '@proofline/server/start';
import type { Origins, Ports } from '../environments.ts';
import { portalDraft, portalOrigin } from './portal-draft.ts';
import { loadPortalKey } from './portal-key.ts';
import type { PortalSettings } from './relying-party.ts';

/** “My account”, which the company has registered for its customers. */
export async function openPortal(
  { composition }: RunningServer,
  {
    directory,
    origins,
    ports,
  }: { readonly directory: string; readonly origins: Origins; readonly ports: Ports },
): Promise<PortalSettings> {
  const key = await loadPortalKey(directory);
  const draft = portalDraft(ports.demo, key);
  const [clientId = ''] = await composition.sessions.importApplications([draft]);
  const at = `${portalOrigin(ports.demo)}/portal`;
  const issuer = `${origins.customers}/oidc`;
  return { issuer, clientId, key, callback: `${at}/signed-in`, afterLogout: at };
}
