import { expect } from 'vitest';
import type { Answer } from '../../../demo/actors/device.ts';
import type { Module, Outcome } from './module.ts';
import {
  shown,
  type Asking,
  type Parameters,
  type RelyingParty,
  type Visit,
} from './relying-party.ts';
import type { Rig, SignedIn } from './rig.ts';

type Which = (rig: Rig) => RelyingParty;

/** What a module must say besides its name and what it does. */
interface Said {
  readonly does: string;
  readonly outcome?: Outcome;
}

/** A sign-in that differs from the usual one and must succeed all the same. */
export function succeeds(
  name: string,
  {
    does,
    which,
    asking,
    and,
  }: Said & {
    readonly which: Which;
    readonly asking?: Asking;
    readonly and?: (signedIn: SignedIn, rig: Rig) => void | Promise<void>;
  },
): Module {
  return {
    name,
    does,
    async run(rig) {
      const party = which(rig);
      const signedIn = await rig.signIn(party, asking);
      expectHonest(signedIn, rig, party);
      await and?.(signedIn, rig);
    },
  };
}

/** An authorization request that must end in one of these errors, and without a code. */
export function failsToAuthorize(
  name: string,
  {
    does,
    which,
    asking,
    errors,
    where,
    outcome,
  }: Said & {
    readonly which: Which;
    readonly asking: Asking;
    readonly errors: readonly string[];
    /** `page`: the browser must not be sent to an address that is not registered. */
    readonly where?: 'page' | 'callback';
  },
): Module {
  return {
    name,
    does,
    ...(outcome && { outcome }),
    async run(rig) {
      expectRefused(await which(rig).authorize(asking), { errors, ...(where && { where }) });
    },
  };
}

/** No code, one of these errors, and at the callback the state and the issuer (RFC 9207). */
export function expectRefused(
  visit: Visit,
  { errors, where }: { readonly errors: readonly string[]; readonly where?: 'page' | 'callback' },
): void {
  expect(visit.code).toBe('');
  expect(errors).toContain(visit.error);
  if (where !== undefined) expect(visit.callback === undefined ? 'page' : 'callback').toBe(where);
  if (visit.callback === undefined) return;
  expect(visit.callback.searchParams.get('state')).toBe(visit.sent['state'] ?? null);
  expect(visit.callback.searchParams.get('iss')).toMatch(/\/oidc$/);
}

/** OpenID Connect Core §3.1.3.3 and §3.1.3.7; RFC 6749 §5.1; RFC 9207 §2. */
export function expectHonest(
  { visit, tokens, claims }: SignedIn,
  rig: Rig,
  party: RelyingParty,
): void {
  expect(visit.callback?.searchParams.get('state') ?? undefined).toBe(visit.sent['state']);
  expect(visit.callback?.searchParams.get('iss')).toBe(rig.issuer);
  expect(tokens).toMatchObject({ expires_in: expect.any(Number) });
  expect(tokens['token_type']).toBe(party.parts.settings.senderBound ? 'DPoP' : 'Bearer');
  expect(claims).toMatchObject({
    iss: rig.issuer,
    aud: party.clientId,
    sub: rig.nameOf(rig.person, party),
  });
  expect(claims['nonce']).toBe(visit.sent['nonce']);
  expect(claims.exp! - claims.iat!).toBeGreaterThan(0);
}

/** A refusal at an endpoint that answers with JSON (RFC 6749 §5.2). */
export function expectError(answer: Answer, ...errors: readonly string[]): void {
  expect(errors).toContain(shown(answer));
  expect([400, 401, 403, 404, 405]).toContain(answer.status);
  expect(answer.headers.get('content-type')).toContain('json');
  expect(JSON.stringify(answer.body)).not.toMatch(/\\[rnt]/);
}

/** A code that was honestly got, and is sent to the token endpoint in a way that must be refused. */
export function failsToRedeem(
  name: string,
  {
    does,
    which,
    errors,
    how,
  }: Said & {
    readonly which: Which;
    readonly errors: readonly string[];
    readonly how: (party: RelyingParty, visit: Visit, rig: Rig) => Promise<Answer>;
  },
): Module {
  return {
    name,
    does,
    async run(rig) {
      const party = which(rig);
      const visit = await party.authorize();
      expect(visit.code).not.toBe('');
      expectError(await how(party, visit, rig), ...errors);
    },
  };
}

/** A pushed request that must be refused. */
export function failsToPush(
  name: string,
  {
    does,
    errors,
    form,
    how,
  }: Said & {
    readonly errors: readonly string[];
    readonly form?: Parameters;
    readonly how?: (party: RelyingParty) => Promise<NonNullable<Asking['pushing']>>;
  },
): Module {
  return {
    name,
    does,
    async run({ fapi }) {
      const pushing = await how?.(fapi);
      const visit = await fapi.authorize({
        ...(form && { parameters: form }),
        ...(pushing && { pushing }),
      });
      expect(visit.callback).toBeUndefined();
      expectError(visit.last, ...errors);
    },
  };
}
