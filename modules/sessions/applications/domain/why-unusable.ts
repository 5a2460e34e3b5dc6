import { createPublicKey } from 'node:crypto';
import type { ApplicationDraft, DetailType, OidcSettings } from '@proofline/protocol';
import { whyCertificatesUnusable } from '../../mtls/client-certificate.ts';
import { fixedClientNames } from '../../oidc/clients.ts';
import { answerParameterIn, isLoopbackHost, isOwnAddress } from './own-address.ts';
import type { Surroundings } from './surroundings.ts';
import { whyNotForCustomers } from './why-not-for-customers.ts';
import { whySamlUnusable } from './why-saml-unusable.ts';

/** Why this cannot be registered, in a sentence; `undefined` where it can. The contract has seen its form. */
export function whyUnusable(draft: ApplicationDraft, own: Surroundings): string | undefined {
  const { name, settings } = draft;
  if (isOwnName(name)) return 'This name is read as one of Proofline itself.';
  if (draft.realm === 'customers') {
    const why = whyNotForCustomers(draft);
    if (why !== undefined) return why;
  }
  if (settings.protocol === 'saml') return whySamlUnusable(settings, own);
  if (draft.realm === 'workforce' && settings.mayLearn)
    return 'Of a colleague an application learns the name, and nothing that customers have.';
  return (
    whyAddressUnusable(settings, own) ??
    whyProofUnusable(settings, own) ??
    whyAskingUnusable(settings) ??
    whyActingUnusable(settings)
  );
}

/** The sign-in page says the name: people must not take a tool for the console. */
function isOwnName(name: string): boolean {
  const plain = (text: string) =>
    text
      .normalize('NFKD')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]/gu, '');
  return plain(name).includes('proofline') || fixedClientNames.map(plain).includes(plain(name));
}

const pingedAt = ({ backchannel }: OidcSettings): string | undefined =>
  backchannel?.delivery === 'ping' ? backchannel.toldAt : undefined;

function whyAddressUnusable(settings: OidcSettings, own: Surroundings): string | undefined {
  const { backchannelLogoutUri: told, kind, postLogoutRedirectUris = [], redirectUris } = settings;
  const visited = [...redirectUris, ...postLogoutRedirectUris];
  const pinged = pingedAt(settings);
  const all = [...visited, told, pinged].filter((url) => url !== undefined);
  if (told?.startsWith('http:') && !own.internalLogoutOrigins.includes(new URL(told).origin))
    return 'It is told over https that a session has ended, or where the operator lets it be told.';
  if (pinged?.startsWith('http:')) return 'It is told over https that a request was answered.';
  if (all.some((url) => isOwnAddress(url, own)))
    return 'No application is called back at an address of Proofline itself.';
  if (kind === 'web' && visited.some(isLoopbackHost))
    return 'A website is not on the machine of whoever looks at it: that is a program.';
  const answer = visited.map(answerParameterIn).find((name) => name !== undefined);
  if (answer !== undefined) return `An address has “${answer}”, which the answer brings.`;
  if (new Set(redirectUris).size < redirectUris.length) return 'An address stands twice.';
  return undefined;
}

/** Who acts for others proves itself, has an API to be called at, and keeps its tokens to itself. */
function whyActingUnusable(settings: OidcSettings): string | undefined {
  const {
    actsFor,
    asksFor = [],
    certificateBound = false,
    proof,
    senderBound,
    serves = [],
  } = settings;
  if (!actsFor) return undefined;
  if (proof.method === 'none' || !(senderBound || certificateBound))
    return 'Who goes on in somebody’s name has a key of its own, and tokens that are bound to one.';
  return asksFor.length === 0 || serves.length === 0
    ? 'Who goes on in somebody’s name serves an API, and asks tokens for another.'
    : undefined;
}

/** What it may ask people to agree to is for an API that it may ask tokens for, and reads in one way only. */
function whyAskingUnusable({ asksFor = [], asksToDo = [] }: OidcSettings): string | undefined {
  const types = asksToDo.map(({ type }) => type);
  if (new Set(types).size < types.length) return 'A type that it asks for stands twice.';
  if (types.some((type) => /^proofline/i.test(type))) return 'A type reads as one of Proofline’s.';
  if (asksToDo.some(({ api }) => !asksFor.includes(api)))
    return 'What it asks to do is for one of the APIs that it may ask tokens for.';
  const isTwice = ({ fields }: DetailType) =>
    new Set(fields.map(({ name }) => name)).size < fields.length ||
    new Set(fields.map(({ label }) => label)).size < fields.length;
  return asksToDo.some(isTwice) ? 'A member of what it asks to do stands twice.' : undefined;
}

function whyProofUnusable(settings: OidcSettings, own: Surroundings): string | undefined {
  const { backchannel, certificateBound, proof, senderBound, signedRequests } = settings;
  if (certificateBound && (senderBound || proof.method !== 'self_signed_tls_client_auth'))
    return 'Tokens are bound to the certificate of who proves itself by one, and then to nothing else.';
  // Nobody’s browser stands between it and the tokens: only keys of its own tell it from others.
  if (backchannel && (proof.method === 'none' || !(senderBound || certificateBound)))
    return 'Who asks people elsewhere to sign in has a key of its own, and binds its tokens to one.';
  if (proof.method === 'none') return whyUnprovedUnusable(settings);
  if (proof.method === 'private_key_jwt') return whyKeysUnusable(proof.jwks.keys);
  if (!own.mtls) return 'This server takes no certificates: PROOFLINE_MTLS_ORIGIN is not set.';
  if (signedRequests) return 'Requests are signed with a key that is registered as one.';
  return whyCertificatesUnusable(proof.certificates, own.clock.now());
}

function whyUnprovedUnusable({ senderBound, serves = [], signedRequests }: OidcSettings) {
  if (signedRequests || serves.length > 0)
    return 'It takes a key of its own to sign requests, and to ask what a token is worth.';
  // A program that keeps no key of its own has nothing that would tell its token from a stolen one.
  return senderBound
    ? undefined
    : 'Without a key of its own an application binds its tokens to one that it makes (DPoP).';
}

type Key = Extract<OidcSettings['proof'], { method: 'private_key_jwt' }>['jwks']['keys'][number];

function whyKeysUnusable(keys: readonly Key[]): string | undefined {
  if (!keys.every(isKey)) return 'A key is no point of its curve.';
  if (keys.length > 1 && new Set(keys.map(({ kid }) => kid)).size < keys.length)
    return 'Of several keys each needs a kid of its own.';
  return undefined;
}

function isKey(key: Key) {
  try {
    createPublicKey({ key: { ...key }, format: 'jwk' });
    return true;
  } catch {
    return false;
  }
}
