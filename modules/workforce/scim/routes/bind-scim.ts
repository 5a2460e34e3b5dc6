import type { Call, MountedRoute, Reply, Route } from '@proofline/protocol';
import { handle } from '@proofline/protocol';
import { answerRequest, type RequestCounts } from '../commands/answer-request.ts';
import type { Provisioner, ScimContext } from '../scim-context.ts';

type ServiceRoute = Route & { readonly caller: 'service' };

/** Binds a handler that counts, and writes down what it refuses. */
export function createBinder(context: ScimContext) {
  const counts: RequestCounts = new Map();
  return <R extends ServiceRoute>(
    route: R,
    work: (call: Call<R>) => Promise<Reply<R>>,
  ): MountedRoute =>
    handle(route, (call) => {
      // Every route of a service has both; the compiler loses it in the union.
      const asked = call as unknown as Call<ServiceRoute>;
      return answerRequest({ ...context, counts }, asked, () => work(call));
    });
}

/** How a handler of a directory’s route is bound. */
export type Bind = ReturnType<typeof createBinder>;

/** Who asks for a change, why they may, and which version they mean. */
export function askedBy({
  caller,
  decision,
  http,
}: Pick<Call<ServiceRoute>, 'caller' | 'decision' | 'http'>): {
  readonly by: Provisioner;
  readonly ifMatch: string | undefined;
} {
  return {
    by: { subjectId: caller.subjectId, decisionEvidenceId: decision.evidenceId },
    ifMatch: http.header('if-match'),
  };
}
