import { canonicalJson, isId, newId, type Clock, type Id, type Random } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import type { Decision, RequestableDenial, ResourceRef } from '@proofline/protocol';
import type { DecisionInput } from '../types.ts';
import type { TokenKeys } from './token-keys.ts';

const TYP = 'authzen-denial-binding+jwt';
/** An approval itself has ten minutes to be given; a denial is no use for longer. */
const GOOD_MS = 10 * 60 * 1000;

/** What a denial that can be asked for was about: nothing else can be asked for with it. */
export interface DenialBinding {
  readonly evaluationId: Id<'dec'>;
  readonly releaseDigest: string;
  readonly subject: { readonly type: string; readonly id: string };
  readonly action: string;
  readonly resource: ResourceRef;
  /** SHA-256 of the canonical content; absent when the question had none. */
  readonly contentDigest: string | undefined;
  /** As `access_request.expires_at` said it. */
  readonly expiresAt: string;
}

/** What a token is held against. */
type Bound = Pick<DenialBinding, 'subject' | 'action' | 'resource' | 'contentDigest'>;

/** Binding tokens of the Access Request and Approval profile. */
export interface DenialBindings {
  /** For a deny that somebody else's approval would help to turn; else `undefined`. */
  offer(decision: Decision, input: DecisionInput): Promise<RequestableDenial | undefined>;
  /** `undefined` unless it is ours and its time is not over. */
  read(token: string, asked: Bound): Promise<DenialBinding | undefined>;
  /** Whether it is ours and its time is over. */
  isOver(token: string): Promise<boolean>;
}

interface BindingDeps {
  readonly keys: TokenKeys;
  /** Who takes the token back: this server. */
  readonly audience: string;
  /** Where it can be asked for, when somebody is there to ask (ARAP `endpoint`). */
  readonly endpoint: () => string | undefined;
  readonly clock: Clock;
  readonly random: Random;
}

export function createDenialBindings({
  keys,
  audience,
  endpoint,
  ...ports
}: BindingDeps): DenialBindings {
  return {
    async offer(decision, { subject, request }) {
      const approval = decision.remedies.find(({ kind }) => kind === 'approval');
      if (!approval) return undefined;
      const expiresAt = ports.clock.now() + GOOD_MS;
      const { action, resource } = decision;
      const askAt = endpoint();
      const contentDigest = request?.contentDigest;
      const token = await keys.sign(TYP, {
        aud: audience,
        exp: Math.floor(expiresAt / 1000),
        jti: newId('req', ports),
        evaluation_id: decision.decisionId,
        release_digest: decision.release.digest,
        denial_expires_at: new Date(expiresAt).toISOString(),
        binding_context_members: contentDigest === undefined ? [] : ['content_digest'],
        // The account stays out of the token: only its digest travels.
        binding_hash: bindingHash({ subject, action, resource, contentDigest }),
      });
      return {
        ...(askAt !== undefined && { endpoint: askAt }),
        template: 'second-person',
        expires_at: new Date(expiresAt).toISOString(),
        binding_token: token,
        display: {
          title: 'Ask for an approval',
          description: decision.reasons[0]?.text ?? 'Somebody else must approve this first.',
        },
      };
    },
    async read(token, asked) {
      const claims = await keys.verify(TYP, token, audience);
      const { evaluation_id: evaluationId, release_digest: releaseDigest } = claims ?? {};
      const { denial_expires_at: expiresAt } = claims ?? {};
      if (!isId('dec', evaluationId) || typeof releaseDigest !== 'string') return undefined;
      if (typeof expiresAt !== 'string') return undefined;
      if (claims?.['binding_hash'] !== bindingHash(asked)) return undefined;
      return { ...asked, evaluationId, releaseDigest, expiresAt };
    },
    isOver: (token) => keys.isExpired(TYP, token, audience),
  };
}

/** ARAP, hashed form: SHA-256 of the canonical subject, resource, action and bound context. */
export function bindingHash({ subject, action, resource, contentDigest }: Bound): string {
  return sha256Base64url(
    canonicalJson({
      subject: { type: subject.type, id: subject.id },
      resource: { type: resource.type, id: resource.id },
      action: { name: action },
      context: contentDigest === undefined ? {} : { content_digest: contentDigest },
    }),
  );
}
