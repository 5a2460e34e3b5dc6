import * as wasm from '@cedar-policy/cedar-wasm/nodejs';
import { createEntityStore } from '../../entities/create-entity-store.ts';
import { readEntities } from '../../entities/read-entities.ts';
import { readEntityUid } from '../../entities/read-entity-uid.ts';
import { CedarInputError } from '../../input-error.ts';
import { actionEntities } from '../action-entities.ts';
import { checkScope } from '../check-request.ts';
import { generateConverter } from '../generate-converter.ts';
import type { Schema } from '../schema.ts';

/** Accepted, or why not. */
export type Verdict = 'accepted' | { readonly refused: string };

/** A request as JSON. */
export interface RequestJson {
  readonly principal: unknown;
  readonly action: unknown;
  readonly resource: unknown;
  readonly context: unknown;
}

type RequestParts = Pick<wasm.AuthorizationCall, keyof RequestJson>;

/** What we say to entities. */
export function judgeEntities(json: unknown, schema?: Schema): Verdict {
  return judge(() =>
    createEntityStore(
      schema === undefined
        ? readEntities(json)
        : [...readEntities(json, { schema }), ...actionEntities(schema)],
    ),
  );
}

/** What Cedar says to entities. */
export function askCedarForEntities(json: unknown, schema: string | null): Verdict {
  // The types describe what Cedar accepts; here it is asked about anything.
  return verdictOf(wasm.checkParseEntities({ entities: json as never, schema }));
}

/** What we say to a request. */
export function judgeRequest(request: RequestJson, schema: Schema): Verdict {
  return judge(() => {
    const action = checkScope(schema, {
      principal: readEntityUid(request.principal, ['principal']),
      action: readEntityUid(request.action, ['action']),
      resource: readEntityUid(request.resource, ['resource']),
    });
    generateConverter(action.context)(request.context, ['context']);
  });
}

/** What Cedar says to a request, its entities and policies aside. */
export function askCedarForRequest(request: RequestJson, schema: string): Verdict {
  const { principal, action, resource, context } = request;
  return verdictOf(
    wasm.isAuthorized({
      // As above: the types describe what Cedar accepts.
      ...({ principal, action, resource, context } as RequestParts),
      schema,
      validateRequest: true,
      policies: {},
      entities: [],
    }),
  );
}

function judge(act: () => unknown): Verdict {
  try {
    act();
    return 'accepted';
  } catch (error) {
    // Anything else is a crash, and fails the test.
    if (!(error instanceof CedarInputError)) throw error;
    return { refused: `${error.code} at ${error.path.join('.')}: ${error.message}` };
  }
}

function verdictOf(answer: wasm.AuthorizationAnswer | wasm.CheckParseAnswer): Verdict {
  if (answer.type === 'success') return 'accepted';
  return { refused: answer.errors.map(({ message }) => message).join('; ') };
}
