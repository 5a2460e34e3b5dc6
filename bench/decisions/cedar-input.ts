import type { BenchRequest } from './workload.ts';

/** A typed thing as JSON has it. */
export interface JsonUid {
  readonly type: string;
  readonly id: string;
}

/** A request as it comes out of `JSON.parse`. */
export interface CedarInput {
  readonly principal: JsonUid;
  readonly action: JsonUid;
  readonly resource: JsonUid;
  readonly context: Readonly<Record<string, string | number | boolean>>;
  readonly entities: readonly {
    readonly uid: JsonUid;
    readonly attrs: Readonly<Record<string, never>>;
    readonly parents: readonly JsonUid[];
  }[];
}

/** The request for a Cedar engine. An agent in another role is another principal, so that one store can hold all. */
export function cedarInputOf({
  tenant,
  agent,
  role,
  action,
  resource,
  facts,
}: BenchRequest): CedarInput {
  const principal = { type: 'Agent', id: `${agent}.${role}` };
  const concerned = { type: 'Case', id: `${tenant}.${resource}` };
  const input: CedarInput = {
    principal,
    action: { type: 'Action', id: action },
    resource: concerned,
    context: facts,
    entities: [
      { uid: principal, attrs: {}, parents: [{ type: 'Role', id: role }] },
      { uid: concerned, attrs: {}, parents: [{ type: 'Tenant', id: tenant }] },
    ],
  };
  // Through text, so that it has the hidden classes and strings that a real request has.
  return JSON.parse(JSON.stringify(input)) as CedarInput;
}
