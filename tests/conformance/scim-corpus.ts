import { entra, groups, okta } from './scim-as-sent.ts';
import { discovery, leaving, wrong } from './scim-at-the-edges.ts';
import type { ScimRequest } from './scim-request.ts';

/** In this order: each goes on from what the ones before it made. */
export const corpus: readonly ScimRequest[] = [
  ...entra,
  ...okta,
  ...groups,
  ...discovery,
  ...wrong,
  ...leaving,
];
