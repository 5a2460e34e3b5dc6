import { z } from 'zod';
import { ReasonCode } from '../data-categories.ts';
import { Decision } from '../decision.ts';
import { idOf } from '../ids.ts';
import { defineRoute } from '../route.ts';

// OpenID AuthZEN Authorization API 1.0 and its profiles. Members that are not known are ignored, as
// the specification asks: what nobody reads can open nothing, since a missing fact narrows (P7).

/** Bounds of one request to the PDP. */
export const authzenLimits = {
  evaluationsMaxCount: 100,
  searchPageMaxItems: 100,
  pageTokenMaxChars: 1_200,
} as const;

const typeName = z.string().min(1).max(40);
const entityId = z.string().min(1).max(120);
const properties = z.record(z.string().max(120), z.json());

/** AuthZEN 1.0 §5.1. */
const Subject = z.object({
  type: typeName,
  id: entityId,
  properties: properties.optional(),
});
/** AuthZEN 1.0 §5.2: of the same form. */
const Resource = Subject;
/** AuthZEN 1.0 §5.3. */
const Action = z.object({
  name: z.string().min(1).max(60),
  properties: properties.optional(),
});

const ObligationTypes = z.array(z.string().max(60)).max(32);

/** What an enforcement point says about the request itself (AuthZEN 1.0 §5.4). */
export const EvaluationContext = z
  .object({
    session_id: idOf('ses').optional(),
    grant_id: idOf('grt').optional(),
    /** Who acts for the subject, as the `act` of its token says: whoever acts now first (RFC 8693 §4.1). */
    actors: z.array(z.string().min(1).max(200)).max(8).optional(),
    amount_cents: z.number().int().min(-9e12).max(9e12).optional(),
    reason_code: ReasonCode.optional(),
    /** SHA-256 of the canonical content, base64url: what an approval must match. */
    content_digest: z
      .string()
      .regex(/^[A-Za-z0-9_-]{43}$/)
      .optional(),
    /** Of an access request that was approved: `{ id, … }`, as it came (ARAP, re-evaluation). */
    approval: z.json().optional(),
    /** Types of obligations that it can carry out (AuthZEN Obligations profile, negotiation). */
    supported_obligations: ObligationTypes.optional(),
    /** The same, by the name that another draft of July 2026 gives it. */
    obligations_supported: ObligationTypes.optional(),
  })
  // Other members are facts for the actions of other systems, as far as the schema declares them.
  .catchall(z.json());
export type EvaluationContext = z.infer<typeof EvaluationContext>;

/** One question (AuthZEN 1.0 §6.1). */
export const Evaluation = z.object({
  subject: Subject,
  action: Action,
  resource: Resource,
  context: EvaluationContext.optional(),
});
export type Evaluation = z.infer<typeof Evaluation>;

/** What the enforcement point must do (AuthZEN Obligations profile, Obligation object). */
export const AuthzenObligation = z.object({
  /** Unique in this answer. */
  id: z.string(),
  type: z.enum(['step-up', 'custom']),
  /**
   * `required`: who cannot carry it out denies. `best_effort`: it is tried, and the decision stands.
   * `advisory`: it may be left out.
   */
  fulfillment: z.enum(['required', 'best_effort', 'advisory']),
  properties: z.record(z.string(), z.json()),
});
export type AuthzenObligation = z.infer<typeof AuthzenObligation>;

/** That a deny can be asked for (AuthZEN Access Request and Approval profile). */
export const RequestableDenial = z.object({
  /** Where it is asked for, the same as in the metadata. */
  endpoint: z.string().optional(),
  template: z.string(),
  expires_at: z.string(),
  /** A JWS of ours: to be handed back as it is, and read by nobody else. */
  binding_token: z.string(),
  display: z.object({ title: z.string(), description: z.string() }),
});
export type RequestableDenial = z.infer<typeof RequestableDenial>;

