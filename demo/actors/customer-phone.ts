import {
  LINK_SECRET_HEADER,
  type CeremonyOptions,
  type CustomerSelf,
  type ProofContext,
} from '@proofline/protocol';
import { StepRefused } from './console-session.ts';
import type { Answer, Device } from './device.ts';
import type { SoftwareAuthenticator } from '@proofline/assurance/testing';

/**
 * A customer with a phone and a passkey, as the customer's page speaks for them. A request is meant by
 * the link that came in a message, or by its id when it stands on the signed-in customer's own page.
 */
export interface CustomerPhone {
  /** Opens the enrolment link from the message and registers the first passkey. */
  enrol(link: string): Promise<void>;
  signIn(): Promise<void>;
  /** «I am on a call with you»: the code to read to the agent. */
  callCode(): Promise<string>;
  self(): Promise<CustomerSelf>;
  /** What the request's page shows. */
  look(request: string): Promise<ProofContext>;
  /** Confirms with the passkey; answers the refusal instead of throwing it. */
  confirm(request: string, matchingNumber?: string): Promise<Answer>;
  decline(request: string, because: 'not-me' | 'not-now'): Promise<Answer>;
}

type Headers = Readonly<Record<string, string>>;

/** @see CustomerPhone */
export function createCustomerPhone(options: {
  readonly customersOrigin: string;
  readonly device: Device;
  readonly passkeys: SoftwareAuthenticator;
}): CustomerPhone {
  const { customersOrigin: origin, device, passkeys } = options;
  const ask = (path: string, json?: unknown, headers: Headers = {}) =>
    device.ask(`${origin}/api/customer${path}`, {
      method: 'POST',
      origin,
      headers,
      ...(json === undefined ? {} : { json }),
    });
  const must = async (step: string, asked: Promise<Answer>) => {
    const answer = await asked;
    if (answer.status >= 300) throw new StepRefused(step, answer);
    return answer.body;
  };
  return {
    async enrol(link) {
      await must(
        'open the enrolment link',
        ask('/enrolment/open', { secret: new URL(link).hash.slice(1) }),
      );
      const { ceremonyId, publicKey } = (await must(
        'enrolment options',
        ask('/enrolment/options'),
      )) as CeremonyOptions; // the contract's form
      const credential = await passkeys.register({ options: publicKey, origin });
      await must('register the passkey', ask('/enrolment/passkey', { ceremonyId, credential }));
    },
    async signIn() {
      const { ceremonyId, publicKey } = (await must(
        'sign-in options',
        ask('/sign-in/options'),
      )) as CeremonyOptions; // the contract's form
      await must(
        'sign in',
        ask('/sign-in', {
          ceremonyId,
          credential: await passkeys.assert({ options: publicKey, origin }),
        }),
      );
    },
    async callCode() {
      return ((await must('call code', ask('/call-codes'))) as { code: string }).code; // the contract's form
    },
    async self() {
      return (await must('self', device.ask(`${origin}/api/customer/self`))) as CustomerSelf; // the contract's form
    },
    async look(request) {
      const { path, headers } = doorOf(request);
      return (await must(
        'look',
        device.ask(`${origin}/api/customer${path}`, { headers }),
      )) as ProofContext; // the contract's form
    },
    async confirm(request, matchingNumber) {
      const { path, headers } = doorOf(request);
      const number = matchingNumber === undefined ? {} : { matchingNumber };
      const asked = await ask(`${path}/options`, number, headers);
      if (asked.status !== 200) return asked;
      const { ceremonyId, publicKey } = asked.body as CeremonyOptions; // the contract's form
      const credential = await passkeys.assert({ options: publicKey, origin });
      return ask(`${path}/assertion`, { ceremonyId, credential }, headers);
    },
    decline(request, because) {
      const { path, headers } = doorOf(request);
      return ask(`${path}/decline`, { because }, headers);
    },
  };
}

/** Where the routes of a request are, and what opens them: the link's secret, or else the session. */
export function doorOf(request: string): { readonly path: string; readonly headers: Headers } {
  if (!URL.canParse(request)) return { path: `/self/proof-requests/${request}`, headers: {} };
  const { pathname, hash } = new URL(request);
  return {
    path: `/proof-requests/${pathname.split('/').at(-1)}`,
    headers: { [LINK_SECRET_HEADER]: hash.slice(1) },
  };
}
