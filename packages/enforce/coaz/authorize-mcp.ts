import type { Json } from '@proofline/kernel';
import type { Decision } from '@proofline/protocol';
import { z } from 'zod';
import type { PdpClient, Question, Verdict } from '../pdp/create-pdp-client.ts';
import { defaultMapping } from './default-mappings.ts';
import { makeQuestions, type Anchors } from './make-questions.ts';
import { actingPrograms } from '../token/acting-programs.ts';
import { MappingError } from './mapping-error.ts';
import { readMapping, type Mapping } from './read-mapping.ts';

/** A JSON-RPC 2.0 error response (COAZ-MCP, error handling). */
export interface JsonRpcRefusal {
  readonly jsonrpc: '2.0';
  readonly id: string | number | null;
  readonly error: {
    /** -32602: no request could be made; -32001: denied; -32603: the PDP did not answer. */
    readonly code: -32602 | -32001 | -32603;
    readonly message: string;
    readonly data?: { readonly decisionId: string };
  };
}

/** What an enforcement point does with a message: it goes on, with what it was permitted, or is refused. */
export type McpVerdict =
  | {
      readonly allowed: true;
      /** Every decision that it rests on; their obligations are to be carried out. Empty: let through. */
      readonly decisions: readonly Decision[];
    }
  | { readonly allowed: false; readonly refusal: JsonRpcRefusal };

/** The tools of a server as this enforcement point has seen them in `tools/list`. */
export type McpTools = ReadonlyMap<string, Mapping | MappingError | undefined>;

/** Who is guarded, and by which claims of the token identities are anchored. */
export interface CoazOptions {
  readonly pdp: Pick<PdpClient, 'evaluate'>;
  /** The guarded server's own resource identifier (RFC 8707), which the token must be for. */
  readonly resourceId: string;
  /** Default `sub`; another where the token is the agent's and names the person elsewhere. */
  readonly subjectClaim?: string;
  /**
   * Further members of `context` that come from the token alone, with their claims. `agent` from
   * `client_id`, `session_id` from `sid` and `grant_id` from `grant_id` always do; each may be given
   * another claim.
   */
  readonly anchoredContext?: Readonly<Record<string, string>>;
}

/** One message, with what was verified about it. */
export interface McpExchange {
  /** The JSON-RPC message as it arrived, parsed. */
  readonly message: unknown;
  /** The claims of the access token, verified by the caller. */
  readonly token: Readonly<Record<string, unknown>>;
  /** Absent: `tools/list` was not seen yet, so no tool is known. */
  readonly tools?: McpTools;
}

const Tool = z.object({ name: z.string().max(200), inputSchema: z.looseObject({}).optional() });
const ToolsList = z.object({ tools: z.array(z.unknown()).max(1_000) });

/**
 * The mappings that a server declares in its answer to `tools/list` (`x-authzen-mapping`). A malformed
 * one is kept as its error, so that a call of the tool is refused and not asked about otherwise; so are
 * two tools of one name.
 */
export function readTools(listed: unknown): McpTools {
  const tools = new Map<string, Mapping | MappingError | undefined>();
  for (const entry of ToolsList.safeParse(listed).data?.tools ?? []) {
    const { data: tool } = Tool.safeParse(entry);
    if (!tool) continue;
    const declared = tool.inputSchema?.['x-authzen-mapping'];
    const isKnown = tools.has(tool.name);
    tools.set(tool.name, isKnown ? new MappingError('two tools have this name') : read(declared));
  }
  return tools;
}

function read(declared: unknown): Mapping | MappingError | undefined {
  if (declared === undefined) return undefined;
  try {
    // It arrived as JSON.
    return readMapping(declared as Json);
  } catch (error) {
    if (error instanceof MappingError) return error;
    throw error;
  }
}

const Message = z.object({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.string().max(200), z.number()]).optional(),
  method: z.string().max(100),
  params: z.record(z.string(), z.json()).default({}),
});
type Message = z.output<typeof Message>;

/**
 * Authorizes one MCP message (COAZ-MCP, PEP behaviour): the mapping that the tool declares, or the
 * default of the method, becomes questions to the PDP, and every one must be permitted. Never throws:
 * whatever cannot be mapped, asked or understood is refused.
 */
export async function authorizeMcp(
  exchange: McpExchange,
  options: CoazOptions,
): Promise<McpVerdict> {
  const message = readMessage(exchange.message);
  if (!message) return refused(null, -32602, 'The message is not one JSON-RPC 2.0 request.');
  if (isLetThrough(message)) return { allowed: true, decisions: [] };
  const id = message.id ?? null;
  let questions: Question[] | undefined;
  try {
    questions = questionsOf(message, exchange, options);
  } catch (error) {
    const told = error instanceof MappingError ? error.message : 'it cannot be read';
    return refused(id, -32602, `COAZ mapping error: ${told}`);
  }
  if (!questions) return refused(id, -32001, 'Access denied: this method is not known.');
  return ask(questions, id, options.pdp);
}

