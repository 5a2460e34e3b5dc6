import type { Configuration } from 'oidc-provider';
import type { SessionsContext } from '../context.ts';
import { isInTime } from './client-certificate.ts';
import { isIssuedBy, nameDigest } from './named-certificate.ts';

/** The endpoints that programs call by themselves (RFC 8705 §5), below `/oidc`; no browser has business there. */
const aliases = {
  token_endpoint: '/token',
  pushed_authorization_request_endpoint: '/request',
  userinfo_endpoint: '/me',
  introspection_endpoint: '/token/introspection',
  revocation_endpoint: '/token/revocation',
  backchannel_authentication_endpoint: '/backchannel',
} as const;

const paths: ReadonlySet<string> = new Set(Object.values(aliases));

/** Whether an address is one of those at which certificates are looked at. */
export function isForMutualTls(url: string): boolean {
  const [path = ''] = url.split('?', 1);
  return paths.has(path.slice('/oidc'.length));
}

/** What the metadata say of them. */
export function endpointAliases({ mtls }: Pick<SessionsContext, 'mtls'>) {
  if (!mtls) return {};
  const entries = Object.entries(aliases).map(([name, path]) => [
    name,
    `${mtls.origin}/oidc${path}`,
  ]);
  return { mtls_endpoint_aliases: Object.fromEntries(entries) as Record<string, string> }; // as mapped
}

/**
 * Certificates of connections: they prove an application that registered them, and bind its tokens.
 * Nobody is believed for who has issued theirs: what counts is the one certificate, byte by byte. But for services
 * that are registered by the names which an authority of the settings gives them.
 */
export function mutualTlsFeature({
  clock,
  mtls,
}: Pick<SessionsContext, 'clock' | 'mtls'>): Pick<NonNullable<Configuration['features']>, 'mTLS'> {
  if (!mtls) return {};
  const { authorities } = mtls;
  const getCertificate: MtlsFeature['getCertificate'] = ({ req }) => {
    const certificate = mtls.certificateOf(req);
    return certificate && isInTime(certificate, clock.now()) ? certificate : undefined;
  };
  const certificates = {
    enabled: true,
    certificateBoundAccessTokens: true,
    selfSignedTlsClientAuth: true,
    getCertificate,
  } as const;
  if (authorities.length === 0) return { mTLS: certificates };
  return {
    mTLS: {
      ...certificates,
      tlsClientAuth: true,
      certificateAuthorized({ req }) {
        const certificate = mtls.certificateOf(req);
        return !!certificate && isIssuedBy(authorities, certificate, clock.now());
      },
      // Whichever of its names a service is registered by: all of them count (`named-certificate.ts`).
      certificateSubjectMatches({ req }, _property, expected) {
        const certificate = mtls.certificateOf(req);
        const digest = certificate && nameDigest(certificate);
        return digest !== undefined && expected.split(' ').includes(digest);
      },
    },
  };
}

type MtlsFeature = Extract<
  NonNullable<NonNullable<Configuration['features']>['mTLS']>,
  { readonly tlsClientAuth: true }
>;
