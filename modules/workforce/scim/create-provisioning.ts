import type { Id } from '@proofline/kernel';
import type { MountedRoute, ServiceCaller } from '@proofline/protocol';
import type { Context } from '../context.ts';
import { proveConnection } from './commands/prove-connection.ts';
import { provisioningRoutes } from './routes/provisioning-routes.ts';
import { scimRoutes } from './routes/scim-routes.ts';
import { createScimContext } from './scim-context.ts';

/** Directories: who they are, and what they may say of people. */
export interface Provisioning {
  /** Who sends this `Authorization`. @throws ProblemError `token.invalid` */
  prove(authorization: string | undefined): Promise<ServiceCaller>;
  /** A standing connection by its id. */
  find(
    subjectId: string,
  ): Promise<{ readonly name: string; readonly evidenceId: Id<'evt'> } | undefined>;
  readonly routes: readonly MountedRoute[];
}

/** Makes the part of the module that directories talk to. */
export function createProvisioning(context: Context): Provisioning {
  const scim = createScimContext(context);
  return {
    prove: (authorization) => proveConnection(scim, authorization),
    async find(subjectId) {
      const row = await scim.scim.connections.find(context.storage.db, subjectId);
      if (!row || row.endedAt !== undefined) return undefined;
      return { name: row.name, evidenceId: row.evidenceId };
    },
    routes: [...scimRoutes(scim), ...provisioningRoutes(scim)],
  };
}
