/** A request as a directory sends it, and what must come of it. */
export interface ScimRequest {
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `{person}`, `{other}` and `{group}` stand for ids of the run. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  /** Members of the answer. */
  readonly answer?: object;
  /** Remembers the id of what was made under this name. */
  readonly keep?: 'person' | 'other' | 'group';
}

export const user = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const group = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** The body of a PATCH. */
export const patch = (...Operations: object[]) => ({ schemas: [patchOp], Operations });
/** A PATCH of the person. */
export const onPerson = (
  name: string,
  operations: readonly object[],
  answer: object,
): ScimRequest => ({
  name,
  method: 'PATCH',
  path: '/Users/{person}',
  body: patch(...operations),
  status: Number('status' in answer ? answer.status : 200),
  answer,
});
/** A PATCH of the group. */
export const onGroup = (
  name: string,
  operations: readonly object[],
  answer: object,
): ScimRequest => ({
  name,
  method: 'PATCH',
  path: '/Groups/{group}',
  body: patch(...operations),
  status: 200,
  answer,
});
/** A GET; of a refusal, the status stands in the answer. */
export const get = (name: string, path: string, answer: object): ScimRequest => ({
  name,
  method: 'GET',
  path,
  status: Number('status' in answer ? answer.status : 200),
  answer,
});
/** A search, and how many it finds. */
export const found = (name: string, filter: string, totalResults: number): ScimRequest =>
  get(name, `/Users?filter=${encodeURIComponent(filter)}`, { totalResults });
/** What a refusal says. */
export const refused = (scimType: string, status = 400) => ({ scimType, status: String(status) });
