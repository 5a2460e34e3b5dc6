import type { MountedRoute } from '@proofline/protocol';
import type { ScimContext } from '../scim-context.ts';
import { createBinder } from './bind-scim.ts';
import { discoveryRoutes } from './discovery-routes.ts';
import { groupRoutes } from './group-routes.ts';
import { userRoutes } from './user-routes.ts';

/** The handlers of `routes/scim.ts`. */
export function scimRoutes(context: ScimContext): MountedRoute[] {
  const bind = createBinder(context);
  return [
    ...discoveryRoutes(context.staffOrigin, bind),
    ...userRoutes(context, bind),
    ...groupRoutes(context, bind),
  ];
}
