import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestAuthority } from '@proofline/assurance/testing';
import type { ServiceRole } from '@proofline/protocol';
import { readConfig } from '@proofline/server/config';
import { startServer } from '@proofline/server/start';
import { createServiceClient, type ServiceClient } from '../../demo/actors/service-client.ts';
import { environmentsOf, originsOf } from '../../demo/environments.ts';
import { freePorts } from '../../demo/ports.ts';
import { loadDemoSecrets } from '../../demo/secrets.ts';
import { productPolicies } from '../../packages/policy/testing/product-policies.ts';
import { send, type RawAnswer, type RawRequest } from '../attacks/send.ts';
import { withFixture } from './authzen-fixture.ts';

/** A PDP on a port of its own, with the fixture released, and an enforcement point that asks it. */
export interface AuthzenServer {
  readonly origin: string;
  /** Sends JSON, if there is any, with a DPoP-bound token of the role (default: a POST of the gateway). */
  ask(path: string, json: unknown, more?: Asking): Promise<AuthzenAnswer>;
  /** Sends what is given and nothing else. */
  bare(path: string, request?: Omit<RawRequest, 'origin' | 'path'>): Promise<AuthzenAnswer>;
  close(): Promise<void>;
}

export interface Asking {
  readonly role?: ServiceRole;
  /** Default: POST. A GET has no body. */
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  /** Instead of the JSON. */
  readonly body?: string;
}

export interface AuthzenAnswer extends RawAnswer {
  readonly json: unknown;
}

/** Starts the control plane alone on the embedded database. */
export async function startAuthzenServer(): Promise<AuthzenServer> {
  const directory = mkdtempSync(join(tmpdir(), 'proofline-authzen-'));
  const ports = await freePorts();
  const origins = originsOf(ports);
  const secrets = await loadDemoSecrets(directory);
  const authority = await createTestAuthority();
  const { server: settings } = environmentsOf({
    directory,
    ports,
    origins,
    secrets,
    authority,
    logLevel: 'silent',
  });
  const server = await startServer(readConfig(settings));
  await server.composition.decisions.release(withFixture(productPolicies()));

  const clients = new Map<ServiceRole, ServiceClient>();
  const clientOf = async (role: ServiceRole) => {
    const { id, key } = secrets.services[role];
    const known = clients.get(role);
    if (known) return known;
    const made = await createServiceClient({ id, privateJwk: key, staffOrigin: origins.staff });
    clients.set(role, made);
    return made;
  };
  const bare: AuthzenServer['bare'] = async (path, options = {}) => {
    const answer = await send({ origin: origins.staff, path, ...options });
    return { ...answer, json: parsed(answer.text) };
  };
  return {
    origin: origins.staff,
    bare,
    async ask(path, json, { role = 'gateway', method = 'POST', headers = {}, body } = {}) {
      const hasBody = body !== undefined || json !== undefined;
      const { accessToken, key } = await (await clientOf(role)).credentials();
      const dpop = await key.prove({ method, url: `${origins.staff}${path}`, accessToken });
      return bare(path, {
        method,
        headers: {
          ...(hasBody && { 'content-type': 'application/json' }),
          authorization: `DPoP ${accessToken}`,
          dpop,
          ...headers,
        },
        ...(method === 'POST' && hasBody && { body: body ?? JSON.stringify(json) }),
      });
    },
    async close() {
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