/** COAZ-MCP, pass-through: with an id it would expect an answer, so it is no notification. */
function isLetThrough({ method, id }: Message): boolean {
  return method === 'ping' || (method.startsWith('notifications/') && id === undefined);
}

/** `undefined` for a method that has no mapping. @throws MappingError */
function questionsOf(
  { method, params }: Message,
  { token, tools }: McpExchange,
  options: CoazOptions,
): Question[] | undefined {
  const declared = method === 'tools/call' ? toolOf(params['name'], tools) : undefined;
  if (declared instanceof MappingError) throw declared;
  const mapping = declared ?? defaultMapping(method, options.resourceId);
  if (!mapping) return undefined;
  const audience: unknown[] = [token['aud']].flat();
  if (!audience.includes(options.resourceId)) {
    throw new MappingError('the token is for another server');
  }
  // Claims of a JWT are JSON.
  const variables = { params: plainly(params), token: plainly(token) };
  return makeQuestions(mapping, variables, anchorsOf(token, options));
}

/** A tool that was not listed has no mapping that could be known: it is not asked about. */
function toolOf(name: unknown, tools: McpTools = new Map()): Mapping | MappingError | undefined {
  if (typeof name !== 'string' || !tools.has(name)) throw new MappingError('no such tool is known');
  return tools.get(name);
}

/** @throws MappingError for a number that was rounded when it was read: it is not what was sent */
function plainly(value: unknown): Json {
  const text = JSON.stringify(value, (_name, member: unknown) => {
    if (typeof member === 'number' && Number.isInteger(member) && !Number.isSafeInteger(member)) {
      throw new MappingError('a number is larger than can be read exactly');
    }
    return member;
  });
  // What was written as JSON.
  return JSON.parse(text) as Json;
}

/** A message that is nested too deeply for the reader is none, too. */
function readMessage(message: unknown): Message | undefined {
  try {
    return Message.safeParse(message).data;
  } catch {
    return undefined;
  }
}

/** What is anchored whatever an integrator adds: a model chooses nobody's session or grant. */
const usualContext = { agent: 'client_id', session_id: 'sid', grant_id: 'grant_id' } as const;

function anchorsOf(
  token: McpExchange['token'],
  { subjectClaim = 'sub', anchoredContext = {} }: CoazOptions,
): Anchors {
  const claim = (name: string) => {
    const value = Object.hasOwn(token, name) ? token[name] : undefined;
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const subjectId = claim(subjectClaim);
  if (subjectId === undefined) throw new MappingError('the token names no subject');
  const acting = actingPrograms(Object.hasOwn(token, 'act') ? token['act'] : undefined);
  if (!acting.ok) throw new MappingError('the token does not say who acts');
  const actors = acting.value.length > 0 ? [...acting.value] : undefined;
  const context = Object.entries({ ...usualContext, ...anchoredContext }).map(
    ([name, from]) => [name, claim(from)] as const,
  );
  return { subjectId, context: { ...Object.fromEntries(context), actors } };
}

/** One after the other, until one is no permit: the profile lets a batch be asked so. */
async function ask(
  questions: readonly Question[],
  id: JsonRpcRefusal['id'],
  pdp: CoazOptions['pdp'],
): Promise<McpVerdict> {
  const decisions: Decision[] = [];
  for (const question of questions) {
    const verdict = await pdp.evaluate(question);
    if (verdict.effect === 'deny') return denied(verdict, id);
    decisions.push(verdict.decision);
  }
  return { allowed: true, decisions };
}

function denied(
  verdict: Extract<Verdict, { effect: 'deny' }>,
  id: JsonRpcRefusal['id'],
): McpVerdict {
  if (verdict.because === 'decided') {
    const { decisionId } = verdict.decision;
    return refused(id, -32001, 'Access denied.', { decisionId });
  }
  return verdict.because === 'cannot-carry-out'
    ? refused(id, -32001, 'Access denied: what it is bound to cannot be carried out here.')
    : refused(id, -32603, 'The authorization service did not answer as it should.');
}

type Refused = JsonRpcRefusal['error'];

function refused(
  id: JsonRpcRefusal['id'],
  ...[code, message, data]: [Refused['code'], string, Refused['data']?]
): McpVerdict {
  const error = { code, message, ...(data && { data }) };
  return { allowed: false, refusal: { jsonrpc: '2.0', id, error } };
}
