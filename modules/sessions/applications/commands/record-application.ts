import { canonicalJson, type Id } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import type { ApplicationDraft, EvidenceKind } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { SessionsContext } from '../../context.ts';

/** Who asks, and the decision that permitted it. */
export interface ByColleague {
  readonly by: Id<'stf'>;
  readonly decisionEvidenceId: Id<'evt'>;
}

type Told = Pick<ApplicationDraft, 'name' | 'policy' | 'realm' | 'settings'>;

interface Recorded extends ByColleague {
  readonly kind: EvidenceKind;
  readonly applicationId: Id<'app'>;
  /** The entry before about the same application. */
  readonly before?: Id<'evt'>;
  readonly said: Told;
}

/** What the log says of it in clear: all that decides who signs in where, the rest as a digest. */
export function factsOf({ name, policy, realm, settings }: Told) {
  return {
    name,
    realm,
    protocol: settings.protocol,
    acr: policy.acr,
    ...(policy.maxAgeSeconds !== undefined && { maxAgeSeconds: policy.maxAgeSeconds }),
    ...(policy.modes && { modes: policy.modes }),
    ...(policy.boundToDevice && { boundToDevice: true }),
    ...protocolFactsOf(settings),
    settingsDigest: sha256Base64url(canonicalJson(settings)),
  };
}

function protocolFactsOf(settings: Told['settings']) {
  if (settings.protocol === 'saml') {
    const { attributes, entityId } = settings;
    return { entityId, attributes };
  }
  return {
    calledBackAt: settings.redirectUris,
    ...(settings.backchannelLogoutUri !== undefined && { toldAt: settings.backchannelLogoutUri }),
    proof: settings.proof.method,
    ...(settings.mayLearn && { mayLearn: settings.mayLearn }),
    ...(settings.backchannel && { backchannel: { ...settings.backchannel } }),
  };
}

/** An entry about an application, in the caller’s transaction. */
export function recordApplication(
  context: SessionsContext,
  tx: Db,
  { applicationId, before, by, decisionEvidenceId, kind, said }: Recorded,
): Promise<Id<'evt'>> {
  return context.ledger.record(tx, {
    kind,
    causes: [decisionEvidenceId, ...(before === undefined ? [] : [before])],
    refs: { applicationId },
    subjects: { actor: by },
    facts: factsOf(said),
  });
}
