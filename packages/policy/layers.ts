/**
 * The layers of a policy set, each a folder of `policies/`, in the order in which their reasons are
 * told: first what ended, then what must be proved, then what the case and the role leave closed.
 */
export const policyLayers = [
  'switches',
  'context',
  'tiers',
  'relationships',
  'break-glass',
  'case-types',
  'tools',
  'roles',
] as const;
/** One of {@link policyLayers}. */
export type PolicyLayer = (typeof policyLayers)[number];

/** `tiers/second-person.cedar` → `tiers`; `undefined` when the folder is no layer. */
export function layerOfPath(path: string): PolicyLayer | undefined {
  const folder = path.split('/')[0];
  return policyLayers.find((layer) => layer === folder);
}
