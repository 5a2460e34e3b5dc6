import type { Company } from '../../demo/start-company.ts';
import type { Colleague } from '../../demo/story/cast.ts';
import { expectAnswer } from '../../demo/story/stage.ts';
import { connectDirectory } from '@proofline/protocol';
import { send, type RawAnswer } from '../attacks/send.ts';

/** What a directory is answered. */
export interface ScimAnswer extends RawAnswer {
  // A test looks into whatever came.
  readonly json: Readonly<Record<string, unknown>>;
}

/** What goes along with a request. */
export interface Sending {
  /** As JSON; a text goes as it is. */
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A directory with a token: sends what it is told to, as Entra and Okta send it. */
export interface Directory {
  readonly serviceId: string;
  readonly token: string;
  ask(method: string, path: string, more?: Sending): Promise<ScimAnswer>;
}

/** Connects a directory as a security administrator does on the console. */
export async function connect(
  company: Company,
  admin: Colleague,
  name = 'Entra',
): Promise<Directory> {
  const made = await admin.console.api('POST', '/api/provisioning/connections', { name, days: 90 });
  const { connection, provisioningToken: token } = expectAnswer(made, {
    status: 201,
    step: 'connect',
    form: connectDirectory.reply,
  });
  const ask = askWith(company.origins.staff, token);
  return { serviceId: connection.serviceId, token, ask };
}

/** Requests with a bearer token, whosever it is. */
export function askWith(origin: string, token: string): Directory['ask'] {
  return async (method, path, { json, headers = {} } = {}) => {
    const answer = await send({
      origin,
      method,
      path: `/scim/v2${path}`,
      headers: {
        authorization: `Bearer ${token}`,
        ...(json === undefined ? {} : { 'content-type': 'application/scim+json; charset=utf-8' }),
        ...headers,
      },
      ...(json === undefined
        ? {}
        : { body: typeof json === 'string' ? json : JSON.stringify(json) }),
    });
    return { ...answer, json: parsed(answer.text) };
  };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>; // or it is not asked for a member
  } catch {
    return {};
  }
}
