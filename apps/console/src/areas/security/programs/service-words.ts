import { CircleCheck, CircleSlash, KeyRound, Settings, TriangleAlert } from 'lucide-react';
import type { RegisteredRole, ServiceProof, ServiceRecord } from '@proofline/protocol';
import { isPrivateKeyText, serviceKeyOf } from '@proofline/protocol';

/** What a program of each kind is, where a person chooses it. */
export const kindWords: Readonly<Record<RegisteredRole, string>> = {
  gateway: 'Enforcement point: asks for decisions',
  telephony: 'Telephone system: announces calls',
  'account-opening': 'Account opening: invites customers',
  pipeline: 'Policy pipeline: proposes policies',
  assistant: 'Assistant: reads for the colleague who called it',
};

/** How a program proves each request, where a person chooses it. */
export const proofWords: Readonly<Record<ServiceProof, string>> = {
  dpop: 'By DPoP: asks for tokens, and sends a proof with each',
  signature: 'By signing each request with its key, for what cannot do DPoP',
  certificate: 'By the certificate of its connection (mTLS), this one',
  'named-certificate':
    'By a certificate of its connection (mTLS) that your authority has issued to the same names',
};

/** The same of a service that has chosen. */
export const provesWords: Readonly<Record<ServiceProof, string>> = {
  dpop: 'proves itself by DPoP',
  signature: 'signs its requests',
  certificate: 'proves itself by its certificate',
  'named-certificate': 'proves itself by certificates of its names',
};

/** How a service stands, in a word. */
export function looksOf(one: ServiceRecord) {
  if (one.origin === 'configured')
    return { icon: Settings, tone: 'neutral', word: 'By the settings' } as const;
  if (one.owner?.active === false)
    return { icon: TriangleAlert, tone: 'danger', word: 'Nobody answers for it' } as const;
  if (one.state === 'suspended')
    return { icon: CircleSlash, tone: 'warn', word: 'Suspended' } as const;
  if (one.state === 'without-key')
    return { icon: KeyRound, tone: 'warn', word: 'No key is good' } as const;
  return { icon: CircleCheck, tone: 'accent', word: 'Active' } as const;
}

/** What is wrong with what was pasted, before it is sent. `undefined`: nothing, or nothing was yet. */
export function whyNoKey(text: string): string | undefined {
  if (text.trim() === '') return undefined;
  if (isPrivateKeyText(text)) return 'This is a private key. Make another one, and keep that.';
  return serviceKeyOf(text) ? undefined : 'This is neither a JWK nor a certificate.';
}
