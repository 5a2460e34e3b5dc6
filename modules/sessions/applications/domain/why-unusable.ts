import { createPublicKey } from 'node:crypto';
import type { ApplicationDraft, OidcSettings } from '@proofline/protocol';
import { whySamlUnusable } from './why-saml-unusable.ts';

/** What is ours: nobody else is called back there. */
export interface OwnOrigins {
  readonly staffOrigin: string;
  readonly gatewayOrigin: string;
  readonly internalLogoutOrigins: readonly string[];
  /** Present where there is a SAML identity provider. */
  readonly saml?: object;
}

/** Why this cannot be registered, in a sentence; `undefined` where it can. The contract has seen its form. */
export function whyUnusable(draft: ApplicationDraft, own: OwnOrigins): string | undefined {
  const { settings } = draft;
  if (settings.protocol === 'saml') return whySamlUnusable(settings, own);
  return whyAddressUnusable(settings, own) ?? whyProofUnusable(settings);
}

function whyAddressUnusable(settings: OidcSettings, own: OwnOrigins): string | undefined {
  const { backchannelLogoutUri: told, postLogoutRedirectUris = [], redirectUris } = settings;
  const origins = [own.staffOrigin, own.gatewayOrigin];
  const all = [...redirectUris, ...postLogoutRedirectUris, ...(told === undefined ? [] : [told])];
  if (told?.startsWith('http:') && !own.internalLogoutOrigins.includes(new URL(told).origin))
    return 'It is told over https that a session has ended, or where the operator lets it be told.';
  if (all.some((url) => origins.includes(new URL(url).origin)))
    return 'No application is called back at an address of Proofline itself.';
  if (new Set(redirectUris).size < redirectUris.length) return 'An address stands twice.';
  return undefined;
}

function whyProofUnusable(settings: OidcSettings): string | undefined {
  const { proof, senderBound, serves = [], signedRequests } = settings;
  if (proof.method === 'none' && (signedRequests || serves.length > 0))
    return 'It takes a key of its own to sign requests, and to ask what a token is worth.';
  // A program that keeps no key of its own has nothing that would tell its token from a stolen one.
  if (proof.method === 'none' && !senderBound)
    return 'Without a key of its own an application binds its tokens to one that it makes (DPoP).';
  if (proof.method !== 'private_key_jwt') return undefined;
  const { keys } = proof.jwks;
  if (!keys.every(isKey)) return 'A key is no point of its curve.';
  if (keys.length > 1 && new Set(keys.map(({ kid }) => kid)).size < keys.length)
    return 'Of several keys each needs a kid of its own.';
  return undefined;
}

function isKey(
  key: Extract<OidcSettings['proof'], { method: 'private_key_jwt' }>['jwks']['keys'][number],
) {
  try {
    createPublicKey({ key: { ...key }, format: 'jwk' });
    return true;
  } catch {
    return false;
  }
}
