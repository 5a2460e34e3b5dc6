import {
  connectDirectory,
  disconnectDirectory,
  handle,
  readProvisioning,
  renewProvisioningToken,
  type IssuedProvisioningToken,
  type MountedRoute,
} from '@proofline/protocol';
import {
  connectDirectory as connect,
  disconnectDirectory as disconnect,
  renewToken,
  type Issued,
} from '../commands/connect-directory.ts';
import { describeConnection, readProvisioning as read } from '../commands/read-provisioning.ts';
import type { ScimContext } from '../scim-context.ts';

/** The handlers of `routes/provisioning.ts`: what security administrators see and do. */
export function provisioningRoutes(context: ScimContext): MountedRoute[] {
  return [
    handle(readProvisioning, () => read(context)),
    handle(connectDirectory, async ({ body, caller, decision }) =>
      describeIssued(
        context,
        await connect(context, {
          ...body,
          by: caller.subjectId,
          decisionEvidenceId: decision.evidenceId,
        }),
      ),
    ),
    handle(renewProvisioningToken, async ({ body, caller, decision, params }) =>
      describeIssued(
        context,
        await renewToken(context, {
          ...body,
          connectionId: params.serviceId,
          by: caller.subjectId,
          decisionEvidenceId: decision.evidenceId,
        }),
      ),
    ),
    handle(disconnectDirectory, async ({ caller, decision, params }) =>
      describeConnection(
        context,
        await disconnect(context, {
          connectionId: params.serviceId,
          by: caller.subjectId,
          decisionEvidenceId: decision.evidenceId,
        }),
      ),
    ),
  ];
}

async function describeIssued(
  context: ScimContext,
  { connection, expiresAt, provisioningToken }: Issued,
): Promise<IssuedProvisioningToken> {
  return {
    connection: await describeConnection(context, connection),
    provisioningToken,
    expiresAt: expiresAt.toISOString(),
  };
}
