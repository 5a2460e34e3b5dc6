import { createHash, createPrivateKey, sign } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { problems, type ProblemCode } from '@proofline/protocol';
import { algorithms } from '../names.ts';
import type { SamlKey } from '../signing-keys.ts';
import { escapeXml } from '../xml/write-xml.ts';

/** What goes back to the browser. */
export interface SamlReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string;
}

const submit = 'document.forms[0].submit()';
const submitHash = createHash('sha256').update(submit).digest('base64');

const always = {
  'cache-control': 'no-store',
  pragma: 'no-cache',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

function page(status: number, body: string, policy = "default-src 'none'"): SamlReply {
  return {
    status,
    headers: {
      ...always,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `${policy}; base-uri 'none'; frame-ancestors 'none'`,
    },
    body: `<!doctype html><html lang="en"><meta charset="utf-8">${body}</html>`,
  };
}

interface Outgoing {
  readonly url: string;
  readonly kind: 'SAMLRequest' | 'SAMLResponse';
  readonly xml: string;
  readonly relayState: string | undefined;
}

/**
 * The HTTP-POST binding (saml-bindings-2.0-os §3.5). `form-action` is left open: browsers hold redirects
 * to it as well, and where a service provider sends the browser afterwards is its own affair.
 */
export function postReply({ url, kind, xml, relayState }: Outgoing): SamlReply {
  const field = (name: string, value: string) =>
    `<input type="hidden" name="${name}" value="${escapeXml(value)}">`;
  const form = [
    `<title>Signing in</title><form method="post" action="${escapeXml(url)}">`,
    field(kind, Buffer.from(xml).toString('base64')),
    relayState === undefined ? '' : field('RelayState', relayState),
    `<button type="submit">Continue</button></form><script>${submit}</script>`,
  ].join('');
  return page(200, form, `default-src 'none'; script-src 'sha256-${submitHash}'`);
}

/** The HTTP-Redirect binding with its signature over the query (saml-bindings-2.0-os §3.4.4.1). */
export function redirectReply({ url, kind, xml, relayState }: Outgoing, key: SamlKey): SamlReply {
  const parts = [
    [kind, deflateRawSync(xml).toString('base64')],
    ...(relayState === undefined ? [] : [['RelayState', relayState]]),
    ['SigAlg', algorithms.rsaSha256],
  ].map(([name = '', value = '']) => `${name}=${encodeURIComponent(value)}`);
  const signed = parts.join('&');
  const signature = sign('sha256', Buffer.from(signed), createPrivateKey(key.privateKeyPem));
  const query = `${signed}&Signature=${encodeURIComponent(signature.toString('base64'))}`;
  return redirect(`${url}${url.includes('?') ? '&' : '?'}${query}`);
}

/** 303: the next request is a GET, whatever this one was. */
export function redirect(location: string, cookies: readonly string[] = []): SamlReply {
  const set = cookies.length === 0 ? {} : { 'set-cookie': cookies };
  return { status: 303, headers: { ...always, location, ...set }, body: '' };
}

/** For the person, in words; what exactly was wrong is in the evidence and not on the page. */
export function refusalPage(code: ProblemCode): SamlReply {
  const { status, text } = problems[code];
  const link = `<a href="/docs/errors/${code}">What this means</a>`;
  return page(status, `<title>${escapeXml(text)}</title><h1>${escapeXml(text)}</h1><p>${link}</p>`);
}

/** Said where nothing is left to do. */
export function plainPage(title: string, text: string): SamlReply {
  return page(
    200,
    `<title>${escapeXml(title)}</title><h1>${escapeXml(title)}</h1><p>${escapeXml(text)}</p>`,
  );
}

export function metadataReply(xml: string): SamlReply {
  return {
    status: 200,
    headers: {
      'content-type': 'application/samlmetadata+xml',
      'cache-control': 'public, max-age=3600',
      'x-content-type-options': 'nosniff',
    },
    body: xml,
  };
}
