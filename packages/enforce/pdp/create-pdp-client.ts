import type { JsonObject } from '@proofline/kernel';
import { Decision, idOf, Obligations, type FieldPlan } from '@proofline/protocol';
import { z } from 'zod';
import { canCarryOut, supportedObligations, wireObligations } from './obligations.ts';

/** An OpenID AuthZEN 1.0 evaluation request (§6.1). */
export interface Question {
  readonly subject: { readonly type: string; readonly id: string };
  readonly action: { readonly name: string };
  readonly resource: { readonly type: string; readonly id: string };
  readonly context?: JsonObject;
}

/**
 * What an enforcement point does with an answer. Everything but a permit that it can carry out whole
 * is a deny; `because` says which for logs and metrics.
 */
export type Verdict =
  | { readonly effect: 'permit'; readonly decision: Decision }
  | { readonly effect: 'deny'; readonly because: 'decided'; readonly decision: Decision }
  | {
      readonly effect: 'deny';
      readonly because: 'unavailable' | 'refused' | 'not-understood' | 'cannot-carry-out';
    };

/** How a permitted request came out. */
export interface EnforcementResult {
  readonly decisionId: Decision['decisionId'];
  readonly outcome: 'completed' | 'upstream-refused' | 'upstream-failed';
  /** HTTP status of the guarded system; 0 when it gave none. */
  readonly upstreamStatus: number;
  readonly fields?: FieldPlan;
  readonly rows?: number;
}

/**
 * What the PDP says to a result, once the evidence of it is durable. `show`: what the permit rested
 * on still lives. `ended`: it does not, so nothing may be shown. `unavailable`: no answer that is
 * understood, so nothing may be shown either.
 */
export type Reported = 'show' | 'ended' | 'unavailable';

/** The PDP as an enforcement point sees it. */
export interface PdpClient {
  /** Never throws: what cannot be asked or understood is a deny. */
  evaluate(question: Question): Promise<Verdict>;
  /** Reports a result and learns whether it may be shown. Never throws. */
  report(result: EnforcementResult): Promise<Reported>;
}

/** A `fetch` that signs what it sends with the service's DPoP-bound token. */
export type FetchPort = (url: string, init: RequestInit) => Promise<Response>;

/** Where the PDP is and how long it may take. */
export interface PdpClientOptions {
  readonly fetch: FetchPort;
  /** Origin of the control plane: `https://staff.example`. */
  readonly origin: string;
  /** Default 3000. After it the answer is a deny. */
  readonly timeoutMs?: number;
}

const answerMaxChars = 64 * 1024;

// Strict where it matters: an obligation that is not known here cannot be carried out.
const Answer = z.object({
  decision: z.boolean(),
  context: z.object({
    obligations: wireObligations.default([]),
    proofline: Decision.extend({ obligations: z.record(z.string(), z.unknown()) }),
  }),
});

const ReportAnswer = z.object({ evidenceId: idOf('evt'), stillPermitted: z.boolean() });

/** The wire answer → what to do. A permit must be one in both places and for the very question. */
export function readVerdict(answer: unknown, question: Question): Verdict {
  const parsed = Answer.safeParse(answer);
  if (!parsed.success) return { effect: 'deny', because: 'not-understood' };
  const { decision: permitted, context } = parsed.data;
  const { proofline } = context;
  const obligations = Obligations.strict().safeParse(proofline.obligations);
  const concerns =
    proofline.action === question.action.name &&
    proofline.resource.type === question.resource.type &&
    proofline.resource.id === question.resource.id;
  if (!concerns || permitted !== (proofline.effect === 'permit')) {
    return { effect: 'deny', because: 'not-understood' };
  }
  if (!obligations.success) return { effect: 'deny', because: 'cannot-carry-out' };
  const decision: Decision = { ...proofline, obligations: obligations.data };
  if (!permitted) return { effect: 'deny', because: 'decided', decision };
  return canCarryOut(context.obligations, obligations.data)
    ? { effect: 'permit', decision }
    : { effect: 'deny', because: 'cannot-carry-out' };
}

/** The PDP said no to the enforcement point itself: it is stopped, or asks what it must not. */
class RefusedHere extends Error {}

/** A client of Proofline's PDP (OpenID AuthZEN 1.0 over HTTP). */
export function createPdpClient(options: PdpClientOptions): PdpClient {
  const post = async (path: string, body: unknown): Promise<unknown> => {
    const response = await options.fetch(`${options.origin}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(options.timeoutMs ?? 3000),
      redirect: 'error',
    });
    const text = await response.text();
    if (response.status === 403) throw new RefusedHere();
    if (!response.ok || text.length > answerMaxChars) {
      throw new Error(`the PDP answered ${response.status}`);
    }
    return JSON.parse(text);
  };
  return {
    async evaluate(question) {
      try {
        // The PDP then denies, on record, what could not be carried out here.
        const context = { ...question.context, supported_obligations: supportedObligations };
        const answer = await post('/access/v1/evaluation', { ...question, context });
        return readVerdict(answer, question);
      } catch (error) {
        return {
          effect: 'deny',
          because: error instanceof RefusedHere ? 'refused' : 'unavailable',
        };
      }
    },
    async report(result) {
      try {
        const answer = await post('/api/enforcement/results', result);
        const { data } = ReportAnswer.safeParse(answer);
        if (!data) return 'unavailable';
        return data.stillPermitted ? 'show' : 'ended';
      } catch {
        return 'unavailable';
      }
    },
  };
}
