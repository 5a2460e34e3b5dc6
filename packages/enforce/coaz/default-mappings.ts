import type { Json } from '@proofline/kernel';
import { readMapping, type Mapping } from './read-mapping.ts';

interface Row {
  readonly type: string;
  /** `server`: this enforcement point's own resource identifier. */
  readonly id: string;
  readonly context?: Readonly<Record<string, string>>;
}

const server = { type: 'mcp_server', id: 'server' } as const;
const resource = { type: 'resource', id: '$params.uri' } as const;
const task = { type: 'task', id: '$params.taskId' } as const;

/** COAZ-MCP, default mappings: MCP method → what is asked. What is not here, and not let through, is denied. */
const rows: Readonly<Record<string, Row>> = {
  initialize: { ...server, context: { protocol_version: '$params.protocolVersion' } },
  'tools/list': server,
  'tools/call': { type: 'tool', id: '$params.name' },
  'resources/list': server,
  'resources/read': resource,
  'resources/subscribe': resource,
  'resources/unsubscribe': resource,
  'prompts/list': server,
  'prompts/get': { type: 'prompt', id: '$params.name' },
  'completion/complete': {
    type: "$params.ref.type == 'ref/prompt' ? 'prompt' : 'resource'",
    id: "$params.ref.type == 'ref/prompt' ? params.ref.name : params.ref.uri",
  },
  'logging/setLevel': { ...server, context: { level: '$params.level' } },
  'tasks/get': task,
  'tasks/result': task,
  'tasks/cancel': task,
  'tasks/list': server,
};

/** The mapping of a method that no tool has declared otherwise; `undefined`: there is none. */
export function defaultMapping(method: string, resourceId: string): Mapping | undefined {
  if (!Object.hasOwn(rows, method)) return undefined;
  // Its own, as was asked.
  const { type, id, context } = rows[method]!;
  // A literal, whatever it begins with.
  const own = resourceId.startsWith('$') ? `$${resourceId}` : resourceId;
  const mapping: Json = {
    evaluation: {
      action: { name: method },
      resource: { type, id: id === 'server' ? own : id },
      ...(context && { context: { ...context } }),
    },
  };
  return readMapping(mapping);
}
