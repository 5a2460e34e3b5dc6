import {
  ApplicationDraft,
  isPrivateKeyText,
  type Acr,
  type Application,
  type ApplicationSettings,
  type CustomerDatum,
  type OidcSettings,
  type Realm,
  type SamlSettings,
} from '@proofline/protocol';
import type { Choice } from '../../ui/field.tsx';

/** An application as it stands in the form: every field a text. */
export interface ApplicationFields {
  readonly name: string;
  readonly realm: Realm;
  /** Of customers: what it may ask to be told. */
  readonly learns: 'nothing' | CustomerDatum | 'both';
  readonly protocol: ApplicationSettings['protocol'];
  /** SAML: the service provider’s metadata. */
  readonly metadata: string;
  /** SAML: what it is told of a colleague. */
  readonly told: 'nothing' | 'display-name' | 'roles' | 'both';
  readonly kind: OidcSettings['kind'];
  /** One address a line. */
  readonly addresses: string;
  readonly method: OidcSettings['proof']['method'];
  readonly keys: string;
  /** PEM, one certificate after the other. */
  readonly certificates: string;
  readonly acr: Acr;
  /** Seconds; empty: as old as the session. */
  readonly maxAge: string;
  readonly tokens: 'bound' | 'certificate' | 'bearer';
  readonly requests: 'pushed' | 'pushed-signed' | 'signed' | 'browser';
  /** Whether it asks people who are not at its screen (CIBA). */
  readonly elsewhere: 'no' | 'poll' | 'ping';
  /** Where a `ping` goes. */
  readonly pingedAt: string;
  /** One address a line. */
  readonly afterwards: string;
  readonly toldAt: string;
  /** APIs, one address a line. */
  readonly asksFor: string;
  readonly serves: string;
  /** What it may ask people to agree to, as JSON. */
  readonly asksToDo: string;
  readonly acting: 'never' | 'for-callers';
  readonly machines: 'any' | 'own-or-virtual' | 'own';
  readonly browser: 'any' | 'bound';
}

export const emptyFields: ApplicationFields = {
  name: '',
  realm: 'workforce',
  learns: 'nothing',
  protocol: 'oidc',
  metadata: '',
  told: 'nothing',
  kind: 'web',
  addresses: '',
  method: 'private_key_jwt',
  keys: '',
  certificates: '',
  acr: 'phr',
  maxAge: '',
  tokens: 'bound',
  requests: 'pushed',
  elsewhere: 'no',
  pingedAt: '',
  afterwards: '',
  toldAt: '',
  asksFor: '',
  serves: '',
  asksToDo: '',
  acting: 'never',
  machines: 'any',
  browser: 'any',
};

export const realmChoices: readonly Choice<Realm>[] = [
  { value: 'workforce', label: 'Colleagues' },
  { value: 'customers', label: 'Customers' },
];
export const learnsChoices: readonly Choice<ApplicationFields['learns']>[] = [
  { value: 'nothing', label: 'Nothing: a name made up for it' },
  { value: 'name', label: 'Their name' },
  { value: 'account-number', label: 'Their account number' },
  { value: 'both', label: 'Their name and account number' },
];
export const protocolChoices: readonly Choice<ApplicationFields['protocol']>[] = [
  { value: 'oidc', label: 'OpenID Connect' },
  { value: 'saml', label: 'SAML 2.0' },
];
export const toldChoices: readonly Choice<ApplicationFields['told']>[] = [
  { value: 'nothing', label: 'Nothing: a name of its own for them' },
  { value: 'display-name', label: 'Their name' },
  { value: 'roles', label: 'Their roles' },
  { value: 'both', label: 'Their name and roles' },
];
export const kindChoices: readonly Choice<OidcSettings['kind']>[] = [
  { value: 'web', label: 'A website' },
  { value: 'native', label: 'A program on people’s own machines' },
];
export const methodChoices: readonly Choice<ApplicationFields['method']>[] = [
  { value: 'private_key_jwt', label: 'By a key of its own' },
  { value: 'self_signed_tls_client_auth', label: 'By a certificate of its own (mTLS)' },
  { value: 'none', label: 'Not at all: it can keep no key' },
];
export const acrChoices: readonly Choice<Acr>[] = [
  { value: 'phr', label: 'A passkey' },
  { value: 'phrh', label: 'A security key' },
];
export const ageChoices: readonly Choice<string>[] = [
  { value: '28800', label: 'Eight hours' },
  { value: '3600', label: 'An hour' },
  { value: '900', label: 'A quarter of an hour' },
  { value: '60', label: 'A minute' },
];
const CUSTOMER_SESSION_SECONDS = 7_200;