/** What stands beside a decision (AuthZEN 1.0 §5.5.1). */
export const AnswerContext = z.object({
  evaluation_id: idOf('dec').optional(),
  evaluated_at: z.string().optional(),
  /** Of a deny, for programs. */
  reason: z
    .enum([
      'approval_required',
      'step_up_required',
      'proof_required',
      'reason_code_required',
      'obligation_not_supported',
      'question_not_understood',
      'forbidden',
      'not_permitted',
      // The approval that was brought along is none that counts here (ARAP, re-evaluation).
      'approval_expired',
      'out_of_scope',
      'approval_unverifiable',
    ])
    .optional(),
  /** Of a deny, for the person whom it concerns, by language. */
  reason_user: z.object({ en: z.string() }).optional(),
  /** Of a deny with an approval brought along: ask for another, or leave it (ARAP). */
  next_action: z.enum(['request', 'none']).optional(),
  /** The approval that carried a permit, and how long it would have (ARAP). */
  approval: z.object({ id: z.string(), approved_until: z.string() }).optional(),
  obligations: z.array(AuthzenObligation).optional(),
  access_request: RequestableDenial.optional(),
  /** Why one question of several was not decided (AuthZEN 1.0 §7.2.1). */
  error: z.object({ status: z.number().int(), message: z.string() }).optional(),
  /** The whole decision, for enforcement points that know Proofline. */
  proofline: Decision.optional(),
});
export type AnswerContext = z.infer<typeof AnswerContext>;

/** An answer (AuthZEN 1.0 §6.2). */
export const EvaluationAnswer = z.object({ decision: z.boolean(), context: AnswerContext });
export type EvaluationAnswer = z.infer<typeof EvaluationAnswer>;

/** OpenID AuthZEN Authorization API 1.0 §6.1. */
export const evaluate = defineRoute({
  id: 'decisions.evaluate',
  method: 'post',
  path: '/access/v1/evaluation',
  realm: 'workforce',
  caller: 'service',
  action: 'decision:evaluate',
  resource: { type: 'Decisions' },
  summary: 'AuthZEN 1.0 access evaluation: may this subject do this action on this resource now?',
  body: Evaluation,
  reply: EvaluationAnswer,
  status: 200,
  problems: [],
});

/** AuthZEN 1.0 §7.1.2.1. */
export const evaluationsSemantics = [
  'execute_all',
  'deny_on_first_deny',
  'permit_on_first_permit',
] as const;

/** OpenID AuthZEN Authorization API 1.0 §7.1. */
export const evaluateAll = defineRoute({
  id: 'decisions.evaluate-all',
  method: 'post',
  path: '/access/v1/evaluations',
  realm: 'workforce',
  caller: 'service',
  action: 'decision:evaluate',
  resource: { type: 'Decisions' },
  summary: 'AuthZEN 1.0 access evaluations: several questions, with shared members at the top.',
  // Each question is read by itself, with the shared members in it: one that is wrong fails alone.
  body: z.object({
    subject: Subject.partial().optional(),
    action: Action.partial().optional(),
    resource: Resource.partial().optional(),
    context: EvaluationContext.optional(),
    evaluations: z
      .array(z.json())
      .max(authzenLimits.evaluationsMaxCount, {
        error: `more than ${authzenLimits.evaluationsMaxCount} evaluations are not read at once`,
      })
      .optional(),
    options: z.object({ evaluations_semantic: z.enum(evaluationsSemantics).optional() }).optional(),
  }),
  reply: z.union([z.object({ evaluations: z.array(EvaluationAnswer) }), EvaluationAnswer]),
  status: 200,
  problems: [],
});

/**
 * The working group's own search vectors name a record by a number, against §5.2. A search reads the
 * number as its decimal text; an evaluation, which opens something, does not.
 */
const searchedId = z.union([entityId, z.int().min(0)]);
const SearchedSubject = Subject.extend({ id: searchedId });
const SearchedResource = Resource.extend({ id: searchedId });

