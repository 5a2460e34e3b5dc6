import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDevice, type Answer, type Device } from '../../../demo/actors/device.ts';
import { selfSigned } from '../../../demo/mtls-key.ts';
import type { Apache } from '../apache.ts';
import { addressesAt, hasOpenidc, startOpenidc } from '../openidc.ts';
import { signOut } from './logout-visit.ts';
import type { Rig } from './rig.ts';

interface Given {
  readonly rig: Rig;
  /** Where the operator lets applications inside be told. */
  readonly port: number;
}

/** mod_auth_openidc, which proves itself at the token endpoint by a certificate of its own. */
export function describeApache(given: () => Given): void {
  test.runIf(!hasOpenidc)('is left out: Apache with mod_auth_openidc is not installed here', () => {
    expect(hasOpenidc).toBe(false);
  });

  describe.skipIf(!hasOpenidc)('mod_auth_openidc as a relying party', () => {
    let apache: Apache;
    let here: Device;

    beforeAll(async () => {
      const { port, rig } = given();
      const own = await selfSigned('wallboard');
      const { callback, toldAt } = addressesAt(port);
      const party = await rig.register('wallboard', {
        kind: 'native',
        redirectUris: [callback],
        proof: { method: 'self_signed_tls_client_auth', certificates: [own.certificate] },
        senderBound: false,
        pushedRequests: false,
        backchannelLogoutUri: toldAt,
      });
      const { mtlsAuthority: authorities, origins } = rig.company;
      apache = await startOpenidc({
        port,
        issuer: rig.issuer,
        clientId: party.clientId,
        own,
        tokenEndpoint: `${origins.mtls}/oidc/token`,
        authorities,
      });
      here = createDevice();
    });
    afterAll(() => apache?.close());

    // A program that asks without it is told 401, and not sent to sign in.
    const headers = { accept: 'text/html' };
    /** As a browser would, from a page of Apache’s to the last answer; a person answers where asked. */
    async function visit(path: string, device = here): Promise<Answer & { prompts: number }> {
      const { rig } = given();
      let url = `${apache.origin}${path}`;
      let last = await device.ask(url, { headers });
      let prompts = 0;
      for (let hop = 0; hop < 10; hop += 1) {
        const location = last.headers.get('location');
        if (location === null) return { ...last, prompts };
        url = new URL(location, url).href;
        const uid = /\/sign-in\/([\w-]+)$/.exec(url)?.[1];
        if (uid !== undefined) {
          prompts += 1;
          url = await rig.person.answer(device, uid);
        }
        last = await device.ask(url, { headers });
      }
      throw new Error(`${path} goes round in circles: ${apache.errors()}`);
    }

    test('signs in by code and PKCE, and proves itself by its certificate', async () => {
      const answer = await visit('/desk');
      const { headers: said, prompts, status } = answer;
      expect({ prompts, status, name: said.get('x-name'), errors: apache.errors() }).toMatchObject({
        prompts: 1,
        status: 200,
        name: 'Ana Ruiz',
      });
    });

    test('`Require claim acr:phrh` opens what a hardware-held passkey was touched for', async () => {
      const other = await visit('/other', createDevice());
      expect({ status: other.status, prompts: other.prompts }).toEqual({ status: 401, prompts: 1 });
      const answer = await visit('/strong');
      expect({ ...answer, errors: apache.errors() }).toMatchObject({ status: 200, body: 'strong' });
    });

    test('signs out when it is told by a logout token', async () => {
      const { rig } = given();
      expect((await here.ask(`${apache.origin}/desk`, { headers })).status).toBe(200);
      const elsewhere = rig.basic.with({ device: here });
      const { idToken, visit: silent } = await rig.signIn(elsewhere);
      expect(silent.prompts).toBe(0);
      await signOut(elsewhere, { id_token_hint: idToken });
      let status = 200;
      for (let tries = 0; status === 200 && tries < 100; tries += 1) {
        await wait(100);
        ({ status } = await here.ask(`${apache.origin}/desk`, { headers }));
      }
      expect({ status, errors: apache.errors() }).toMatchObject({ status: 302 });
    });
  });
}
