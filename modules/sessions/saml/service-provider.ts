import type { Acr } from '@proofline/protocol';

/** Where a message of single logout is brought: by the browser, or (`soap`) by this server. */
export interface LogoutEndpoint {
  readonly binding: 'redirect' | 'post' | 'soap';
  readonly url: string;
  /** Where answers go, when not to `url` as well. */
  readonly responseUrl?: string | undefined;
}

/** What a service provider's metadata says about it, as far as we use it. */
export interface ServiceProviderMetadata {
  readonly entityId: string;
  /** HTTP-POST only: an assertion is too long for an address, and belongs in no history. */
  readonly assertionConsumers: readonly {
    readonly url: string;
    readonly index: number;
    readonly isDefault: boolean;
  }[];
  readonly logout: readonly LogoutEndpoint[];
  /** Base64 of the DER. */
  readonly signingCertificates: readonly string[];
  readonly encryptionCertificate?: string | undefined;
}

/** Personal data that a registered service provider may be given. */
export const releasableAttributes = ['display-name', 'roles'] as const;
export type ReleasableAttribute = (typeof releasableAttributes)[number];

/** A registered service provider with the operator's policy for it. */
export interface ServiceProvider extends ServiceProviderMetadata {
  readonly applicationId: string;
  /** Shown on the sign-in page. */
  readonly name: string;
  readonly requiredAcr?: Acr | undefined;
  readonly maxAgeSeconds?: number | undefined;
  readonly isSuspended: boolean;
  readonly attributes: readonly ReleasableAttribute[];
}

/** Who is registered; filled by the registry of applications. */
export interface ServiceProviders {
  find(entityId: string): Promise<ServiceProvider | undefined>;
  findByApplication(applicationId: string): Promise<ServiceProvider | undefined>;
}

/** An endpoint to which a browser can be led. */
export interface BrowserLogoutEndpoint extends LogoutEndpoint {
  readonly binding: 'redirect' | 'post';
}

/** Where its browsers bring messages of single logout, if anywhere. */
export function browserLogoutOf({
  logout,
}: Pick<ServiceProvider, 'logout'>): BrowserLogoutEndpoint | undefined {
  return logout.find((one): one is BrowserLogoutEndpoint => one.binding !== 'soap');
}

/** Where it is told by this server, however the session ended. */
export function soapLogoutOf({ logout }: Pick<ServiceProvider, 'logout'>): string | undefined {
  return logout.find(({ binding }) => binding === 'soap')?.url;
}
