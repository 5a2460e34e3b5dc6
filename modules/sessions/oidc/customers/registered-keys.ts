import type { ClientMetadata, Configuration } from 'oidc-provider';
import { oidcSettingsOf } from '../../applications/domain/oidc-settings-of.ts';
import type { ApplicationRow } from '../../applications/store/application-rows.ts';

/** RFC 6761 §6.4: a host that there never is. What is asked for there is answered from the registry. */
const REGISTRY = 'https://registry.invalid/';

type Named = Pick<ApplicationRow, 'applicationId' | 'version'>;

/** Another one with each change, so that the library does not keep keys that were replaced. */
const addressOf = ({ applicationId, version }: Named) => `${REGISTRY}${applicationId}/${version}`;

/**
 * How an application that asks customers elsewhere stands in the registry, as the library knows a client.
 *
 * Where names are pairwise, CIBA Core §4 asks for `jwks_uri`, and for a sector document that has it: whoever
 * registers itself could else claim the hosts of another, and with them its names. Here nobody registers
 * itself: a person has said which hosts and which keys belong together, and the registry is the document.
 */
export function keysByAddress(application: Named): Partial<ClientMetadata> {
  const address = addressOf(application);
  return { jwks_uri: address, sector_identifier_uri: address };
}

/** What the library would fetch, it is handed here. It fetches nothing else, and nothing leaves the process. */
export function registeredKeys(
  find: (clientId: unknown) => Promise<ApplicationRow | undefined>,
): Required<Pick<Configuration, 'fetch' | 'sectorIdentifierUriValidate'>> {
  return {
    // The hosts were compared when it was registered (`applications/domain/why-not-for-customers.ts`).
    sectorIdentifierUriValidate: () => false,
    fetch: async (url) => {
      const asked = typeof url === 'string' ? url : '';
      const application = await find(asked.slice(REGISTRY.length).split('/')[0]);
      const proof = oidcSettingsOf(application)?.proof;
      const isThere = application !== undefined && addressOf(application) === asked;
      return isThere && proof?.method === 'private_key_jwt'
        ? Response.json(proof.jwks)
        : new Response(null, { status: 404 });
    },
  };
}
