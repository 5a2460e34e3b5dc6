import { newId } from '@proofline/kernel';
import { ProblemError, type Route } from '@proofline/protocol';
import { z } from 'zod';
import { decisionsWorld } from './decisions-world.ts';

export type AuthzenWorld = Awaited<ReturnType<typeof openAuthzen>>;

/** The module with its AuthZEN routes, and the questions of an agent on a live call. */
export async function openAuthzen() {
  const world = await decisionsWorld();

  /** Calls a route as the edge does: by the contract, in both directions. */
  async function call(route: Route, body?: unknown, by = 'svc_gateway'): Promise<unknown> {
    const mounted = world.decisions.routes.find((one) => one.route.id === route.id);
    if (!mounted) throw new Error(`no route ${route.id}`);
    const given = {
      body: route.body?.parse(body),
      caller: { kind: 'service', subjectId: by, role: 'gateway' },
      decision: { evidenceId: newId('evt', world) },
    };
    const answer = await mounted.handler(given as never); // as the edge does
    return z.parse(route.reply as z.ZodType, answer); // all of these routes answer JSON
  }

  const question = (change: object = {}) => ({
    subject: { type: 'Staff', id: world.ids.agent },
    action: { name: 'invoice:read' },
    resource: { type: 'Account', id: 'HX-20017' },
    context: { session_id: world.ids.session, grant_id: world.ids.grant },
    ...change,
  });
  const refund = (cents: number, more: object = {}) =>
    question({
      action: { name: 'refund:initiate' },
      context: {
        session_id: world.ids.session,
        grant_id: world.ids.grant,
        amount_cents: cents,
        ...more,
      },
    });
  return { ...world, call, question, refund };
}

/** The code of a refusal. */
export const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no refusal',
    (error: unknown) => (error instanceof ProblemError ? error.code : String(error)),
  );
