import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { schemaToJsonWithResolvedTypes } from '@cedar-policy/cedar-wasm/nodejs';
import {
  actionEntities,
  checkRequest,
  createAuthorizer,
  createEntityStore,
  EntityUid,
  findAction,
  generateConverter,
  parsePolicies,
  readEntities,
  readJson,
  readSchema,
  type Policy,
  type Schema,
} from '@proofline/cedar';
import { describe, expect, test } from 'vitest';

/** cedar-policy/cedar-integration-tests (Apache-2.0): decisions, reasons, errors. Read, never copied. */
const root = join(import.meta.dirname, '../../../shared/data/cedar');
const present = existsSync(root);

interface OfficialTest {
  readonly policies: string;
  readonly entities: string;
  readonly schema: string;
  readonly requests: readonly OfficialRequest[];
}

interface OfficialRequest {
  readonly description: string;
  readonly principal: { readonly type: string; readonly id: string };
  readonly action: { readonly type: string; readonly id: string };
  readonly resource: { readonly type: string; readonly id: string };
  readonly context: unknown;
  readonly decision: 'allow' | 'deny';
  readonly reason: readonly string[];
  readonly errors: readonly string[];
}

/** The corpus names its files as they lie in the whole repository. */
function read(path: string): string {
  return readFileSync(join(root, path.replace(/^corpus-tests\//, 'corpus-0/')), 'utf8');
}

/** Without loss, so that the 64-bit integers which cedar-wasm's own JSON cannot carry are tested. */
function readOfficial(path: string): OfficialTest {
  // The shape is cedar-policy's own.
  return readJson(read(path)) as unknown as OfficialTest;
}

function policiesOf(text: string): Map<string, Policy> {
  return new Map(parsePolicies(text).map(({ policy }, index) => [`policy${index}`, policy]));
}

function schemaOf(text: string): Schema {
  const answer = schemaToJsonWithResolvedTypes(text);
  if (answer.type === 'failure') throw new Error(answer.errors[0]?.message ?? 'no schema');
  return readSchema(answer.json);
}

function uid({ type, id }: { readonly type: string; readonly id: string }): EntityUid {
  return new EntityUid(type, id);
}

/** What ours answers, in the form in which the official tests state what they expect. */
function answersTo(official: OfficialTest): object[] {
  const authorizer = createAuthorizer(policiesOf(read(official.policies)));
  const schema = schemaOf(read(official.schema));
  const store = createEntityStore([
    ...readEntities(readJson(read(official.entities)), { schema }),
    ...actionEntities(schema),
  ]);
  return official.requests.map((one) => {
    const action = findAction(schema, uid(one.action));
    if (action === undefined) throw new Error(`${one.description}: an action without a schema`);
    const request = {
      principal: uid(one.principal),
      action: uid(one.action),
      resource: uid(one.resource),
      context: generateConverter(action.context)(one.context, ['context']),
    };
    checkRequest(schema, request);
    const { decision, determining, errors } = authorizer.authorize(request, store);
    return {
      decision,
      reason: determining.toSorted(),
      errors: errors.map(({ policy }) => policy).toSorted(),
    };
  });
}

function expectedOf(official: OfficialTest): object[] {
  return official.requests.map(({ decision, reason, errors }) => ({
    decision,
    reason: reason.toSorted(),
    errors: errors.toSorted(),
  }));
}

function officialPaths(): string[] {
  const named = readdirSync(join(root, 'tests'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.json'))
    .map((path) => `tests/${path}`);
  const generated = readdirSync(join(root, 'corpus-0'))
    .filter((path) => path.endsWith('.json') && !path.endsWith('.entities.json'))
    .map((path) => `corpus-0/${path}`);
  return [...named, ...generated];
}

const why = present ? '' : ' (skipped: the shared folder data/cedar is not beside this checkout)';

describe.skipIf(!present)(`the official Cedar tests${why}`, () => {
  test('every request: decision, determining policies and errors', () => {
    const paths = officialPaths();
    let requests = 0;
    for (const path of paths) {
      const official = readOfficial(path);
      expect({ path, answers: answersTo(official) }).toEqual({
        path,
        answers: expectedOf(official),
      });
      requests += official.requests.length;
    }
    expect(paths.length).toBeGreaterThanOrEqual(550);
    expect(requests).toBeGreaterThanOrEqual(4240);
  });
});