/** How old a proof may be: nothing above the session it belongs to, unless it is registered so already. */
export const agesFor = (realm: Realm, registered = ''): readonly Choice<string>[] =>
  ageChoices.filter(
    ({ value }) =>
      realm === 'workforce' || value === registered || Number(value) <= CUSTOMER_SESSION_SECONDS,
  );

export const machineChoices: readonly Choice<ApplicationFields['machines']>[] = [
  { value: 'any', label: 'Any machine' },
  { value: 'own-or-virtual', label: 'A machine of their own, or a virtual desktop' },
  { value: 'own', label: 'A machine of their own' },
];
export const browserChoices: readonly Choice<ApplicationFields['browser']>[] = [
  { value: 'any', label: 'Any browser' },
  { value: 'bound', label: 'One whose device holds the session by a key' },
];
export const actingChoices: readonly Choice<ApplicationFields['acting']>[] = [
  { value: 'never', label: 'For nobody but itself' },
  { value: 'for-callers', label: 'In the name of who called its API' },
];
export const tokenChoices: readonly Choice<ApplicationFields['tokens']>[] = [
  { value: 'bound', label: 'Bound to its key (DPoP)' },
  { value: 'certificate', label: 'Bound to its certificate (mTLS)' },
  { value: 'bearer', label: 'Not bound' },
];
export const requestChoices: readonly Choice<ApplicationFields['requests']>[] = [
  { value: 'pushed', label: 'Pushed by the application (PAR)' },
  { value: 'pushed-signed', label: 'Pushed and signed (PAR, JAR)' },
  { value: 'browser', label: 'In the browser’s address' },
  { value: 'signed', label: 'In the address, signed (JAR)' },
];

const modesOf = {
  any: undefined,
  'own-or-virtual': ['personal', 'vdi'],
  own: ['personal'],
} as const;

/** On which machines it may be signed in to; a list that no choice stands for is kept as the narrowest. */
export function machinesOf({
  modes,
}: Pick<Application['policy'], 'modes'>): ApplicationFields['machines'] {
  if (!modes) return 'any';
  return modes.length === 2 && modes.includes('personal') && modes.includes('vdi')
    ? 'own-or-virtual'
    : 'own';
}

/** What it asks in people’s names, of what is registered. */
const askingOf = ({ actsFor, asksToDo }: OidcSettings) => ({
  acting: actsFor ? ('for-callers' as const) : ('never' as const),
  asksToDo: asksToDo ? JSON.stringify(asksToDo, null, 2) : '',
});

/** What its tokens are bound to, of what is registered. */
export function tokensOf({
  certificateBound,
  senderBound,
}: OidcSettings): ApplicationFields['tokens'] {
  if (certificateBound === true) return 'certificate';
  return senderBound ? 'bound' : 'bearer';
}

export const elsewhereChoices: readonly Choice<ApplicationFields['elsewhere']>[] = [
  { value: 'no', label: 'No' },
  { value: 'poll', label: 'Yes, and it asks for the answer (poll)' },
  { value: 'ping', label: 'Yes, and it is told of the answer (ping)' },
];

