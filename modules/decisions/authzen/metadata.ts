import {
  type authzenConfiguration,
  evaluate,
  evaluateAll,
  requestAccess,
  searchActions,
  searchResources,
  searchSubjects,
} from '@proofline/protocol';
import type { z } from 'zod';
import type { TokenKeys } from './token-keys.ts';

/** Types of obligations that this PDP may ask for. */
const obligationTypes = ['step-up', 'custom'];

/** Where the PDP's endpoints are and what it can do (AuthZEN 1.0 §9), signed as well (§9.1.2). */
export async function describePdp(
  origin: string,
  { keys, takesRequests }: { readonly keys: TokenKeys; readonly takesRequests: boolean },
): Promise<z.output<typeof authzenConfiguration.reply>> {
  const plain = {
    policy_decision_point: origin,
    access_evaluation_endpoint: `${origin}${evaluate.path}`,
    access_evaluations_endpoint: `${origin}${evaluateAll.path}`,
    search_subject_endpoint: `${origin}${searchSubjects.path}`,
    search_resource_endpoint: `${origin}${searchResources.path}`,
    search_action_endpoint: `${origin}${searchActions.path}`,
    ...(takesRequests && { access_request_endpoint: `${origin}${requestAccess.path}` }),
    capabilities: takesRequests ? ['urn:openid:authzen:capability:access-request'] : [],
    jwks_uri: `${origin}/oidc/jwks`,
    supported_obligations: obligationTypes,
    obligations_supported: obligationTypes,
  };
  return { ...plain, signed_metadata: await keys.sign('authzen-metadata+jwt', plain) };
}
