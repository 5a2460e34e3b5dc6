import { z } from 'zod';
import { SignInMode } from './sign-in-mode.ts';
import { Acr, Realm } from './subjects.ts';

/** How many applications can be registered at a time. */
export const applicationsMax = 200;

const ADDRESS =
  /^(?:https:\/\/[a-z0-9.-]+|http:\/\/(?:127\.0\.0\.1|\[::1\]))(?::\d{1,5})?\/[^\s#@\\*]*$/;

/** An address that is compared character by character: no wildcard, fragment or credentials (RFC 9700 §2.1). */
const Address = z
  .string()
  .max(500)
  .regex(ADDRESS, { error: 'not https://…/, without wildcard, fragment or credentials' })
  .refine((url) => URL.parse(url)?.href === url, { error: 'not as a browser writes it' });

const coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const keyId = z.string().min(1).max(100).optional();

/** The public half of a key; a member of a private key is refused with its name. */
const PublicKey = z.discriminatedUnion('kty', [
  z.strictObject({
    kty: z.literal('EC'),
    crv: z.literal('P-256'),
    x: coordinate,
    y: coordinate,
    kid: keyId,
    alg: z.literal('ES256').optional(),
    use: z.literal('sig').optional(),
  }),
  z.strictObject({
    kty: z.literal('OKP'),
    crv: z.literal('Ed25519'),
    x: coordinate,
    kid: keyId,
    alg: z.enum(['EdDSA', 'Ed25519']).optional(),
    use: z.literal('sig').optional(),
  }),
]);

/** A certificate in PEM, and nothing beside it. */
const Certificate = z
  .string()
  .trim()
  .max(8_000)
  .regex(/^-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----$/, {
    error: 'not one certificate in PEM',
  });

/** How an application proves at the issuer that it is itself. Nobody shares a secret with anybody. */
const ClientProof = z.discriminatedUnion('method', [
  /** A program that can keep no key: PKCE alone (RFC 7636). */
  z.strictObject({ method: z.literal('none') }),
  /** Assertions signed with its own key (RFC 7523). */
  z.strictObject({
    method: z.literal('private_key_jwt'),
    jwks: z.strictObject({ keys: z.array(PublicKey).min(1).max(5) }),
  }),
  /** The TLS connection, with one of these certificates, whoever issued it (RFC 8705 §2.2). */
  z.strictObject({
    method: z.literal('self_signed_tls_client_auth'),
    certificates: z.array(Certificate).min(1).max(5),
  }),
]);

/** How an application has the answers of people who are not at its screen (CIBA Core §5). */
const Backchannel = z.discriminatedUnion('delivery', [
  /** It asks for each. */
  z.strictObject({ delivery: z.literal('poll') }),
  /** It is told that there is one, and asks then. */
  z.strictObject({ delivery: z.literal('ping'), toldAt: Address }),
]);
/** A member of what an application asks to do, and what people read of it. */
const DetailField = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_]{0,39}$/)
    .refine((name) => name !== 'type'),
  label: z.string().trim().min(1).max(40),
  form: z.enum(['text', 'number', 'list']),
  required: z.boolean(),
  /** Texts, and members of lists, are one of these. Absent: any. */
  among: z.array(z.string().min(1).max(60)).min(1).max(20).optional(),
});

/** Something that an application may ask a person to agree to, for one API (RFC 9396 §2). */
export const DetailType = z.strictObject({
  type: z.string().regex(/^[A-Za-z][A-Za-z0-9_.:/-]{0,79}$/),
  /** The one API that it is for. */
  api: Address,
  /** The end of “… asks to”: “pay an invoice”. */
  says: z.string().trim().min(1).max(80),
  fields: z.array(DetailField).min(1).max(8),
});
/** Something that an application may ask a person to agree to, for one API. */
export type DetailType = z.infer<typeof DetailType>;

/** Personal data of a customer that an application may be told, if the customer agrees. */
export const customerData = ['name', 'account-number'] as const;
/** Personal data of a customer that an application may be told. */
export type CustomerDatum = (typeof customerData)[number];