const Page = z
  .object({
    token: z.string().max(authzenLimits.pageTokenMaxChars).optional(),
    limit: z.number().int().min(1).optional(),
  })
  .optional();

/** AuthZEN 1.0 §8.2.2: an empty token says that there is nothing more. */
const PageInfo = z.object({ next_token: z.string(), count: z.number().int() });

/** What must be done with one result; who cannot leaves it out (Obligations profile, search). */
const obligations = z.array(AuthzenObligation).optional();

const EntityResults = z.object({
  results: z.array(
    z.object({
      type: z.string(),
      id: z.string(),
      obligations,
      /** What the same question needs in its context to be answered alike: `session_id`. */
      properties: z.record(z.string(), z.json()).optional(),
    }),
  ),
  page: PageInfo,
});

/** OpenID AuthZEN Authorization API 1.0 §8.4. */
export const searchSubjects = defineRoute({
  id: 'decisions.search-subjects',
  method: 'post',
  path: '/access/v1/search/subject',
  realm: 'workforce',
  caller: 'service',
  action: 'decision:search',
  resource: { type: 'Decisions' },
  summary: 'AuthZEN 1.0 subject search: who may do this action on this resource now?',
  body: Evaluation.extend({
    subject: Subject.extend({ id: searchedId.optional() }),
    resource: SearchedResource,
    page: Page,
  }),
  reply: EntityResults,
  status: 200,
  problems: [],
});

/** OpenID AuthZEN Authorization API 1.0 §8.5. */
export const searchResources = defineRoute({
  id: 'decisions.search-resources',
  method: 'post',
  path: '/access/v1/search/resource',
  realm: 'workforce',
  caller: 'service',
  action: 'decision:search',
  resource: { type: 'Decisions' },
  summary: 'AuthZEN 1.0 resource search: on which resources may this subject do this action now?',
  body: Evaluation.extend({
    subject: SearchedSubject,
    resource: Resource.extend({ id: searchedId.optional() }),
    page: Page,
  }),
  reply: EntityResults,
  status: 200,
  problems: [],
});

/** OpenID AuthZEN Authorization API 1.0 §8.6. */
export const searchActions = defineRoute({
  id: 'decisions.search-actions',
  method: 'post',
  path: '/access/v1/search/action',
  realm: 'workforce',
  caller: 'service',
  action: 'decision:search',
  resource: { type: 'Decisions' },
  summary: 'AuthZEN 1.0 action search: what may this subject do on this resource now?',
  body: Evaluation.omit({ action: true }).extend({
    subject: SearchedSubject,
    resource: SearchedResource,
    page: Page,
  }),
  reply: z.object({
    results: z.array(z.object({ name: z.string(), obligations })),
    page: PageInfo,
  }),
  status: 200,
  problems: [],
});

/** OpenID AuthZEN Authorization API 1.0 §9.1: where the PDP's endpoints are, and what it can do. */
export const authzenConfiguration = defineRoute({
  id: 'decisions.configuration',
  method: 'get',
  path: '/.well-known/authzen-configuration',
  realm: 'workforce',
  caller: 'anyone',
  summary: 'AuthZEN 1.0 metadata of this policy decision point.',
  reply: z.object({
    policy_decision_point: z.string(),
    access_evaluation_endpoint: z.string(),
    access_evaluations_endpoint: z.string(),
    search_subject_endpoint: z.string(),
    search_resource_endpoint: z.string(),
    search_action_endpoint: z.string(),
    /** Access Request and Approval profile, where somebody takes such requests. */
    access_request_endpoint: z.string().optional(),
    capabilities: z.array(z.string()),
    jwks_uri: z.string(),
    /** Obligations profile: types that this PDP may ask for. */
    supported_obligations: z.array(z.string()),
    /** The same, by the name that another draft of July 2026 gives it. */
    obligations_supported: z.array(z.string()),
    /** §9.1.2: the same as a JWT of ours, for those who want it signed. */
    signed_metadata: z.string(),
  }),
  status: 200,
  problems: [],
});
