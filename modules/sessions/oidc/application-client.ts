import { isId } from '@proofline/kernel';
import {
  customerData,
  type CustomerDatum,
  type OidcSettings,
  type Realm,
} from '@proofline/protocol';
import type { Adapter, ClientMetadata } from 'oidc-provider';
import { findApplication, type ApplicationRow } from '../applications/store/application-rows.ts';
import type { SessionsContext } from '../context.ts';
import type { AssuranceDemand } from '../domain/levels.ts';
import { narrowDemand } from '../domain/levels.ts';
import { typesOf } from '../details/told-types.ts';
import { certificateKeys } from '../mtls/client-certificate.ts';
import { keysByAddress } from './customers/registered-keys.ts';
import { findServiceClient } from '../programs/service-client.ts';
import { acrValuesOf } from './acr-values.ts';
import { tokenExchangeGrantType } from './clients.ts';
import { noteBasis } from './judged-by.ts';

/** What a colleague’s application may ask to be told; the name is theirs, as their desk sees it. */
export const applicationScope = 'openid profile';

/** What each datum of a customer’s is asked for by. */
const scopesOfData = { name: 'profile', 'account-number': 'account' } as const;

/** What of a customer a request asks for, by its scopes. */
export function dataAsked(scope: unknown): CustomerDatum[] {
  const scopes = typeof scope === 'string' ? scope.split(' ') : [];
  return customerData.filter((datum) => scopes.includes(scopesOfData[datum]));
}

/** Scopes by which this much is asked for, and no more. */
export const scopeForData = (data: readonly CustomerDatum[]): string =>
  ['openid', ...data.map((datum) => scopesOfData[datum])].join(' ');

const scopeOf = ({ mayLearn = [] }: OidcSettings, realm: Realm): string =>
  realm === 'workforce' ? applicationScope : scopeForData(mayLearn);

/** CIBA Core §4. */
export const cibaGrantType = 'urn:openid:params:grant-type:ciba';

/** What the library compares with the proof that an application gives. */
function proofOf(
  context: SessionsContext,
  application: ApplicationRow,
  { backchannel, certificateBound = false, proof }: OidcSettings,
): Partial<ClientMetadata> | undefined {
  if (proof.method === 'private_key_jwt')
    return backchannel && context.realm === 'customers'
      ? keysByAddress(application)
      : { jwks: proof.jwks };
  if (proof.method === 'none') return {};
  // Nobody’s certificate is looked at here: it is no client then, rather than one without a proof.
  if (!context.mtls) return undefined;
  return {
    jwks: { keys: certificateKeys(proof.certificates, context.clock.now()) },
    tls_client_certificate_bound_access_tokens: certificateBound,
  };
}

/** An application as the library knows a client. */
function metadataOf(
  context: SessionsContext,
  application: ApplicationRow,
): ClientMetadata | undefined {
  const { applicationId, name, settings } = application;
  const proven = settings.protocol === 'oidc' && proofOf(context, application, settings);
  if (settings.protocol !== 'oidc' || !proven) return undefined;
  const { backchannel, kind, proof, pushedRequests, redirectUris, senderBound } = settings;
  const isCalledBack = redirectUris.length > 0;
  return {
    client_id: applicationId,
    client_name: name,
    application_type: kind,
    token_endpoint_auth_method: proof.method,
    ...proven,
    redirect_uris: [...redirectUris],
    post_logout_redirect_uris: [...(settings.postLogoutRedirectUris ?? [])],
    response_types: isCalledBack ? ['code'] : [],
    grant_types: [
      ...(isCalledBack ? ['authorization_code'] : []),
      ...(backchannel ? [cibaGrantType] : []),
      ...(settings.actsFor ? [tokenExchangeGrantType] : []),
    ],
    ...(backchannel && { backchannel_token_delivery_mode: backchannel.delivery }),
    ...(backchannel?.delivery === 'ping' && {
      backchannel_client_notification_endpoint: backchannel.toldAt,
    }),
    dpop_bound_access_tokens: senderBound,
    require_pushed_authorization_requests: pushedRequests,
    require_signed_request_object: settings.signedRequests === true,
    id_token_signed_response_alg: 'ES256',
    scope: scopeOf(settings, context.realm),
    authorization_details_types: typesOf(context, settings),
  };
}

/** An application of this realm that may be used now, by its client id. */
export async function findUsable(
  context: SessionsContext,
  clientId: unknown,
): Promise<ApplicationRow | undefined> {
  if (!isId('app', clientId)) return undefined;
  const row = await findApplication(context.storage.byKey, context.tenant, clientId);
  return row?.suspendedAt || row?.realm !== context.realm ? undefined : row;
}

/** Looked up at every request: what the registries say holds from the next one on, in every process. */
export function createClientAdapter(context: SessionsContext): Adapter {
  const refuse = () => Promise.reject(new Error('clients come from the registries'));
  return {
    async find(id) {
      const row = await findUsable(context, id);
      if (row) {
        // Whatever a request is judged by besides is looked at after this.
        noteBasis(row.applicationId, { applicationVersion: row.version });
        return metadataOf(context, row);
      }
      return context.realm === 'workforce' ? findServiceClient(context, id) : undefined;
    },
    upsert: refuse,
    findByUid: refuse,
    findByUserCode: refuse,
    consume: refuse,
    destroy: refuse,
    revokeByGrantId: refuse,
  };
}

/** What an authorization request comes to: what it asks itself, and what its application’s policy asks. */
export async function demandOf(
  context: SessionsContext,
  params: Readonly<Record<string, unknown>>,
): Promise<AssuranceDemand> {
  const { acr_values: values, client_id: clientId, max_age: maxAge } = params;
  const asked: AssuranceDemand = {
    acrValues: acrValuesOf(values),
    ...(maxAge === undefined ? {} : { maxAgeSeconds: Number(maxAge) }),
  };
  const application = await findUsable(context, clientId);
  return application ? narrowDemand(asked, application.policy) : asked;
}
