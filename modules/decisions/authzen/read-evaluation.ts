import type { JsonObject } from '@proofline/kernel';
import { Evaluation, EvaluationContext } from '@proofline/protocol';
import { isOwnType } from '../domain/own-types.ts';
import { isContractAction } from '../domain/tier-of.ts';
import type { DecisionInput, ToldFacts } from '../types.ts';

type Asked = Pick<Evaluation, 'subject' | 'action' | 'resource' | 'context'>;

/**
 * An AuthZEN evaluation (§6.1) → our question.
 *
 * What is known about our own subjects and records comes from their owners, never from who asks:
 * `properties` count only for an action that is not the contract's, and of such subjects and records
 * that no module here owns (§5.1.1: there the enforcement point is the one that knows).
 */
export function inputOf({ subject, action, resource, context = {} }: Asked): DecisionInput {
  const request = {
    ...(context.amount_cents !== undefined && { amountCents: context.amount_cents }),
    ...(context.reason_code !== undefined && { reasonCode: context.reason_code }),
    ...(context.content_digest !== undefined && { contentDigest: context.content_digest }),
    ...(context.approval !== undefined && { approvalId: idOfApproval(context.approval) }),
  };
  const supported = supportedBy(context);
  return {
    subject: { type: subject.type, id: subject.id },
    action: action.name,
    resource: { type: resource.type, id: resource.id },
    ...(context.session_id && { sessionId: context.session_id }),
    ...(context.grant_id && { grantId: context.grant_id }),
    ...(context.actors && { acting: context.actors }),
    ...(supported && { supportedObligations: supported }),
    request,
    ...(!isContractAction(action.name) && {
      told: toldBy({ subject, action, resource, context }),
    }),
  };
}

/** What is no approval object names none, and hence none that counts. */
function idOfApproval(approval: unknown): string {
  return isRecord(approval) && typeof approval['id'] === 'string' ? approval['id'] : '';
}

/** Who uses both names of the member can do what stands under both. */
function supportedBy(context: EvaluationContext): readonly string[] | undefined {
  const { supported_obligations: one, obligations_supported: other } = context;
  return one && other ? one.filter((type) => other.includes(type)) : (one ?? other);
}

function toldBy({
  subject,
  action,
  resource,
  context = {},
}: Asked): Partial<Record<ToldFacts, JsonObject>> {
  const environment = Object.entries(context).filter(
    ([name]) => !Object.hasOwn(EvaluationContext.shape, name),
  );
  // What zod read as JSON is JSON; its type is merely spelled differently.
  const told = (properties: Evaluation['subject']['properties']) => properties as JsonObject;
  return {
    ...(subject.properties && !isOwnType(subject.type) && { subject: told(subject.properties) }),
    ...(action.properties && { action: told(action.properties) }),
    ...(resource.properties &&
      !isOwnType(resource.type) && { resource: told(resource.properties) }),
    ...(environment.length > 0 && { environment: Object.fromEntries(environment) }),
  };
}

/** A question of a batch, or why it is none. */
export type ReadItem =
  | { readonly input: DecisionInput }
  | { readonly error: { readonly status: 400; readonly message: string } };

type Shared = Readonly<Partial<Record<'subject' | 'action' | 'resource' | 'context', JsonObject>>>;

/** One member of `evaluations`, with what the top of the request shares (AuthZEN 1.0 §7.1.1). */
export function readItem(item: unknown, shared: Shared): ReadItem {
  const parsed = Evaluation.safeParse(isRecord(item) ? withShared(item, shared) : item);
  if (parsed.success) return { input: inputOf(parsed.data) };
  const [issue] = parsed.error.issues;
  const message = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not of this form'}`;
  return { error: { status: 400, message } };
}

/**
 * An entity stands in place of the shared one as a whole; only a required name that it leaves out is
 * taken from there (certification scenario §4.2.7). So no property of one entity is another's.
 */
function withShared(item: JsonObject, shared: Shared): JsonObject {
  const merged: Record<string, JsonObject[string]> = { ...shared, ...item };
  for (const [name, required] of requiredNames) {
    const own = item[name];
    const above = shared[name];
    if (!isRecord(own) || above === undefined) continue;
    const names = required.filter((one) => own[one] === undefined && above[one] !== undefined);
    merged[name] = { ...own, ...Object.fromEntries(names.map((one) => [one, above[one]!])) };
  }
  return merged;
}

const requiredNames = [
  ['subject', ['type', 'id']],
  ['action', ['name']],
  ['resource', ['type', 'id']],
] as const;

function isRecord(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