/** How its requests come, of what is registered. */
export function requestsOf({
  pushedRequests,
  signedRequests = false,
}: OidcSettings): ApplicationFields['requests'] {
  if (pushedRequests) return signedRequests ? 'pushed-signed' : 'pushed';
  return signedRequests ? 'signed' : 'browser';
}

/** What of a customer it may ask to be told, of what is registered. */
export const learnsOf = ({ mayLearn = [] }: OidcSettings): ApplicationFields['learns'] =>
  mayLearn.length > 1 ? 'both' : (mayLearn[0] ?? 'nothing');

const toldOf = ({ attributes }: SamlSettings): ApplicationFields['told'] =>
  attributes.length > 1 ? 'both' : (attributes[0] ?? 'nothing');

function elsewhereOf({
  backchannel,
}: OidcSettings): Pick<ApplicationFields, 'elsewhere' | 'pingedAt'> {
  const pingedAt = backchannel?.delivery === 'ping' ? backchannel.toldAt : '';
  return { elsewhere: backchannel?.delivery ?? 'no', pingedAt };
}

/** What is registered, as it stands in the form. */
export function fieldsOf({ name, policy, realm, settings }: Application): ApplicationFields {
  const asked = {
    name,
    realm,
    acr: policy.acr,
    maxAge: policy.maxAgeSeconds === undefined ? '' : String(policy.maxAgeSeconds),
    machines: machinesOf(policy),
    browser: policy.boundToDevice ? ('bound' as const) : ('any' as const),
  };
  if (settings.protocol === 'saml') {
    const { metadata, protocol } = settings;
    return { ...emptyFields, ...asked, protocol, metadata, told: toldOf(settings) };
  }
  const { kind, proof, redirectUris } = settings;
  return {
    ...emptyFields,
    ...asked,
    kind,
    learns: learnsOf(settings),
    addresses: redirectUris.join('\n'),
    method: proof.method,
    keys: proof.method === 'private_key_jwt' ? JSON.stringify(proof.jwks, null, 2) : '',
    certificates: 'certificates' in proof ? proof.certificates.join('\n') : '',
    tokens: tokensOf(settings),
    requests: requestsOf(settings),
    ...elsewhereOf(settings),
    afterwards: settings.postLogoutRedirectUris?.join('\n') ?? '',
    toldAt: settings.backchannelLogoutUri ?? '',
    asksFor: settings.asksFor?.join('\n') ?? '',
    serves: settings.serves?.join('\n') ?? '',
    ...askingOf(settings),
  };
}

const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A key that stands alone is a set of one. */
const keySetOf = (read: unknown): unknown =>
  typeof read === 'object' && read !== null && 'kty' in read ? { keys: [read] } : read;

/** The line that cannot be an address, by name; the contract has the last word on all of them. */
function lineFault({ addresses, protocol }: ApplicationFields): string | undefined {
  if (protocol === 'saml') return undefined;
  const line = linesOf(addresses).find(
    (one) =>
      one.includes('*') ||
      (one.startsWith('http://') && !/^http:\/\/(?:127\.0\.0\.1|\[::1\])[:/]/.test(one)),
  );
  if (line === undefined) return undefined;
  return line.includes('*')
    ? `“${line}” has a wildcard: each address is compared to the letter, from https:// on.`
    : `“${line}” begins with http://: it needs https://. A program may be called back on http://127.0.0.1/.`;
}

const attributesOf: Readonly<Record<ApplicationFields['told'], SamlSettings['attributes']>> = {
  nothing: [],
  'display-name': ['display-name'],
  roles: ['roles'],
  both: ['display-name', 'roles'],
};

const learnsIn: Readonly<Record<ApplicationFields['learns'], CustomerDatum[] | undefined>> = {
  nothing: undefined,
  name: ['name'],
  'account-number': ['account-number'],
  both: ['name', 'account-number'],
};

const certificatesIn = (text: string) =>
  text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];

function proofOf({ certificates, keys, method }: ApplicationFields) {
  if (method === 'none') return { method };
  if (method === 'private_key_jwt') return { method, jwks: keySetOf(readJson(keys)) };
  return { method, certificates: certificatesIn(certificates) };
}