/** What is registered of an application that speaks OpenID Connect. */
export const OidcSettings = z
  .strictObject({
    protocol: z.literal('oidc'),
    /** `native`: on somebody’s own computer, where it may listen on loopback (RFC 8252 §7.3). */
    kind: z.enum(['web', 'native']),
    redirectUris: z.array(Address).max(10),
    proof: ClientProof,
    /** Its access tokens are bound to a key of its own (RFC 9449). */
    senderBound: z.boolean(),
    /** Its access tokens are bound to the certificate of its connection (RFC 8705 §3). */
    certificateBound: z.boolean().optional(),
    /** Its authorization requests are pushed (RFC 9126). */
    pushedRequests: z.boolean(),
    /** Its authorization requests are signed with its key (RFC 9101). */
    signedRequests: z.boolean().optional(),
    /** APIs that it may ask tokens for (RFC 8707), each the one audience of its token. */
    asksFor: z.array(Address).max(10).optional(),
    /** APIs that are its own: what tokens for them are worth, it may ask (RFC 7662). */
    serves: z.array(Address).max(10).optional(),
    /** Called with somebody’s token, it may ask for one for another API, in their name (RFC 8693). */
    actsFor: z.literal(true).optional(),
    /** What it may ask people to agree to, each time anew (RFC 9396). */
    asksToDo: z.array(DetailType).min(1).max(5).optional(),
    /** Where people may be sent after they signed out (RP-Initiated Logout 1.0 §3). */
    postLogoutRedirectUris: z.array(Address).max(10).optional(),
    /** Where it is told that a session has ended, however it ended (Back-Channel Logout 1.0 §2.5). */
    backchannelLogoutUri: Address.optional(),
    /** It may ask people to sign in who are not at its screen (CIBA Core 1.0). */
    backchannel: Backchannel.optional(),
    /** What a customers’ application may ask to be told, besides a name that is theirs there alone. */
    mayLearn: z.array(z.enum(customerData)).min(1).max(customerData.length).optional(),
  })
  .refine(({ backchannel, redirectUris }) => backchannel || redirectUris.length > 0, {
    error: 'it is called back somewhere, or asks people who are not at its screen',
    path: ['redirectUris'],
  })
  .refine(
    ({ kind, postLogoutRedirectUris: after = [], redirectUris }) =>
      kind === 'native' || [...redirectUris, ...after].every((url) => url.startsWith('https:')),
    { error: 'a web application is called back by https', path: ['redirectUris'] },
  );
/** What is registered of an application that speaks OpenID Connect. */
export type OidcSettings = z.infer<typeof OidcSettings>;

/** Personal data of a colleague that a tool may be told with SAML. */
export const samlAttributes = ['display-name', 'roles'] as const;

/** What is registered of an application that speaks SAML 2.0. */
export const SamlSettings = z.strictObject({
  protocol: z.literal('saml'),
  /** The one of the metadata: by it the application is found. */
  entityId: z.string().min(1).max(1024),
  /** The service provider’s own metadata: its addresses and certificates. */
  metadata: z.string().min(1).max(20_000),
  /** What it is told besides a name that is the colleague’s there alone. */
  attributes: z.array(z.enum(samlAttributes)).max(samlAttributes.length),
});
/** What is registered of an application that speaks SAML 2.0. */
export type SamlSettings = z.infer<typeof SamlSettings>;

/** What is registered of an application, by its protocol. */
export const ApplicationSettings = z.discriminatedUnion('protocol', [OidcSettings, SamlSettings]);
/** What is registered of an application, by its protocol. */
export type ApplicationSettings = z.infer<typeof ApplicationSettings>;

/** What is asked of whoever signs in to it, whatever it asks for itself. It may ask for more. */
export const ApplicationPolicy = z.strictObject({
  acr: Acr,
  /** How old the proof at that level may be at most. Absent: as old as the session. */
  maxAgeSeconds: z.number().int().min(30).max(36_000).optional(),
  /** On whose machines it may be signed in to. Absent: on any. */
  modes: z.array(SignInMode).min(1).max(4).optional(),
  /** The browser holds the session by its device’s key (Device Bound Session Credentials). */
  boundToDevice: z.literal(true).optional(),
});
/** What is asked of whoever signs in to it. */
export type ApplicationPolicy = z.infer<typeof ApplicationPolicy>;

/** What somebody says of an application when registering it, or changing it. */
export const ApplicationDraft = z.strictObject({
  name: z.string().trim().min(1).max(60),
  /** Who signs in to it: colleagues, or customers. */
  realm: Realm,
  policy: ApplicationPolicy,
  settings: ApplicationSettings,
});
/** What somebody says of an application. */
export type ApplicationDraft = z.infer<typeof ApplicationDraft>;
