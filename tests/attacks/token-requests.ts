import type { ApplicationDraft } from '@proofline/protocol';
import type { Targets } from '../../demo/actors/sample-input.ts';
import type { Company } from '../../demo/start-company.ts';

/** The origins at which there is an issuer: of staff, and of customers. */
export const issuers = ['staff', 'customers'] as const;
/** One of {@link issuers}. */
export type IssuerRealm = (typeof issuers)[number];
const portalCallback = 'https://portal.example/signed-in';
/** Who asks at the customers’ issuer: a page without a key of its own, as anybody could pretend to be. */
export const portal: ApplicationDraft = {
  name: 'Portal',
  realm: 'customers',
  policy: { acr: 'phr' },
  settings: {
    protocol: 'oidc',
    kind: 'web',
    redirectUris: [portalCallback],
    proof: { method: 'none' },
    senderBound: true,
    pushedRequests: false,
    mayLearn: ['name', 'account-number'],
  },
};

interface Requesting {
  /** Who asks, without a key of its own. */
  readonly clientId: string;
  readonly origins: Company['origins'];
  readonly targets: Targets;
  /** Whatever token the attacker has. */
  readonly token: string;
}

/** Token requests for the victim, in every way that OAuth knows. */
export function tokenRequests(
  realm: IssuerRealm,
  { clientId, origins, targets, token }: Requesting,
): readonly Record<string, string>[] {
  const { gateway, [realm]: origin } = origins;
  const victim = targets[realm === 'staff' ? 'stf' : 'cus'] ?? '';
  const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';
  const base = { client_id: clientId, resource: `${origin}/api` };
  const exchange = {
    ...base,
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: token,
    subject_token_type: accessTokenType,
    resource: gateway,
  };
  const caseDetails = (member: object) =>
    JSON.stringify([
      { type: 'proofline_case', case_id: targets['cse'], actions: ['account:read'], ...member },
    ]);
  return [
    { ...base, grant_type: 'password', username: victim, password: 'x' },
    { ...base, grant_type: 'refresh_token', refresh_token: token },
    { ...base, grant_type: 'client_credentials', client_id: victim },
    { ...base, grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: token },
    { ...base, grant_type: 'urn:openid:params:grant-type:ciba', login_hint: victim },
    {
      ...base,
      grant_type: 'authorization_code',
      code: token,
      redirect_uri: realm === 'staff' ? `${origin}/callback.html` : portalCallback,
    },
    { ...exchange, authorization_details: caseDetails({}) },
    { ...exchange, authorization_details: caseDetails({ subject_id: victim }) },
    { ...exchange, requested_subject: victim, authorization_details: caseDetails({}) },
    { ...exchange, actor_token: token, actor_token_type: accessTokenType },
    { response_type: 'code', client_id: clientId, scope: 'openid', login_hint: victim },
    { client_id: clientId, scope: 'openid', login_hint: victim, binding_message: 'A-17' },
    { token, token_type_hint: 'access_token', client_id: clientId },
  ];
}
