import type { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { AttestationPolicy } from '@proofline/assurance';
import type { Decider } from '@proofline/decisions';
import type { Clock, Id, Random } from '@proofline/kernel';
import type { EvidenceListWriter, EvidenceTail, EvidenceWriter } from '@proofline/ledger';
import type { OtherKey, Realm, Role, ServiceRole, SignInMode } from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import type { JWK } from 'jose';
import type { CredentialSource, LevelChange } from './domain/kept-credential.ts';
import type { PingSecret } from './ciba/pings/ping-secret.ts';
import type { JsonSealer } from './domain/json-sealer.ts';
import type { KeyRing } from './keys/create-key-ring.ts';
import type { ServiceDirectory } from './programs/service-directory.ts';
import type { ServiceProviders } from './saml/service-provider.ts';
import type { SamlKeys } from './saml/signing-keys.ts';
import type { BreakGlassBasis, GrantBasis, PersonId, ToldCandidate } from './types.ts';

/** A program with a key of its own, known from the configuration. */
export interface ServiceClient {
  /** `svc_…`: its client id and its subject. */
  readonly clientId: string;
  readonly role: ServiceRole;
  /** ES256 or Ed25519; with it the service signs its client assertions (RFC 7523). */
  readonly publicJwk: JWK;
}

/** Where programs connect with a certificate of their own, and which one a connection has shown. */
export interface MutualTls {
  /** An origin of its own: browsers, which would ask people for a certificate, never go there. */
  readonly origin: string;
  /** The certificate whose key has signed in this connection’s handshake; `undefined`: none that is believed. */
  readonly certificateOf: (incoming: IncomingMessage) => X509Certificate | undefined;
  /** Who is believed for the names in the certificates that they issue; none: nobody. */
  readonly authorities: readonly X509Certificate[];
}

/** An application asks somebody, who is there, to sign in to it. */
export interface SignInAsked {
  readonly subjectId: PersonId;
  /** As it is registered; nothing that it says itself. */
  readonly applicationName: string;
  readonly expiresAtMs: number;
}

/** What `sessions` needs from outside. */
export interface SessionsDeps {
  readonly storage: Storage;
  readonly ledger: EvidenceWriter &
    Pick<EvidenceListWriter, 'recordAll' | 'sealAll'> &
    EvidenceTail;
  readonly clock: Clock;
  readonly random: Random;
  readonly tenant: string;
  /** `https://staff.example`: the issuer is below it at `/oidc`, its API at `/api`. */
  readonly staffOrigin: string;
  /** Where customers are: nobody else is called back there. */
  readonly customersOrigin: string;
  /** The audience of grants. */
  readonly gatewayOrigin: string;
  /** Origins of APIs that enforce by themselves: grants may be issued for each of them as well. */
  readonly resourceOrigins: readonly string[];
  /** Private ES256 keys with `kid`, newest first: what the issuer begins with. */
  readonly signingKeys: readonly JWK[];
  /** 32 bytes: what later signing keys are sealed under. */
  readonly kek: Uint8Array;
  /** How long a signing key signs before another takes its place by itself. */
  readonly signingKeyDays: number;
  /** Keys of other kinds, for whoever looks at all of them. */
  readonly otherKeys?: readonly OtherKey[];
  /** Secrets for the issuer's cookies, newest first. */
  readonly cookieKeys: readonly string[];
  /** How long the cookie of a bound session is good for without its key. Default: ten minutes. */
  readonly boundCookieSeconds?: number;
  readonly serviceClients: readonly ServiceClient[];
  /** The SAML identity provider; absent: there is none. Its service providers are the registered ones. */
  readonly saml?: { readonly keys: SamlKeys; readonly serviceProviders?: ServiceProviders };
  /** How certificates of TLS connections come here (RFC 8705); absent: none is taken. */
  readonly mtls?: MutualTls;
  /** What a candidate’s id stands for, so that whoever answers for an act sees it. */
  readonly candidateOf?: (candidateId: Id<'pcd'>) => Promise<ToldCandidate | undefined>;
  /**
   * Hands a logout token to an address that was registered, and to no other; never inside, unless the
   * operator has said so. Rejects unless it was taken.
   */
  readonly postLogout: (told: { readonly url: string; readonly token: string }) => Promise<void>;
  /** The same for a SOAP envelope; answers what was answered, which is bounded. */
  readonly postSoap: (told: { readonly url: string; readonly envelope: string }) => Promise<string>;
  /**
   * Tells an application at the address that was registered that a request of its was answered. As
   * {@link postLogout}, and over https alone; whoever refuses it (4xx) is not told again.
   */
  readonly postPing: (told: {
    readonly url: string;
    readonly token: string;
    readonly authReqId: string;
  }) => Promise<'taken' | 'refused'>;
  /** Told when an application asks somebody to sign in, and when that is over. */
  readonly onSignInAsked?: (asked: SignInAsked) => void;
  /** Origins inside that the operator lets applications be told at. */
  readonly internalLogoutOrigins: readonly string[];
  /** Told after a colleague has signed in anew. */
  readonly onSessionBegun?: (begun: { readonly subjectId: Id<'stf'> }) => void;
  /** Which hardware is believed; read at every sweep. */
  readonly attestationPolicy: AttestationPolicy;
  /** Told after credentials turned out to be worth something else than before. */
  readonly onLevelsChanged?: (changes: readonly LevelChange[]) => void;
  /** How people sign in at some desks, whatever the machine. */
  readonly deskModes?: Readonly<Record<string, SignInMode>>;
  /** Told after a session was locked, so that open event streams fall silent. */
  readonly onSessionLocked?: (locked: { readonly sessionId: Id<'ses'> }) => void;
  /** Told after a session has ended, so that open event streams can be closed. */
  readonly onSessionEnded?: (ended: {
    readonly sessionId: Id<'ses'>;
    readonly subjectId: string;
  }) => void;
}

/** A colleague, as far as sessions ask. */
export interface StaffMember {
  readonly active: boolean;
  readonly displayName: string;
  readonly roles: readonly Role[];
  readonly desk?: string;
}

/** What rooms on higher floors give `sessions` at composition. */
export interface SessionsPeers {
  readonly grantBasis: GrantBasis;
  readonly breakGlassBasis: BreakGlassBasis;
  /** Who keeps credentials: they are judged anew when what is known of their models changes. */
  readonly credentialSources: readonly CredentialSource[];
  /** The PDP: a grant is an act, hence decided (P2). */
  readonly decider: Decider;
  /** `undefined`: no such colleague. Nobody inactive signs in, and their sessions are over. */
  readonly findStaff: (subjectId: Id<'stf'>) => Promise<StaffMember | undefined>;
  /** Whoever has this account number. */
  readonly findAccountHolder?: (accountNumber: string) => Promise<Id<'cus'> | undefined>;
  /** Whoever has this employee number. */
  readonly findNumbered?: (employeeNumber: string) => Promise<Id<'stf'> | undefined>;
  /** A connection of a directory that stands: a service that no configuration names. */
  readonly findProvisioner?: (
    subjectId: string,
  ) => Promise<{ readonly evidenceId: Id<'evt'> } | undefined>;
  /** `undefined`: no such customer. Nobody unknown is signed in anywhere. */
  readonly findCustomer: (customerId: Id<'cus'>) => Promise<KnownCustomer | undefined>;
}

/** A customer, as far as an application may learn of them. */
export interface KnownCustomer {
  readonly name: string;
  readonly accountNumber: string;
}

/**
 * What every command and fact of this module shares, as one realm has it: its issuer, its keys and its
 * cookies. What belongs to no realm is the same in both.
 */
export interface SessionsContext extends SessionsDeps {
  readonly realm: Realm;
  /** Where this realm is at home. */
  readonly origin: string;
  /** The issuer of this realm: `/oidc` of its origin. */
  readonly issuer: string;
  /** The same as the other realm, or this one, has it. */
  readonly of: (realm: Realm) => SessionsContext;
  /** @throws until {@link SessionsPeers} are bound: nobody signs in to half a system. */
  readonly peers: () => SessionsPeers;
  /** Programs, registered and configured. */
  readonly services: ServiceDirectory;
  /** The issuer’s signing keys, as they stand now. */
  readonly keys: KeyRing;
  /** Seals what an application is told with, until it was told. */
  readonly pings: JsonSealer<PingSecret>;
}
