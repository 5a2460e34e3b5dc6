// First: it brings along the polyfill that @peculiar/x509 asks for.
import '@simplewebauthn/server/helpers';
import { BasicConstraintsExtension, X509CertificateGenerator } from '@peculiar/x509';
import { createPrivateKey } from 'node:crypto';
import { registerService } from '@proofline/protocol';
import { selfSigned, type CertifiedKey } from '../../demo/mtls-key.ts';
import type { Company } from '../../demo/start-company.ts';
import type { Colleague } from '../../demo/story/cast.ts';
import { expectAnswer, selfOf } from '../../demo/story/stage.ts';
import { createCertifiedFetch } from '../conformance/openid/certified-fetch.ts';

/** A program that is registered with the certificate of its connections. */
export interface CertifiedProgram {
  readonly serviceId: string;
  /** SHA-256 of the certificate. */
  readonly kid: string;
  readonly own: CertifiedKey;
}

/** What is sent to register one that opens accounts. */
export async function certifiedTerms(admin: Colleague, key: object) {
  const { subjectId } = await selfOf(admin);
  return {
    name: 'Branch till',
    purpose: 'Invites customers who open an account at a branch.',
    role: 'account-opening',
    ownerId: subjectId,
    scopes: ['enrolment:invite'],
    ratePerMinute: 100,
    proves: 'certificate',
    key,
  };
}

/** Registers one at the running server. */
export async function registerCertified(
  admin: Colleague,
  own?: CertifiedKey,
): Promise<CertifiedProgram> {
  await admin.console.signIn({ acr: 'phrh', maxAgeSeconds: 0 });
  const proves = own ? 'named-certificate' : 'certificate';
  own ??= await selfSigned('till.example');
  const body = { ...(await certifiedTerms(admin, { certificate: own.certificate })), proves };
  const answer = await admin.console.api('POST', '/api/services/registration', body);
  const { keys, serviceId } = expectAnswer(answer, {
    status: 201,
    step: 'register a program with a certificate',
    form: registerService.reply,
  });
  return { serviceId, kid: keys[0]?.kid ?? '', own };
}

/** How a request comes to the door for certificates, and what it brings. */
interface Sent {
  /** Absent: no certificate is shown. */
  readonly own?: CertifiedKey | undefined;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
  readonly body?: string;
}

/** What the door for certificates answers. */
export async function sendCertified(
  { mtlsAuthority, origins }: Pick<Company, 'mtlsAuthority' | 'origins'>,
  { own, path, ...init }: Sent,
) {
  const call = createCertifiedFetch({ authority: mtlsAuthority, own });
  const answer = await call(`${origins.mtls}${path}`, { method: 'POST', ...init });
  const text = await answer.text();
  return { status: answer.status, text };
}

/** Asks for a token as that program, with that certificate. */
export async function tokenByCertificate(
  company: Pick<Company, 'mtlsAuthority' | 'origins'>,
  { serviceId }: CertifiedProgram,
  own: CertifiedKey | undefined,
) {
  const form = { grant_type: 'client_credentials', client_id: serviceId };
  const { status, text } = await sendCertified(company, {
    own,
    path: '/oidc/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  });
  // RFC 6749 §5.1.
  const body = JSON.parse(text) as { access_token?: string; error?: string; token_type?: string };
  return { status, ...body };
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** Somebody who issues certificates to programs. */
export interface IssuingAuthority {
  readonly certificate: string;
  issue(subject: string, notAfter?: string): Promise<CertifiedKey>;
}

/** @see IssuingAuthority */
export async function openAuthority(name: string): Promise<IssuingAuthority> {
  const own = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const notBefore = new Date('2026-01-01T00:00:00Z');
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name,
    notBefore,
    notAfter: new Date('2036-01-01T00:00:00Z'),
    keys: own,
    signingAlgorithm: algorithm,
    extensions: [new BasicConstraintsExtension(true, 0, true)],
  });
  return {
    certificate: certificate.toString('pem'),
    async issue(subject, notAfter = '2036-01-01') {
      const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
      const issued = await X509CertificateGenerator.create({
        subject,
        issuer: name,
        notBefore,
        notAfter: new Date(`${notAfter}T00:00:00Z`),
        signingKey: own.privateKey,
        publicKey: keys.publicKey,
        signingAlgorithm: algorithm,
      });
      const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
      const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
      return {
        key: key.export({ format: 'pem', type: 'pkcs8' }).toString(),
        certificate: issued.toString('pem'),
      };
    },
  };
}
