/** What the page of policies reads, and so must be asked for again after a change. */
export const policyReads = [
  'policies.releases',
  'policies.set',
  'policies.diff',
  'policies.differences',
  'policies.replays',
  'policies.stage',
];