const askingIn = ({ acting, asksToDo }: ApplicationFields) => ({
  ...(acting === 'for-callers' && { actsFor: true }),
  ...(asksToDo.trim() !== '' && { asksToDo: readJson(asksToDo) ?? asksToDo }),
});

function settingsOf(fields: ApplicationFields) {
  const { addresses, kind, metadata, protocol, requests, told, tokens } = fields;
  const { afterwards, asksFor, elsewhere, pingedAt, serves, toldAt } = fields;
  if (protocol === 'saml') {
    // The server reads the metadata itself, and refuses an entity id that is not the one of it.
    const [, , entityId = ''] = /\sentityID=(["'])(.*?)\1/.exec(metadata) ?? [];
    return { protocol, entityId, metadata, attributes: attributesOf[told] };
  }
  return {
    protocol,
    kind,
    redirectUris: linesOf(addresses),
    proof: proofOf(fields),
    senderBound: tokens === 'bound',
    ...(tokens === 'certificate' && { certificateBound: true }),
    pushedRequests: requests.startsWith('pushed'),
    ...(requests.endsWith('signed') && { signedRequests: true }),
    ...(asksFor.trim() !== '' && { asksFor: linesOf(asksFor) }),
    ...(serves.trim() !== '' && { serves: linesOf(serves) }),
    ...(fields.realm === 'customers' &&
      learnsIn[fields.learns] && { mayLearn: learnsIn[fields.learns] }),
    ...askingIn(fields),
    ...(afterwards.trim() !== '' && { postLogoutRedirectUris: linesOf(afterwards) }),
    ...(toldAt.trim() !== '' && { backchannelLogoutUri: toldAt.trim() }),
    ...(elsewhere === 'poll' && { backchannel: { delivery: elsewhere } }),
    ...(elsewhere === 'ping' && { backchannel: { delivery: elsewhere, toldAt: pingedAt.trim() } }),
  };
}

function policyOf({ acr, browser, machines, maxAge }: ApplicationFields) {
  const modes = modesOf[machines];
  return {
    acr,
    ...(maxAge !== '' && { maxAgeSeconds: Number(maxAge) }),
    ...(modes && { modes: [...modes] }),
    ...(browser === 'bound' && { boundToDevice: true }),
  };
}

/** A sentence about what the contract has found to be not of its form. */
function formFault(path: string): string {
  if (path.includes('asksToDo'))
    return 'What it asks to do is a JSON list: type, api, says, and fields with name, label, form and required.';
  if (/Uris?\b|asksFor|serves|toldAt/.test(path))
    return 'Each address is whole, as a browser writes it: https://tool.example/callback. A program may be called back on http://127.0.0.1/.';
  if (path.includes('metadata') || path.includes('entityId'))
    return 'The metadata is XML of at most 20,000 characters, with an entityID.';
  if (path.includes('certificates')) return 'The certificates are PEM, at most five of them.';
  if (path.includes('proof'))
    return 'The keys are a JWKS of public keys: P-256 or Ed25519, and nothing private.';
  return 'Something is missing, or not of its form.';
}

/** What is sent, or a sentence about the first field that is not of its form. */
export function draftOf(fields: ApplicationFields): ApplicationDraft | string {
  const { certificates, keys, method, name, protocol } = fields;
  const pasted = method === 'private_key_jwt' ? keys : certificates;
  if (protocol === 'oidc' && method !== 'none' && isPrivateKeyText(pasted))
    return 'This is a private key. Make another one, and keep that.';
  const fault = lineFault(fields);
  if (fault !== undefined) return fault;
  const parsed = ApplicationDraft.safeParse({
    name,
    realm: fields.realm,
    policy: policyOf(fields),
    settings: settingsOf(fields),
  });
  if (parsed.success) return parsed.data;
  return formFault(parsed.error.issues[0]?.path.join('.') ?? '');
}
