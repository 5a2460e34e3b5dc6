import { isAbsolute } from 'node:path';
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { receiverForms } from '@proofline/ledger';
import { EvidenceKind } from '@proofline/protocol';
import { z } from 'zod';
import { CallbackTarget } from '../callbacks/callback-target.ts';

const RECEIVERS_MAX = 10;

/** Which forms go over which transport. */
const formsOf: Readonly<Record<string, readonly string[]>> = {
  'https:': ['ndjson', 'ocsf', 'otlp'],
  'http:': ['ndjson', 'ocsf', 'otlp'],
  'tls:': ['syslog'],
  'file:': ['ndjson', 'ocsf', 'csv'],
};

const isCertificate = (pem: string) => {
  try {
    return Boolean(new X509Certificate(pem));
  } catch {
    return false;
  }
};
const isKey = (pem: string) => {
  try {
    return createPrivateKey(pem).type === 'private';
  } catch {
    return false;
  }
};
const certificate = z.string().max(20_000).refine(isCertificate, 'must be a certificate as PEM');

/** One receiver of the evidence log, as the operator sets it. */
export const ReceiverSetting = z
  .strictObject({
    name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be 1–40 of a-z, 0-9 and -'),
    form: z.enum(receiverForms),
    url: z.string().max(500),
    /** It may lead to an internal address: said by the operator, for this one alone. */
    internal: z.boolean().default(false),
    kinds: z.array(EvidenceKind).min(1).optional(),
    from: z.enum(['beginning', 'now']).default('beginning'),
    /** The value of `Authorization`, for https. */
    authorization: z
      .string()
      .regex(/^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/)
      .max(2_000)
      .optional(),
    /** Who must have issued the receiver’s certificate, for tls; without it, whom the system trusts. */
    authority: certificate.optional(),
    /** Our own certificate and its key, for tls. */
    certificate: certificate.optional(),
    key: z.string().max(20_000).refine(isKey, 'must be a private key as PEM').optional(),
    /** Of syslog: the private enterprise number in its structured data. */
    enterprise: z.number().int().min(1).max(4_294_967_295).optional(),
    /** Of a file: it is put aside when it has become so large. */
    megabytes: z.number().int().min(1).max(10_000).optional(),
  })
  .superRefine((setting, context) => {
    const wrong = whyUnfit(setting);
    if (wrong !== undefined) {
      context.addIssue({ code: 'custom', message: `${setting.name}: ${wrong}` });
    }
  });

/** As it was read. */
export type ReceiverSetting = z.infer<typeof ReceiverSetting>;

/** All of them. */
export const ReceiverSettings = z
  .array(ReceiverSetting)
  .max(RECEIVERS_MAX, `must be at most ${RECEIVERS_MAX} receivers`)
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, {
    message: 'must name each receiver once: how far it is stands under its name',
  });

function whyUnfit(setting: ReceiverSetting): string | undefined {
  const { protocol = '' } = URL.parse(setting.url) ?? {};
  const forms = formsOf[protocol];
  if (!forms) return 'its url must begin with https:, tls: or file:';
  if (!forms.includes(setting.form)) return `${setting.form} does not go over ${protocol}`;
  const stray = strayMembers(setting, protocol)[0];
  if (stray !== undefined) return `${stray} means nothing over ${protocol}`;
  if ((setting.certificate === undefined) !== (setting.key === undefined)) {
    return 'certificate and key go together';
  }
  if (protocol === 'file:') return whyUnfitFile(setting.url);
  return whyUnfitAddress(setting, protocol === 'tls:');
}

/** What is set and would do nothing: better told than believed. */
function strayMembers(setting: ReceiverSetting, protocol: string): string[] {
  const members = [
    ['authorization', 'http'],
    ['authority', 'tls:'],
    ['certificate', 'tls:'],
    ['key', 'tls:'],
    ['enterprise', 'tls:'],
    ['megabytes', 'file:'],
  ] as const;
  return members
    .filter(([name, over]) => setting[name] !== undefined && !protocol.startsWith(over))
    .map(([name]) => name);
}

/** The guard of every request that goes out: no credentials, nothing internal unless it is said. */
function whyUnfitAddress({ url, internal }: ReceiverSetting, isTls: boolean): string | undefined {
  if (isTls && !/^tls:\/\/[^/?#@]+:\d{1,5}$/.test(url)) return 'its url must be tls://host:port';
  // Judged as https: the same names, and no plain text either.
  const judged = isTls ? `${url.replace('tls:', 'https:').replace(/:443$/, '')}/` : url;
  const { error } = CallbackTarget.safeParse({ url: judged, internal });
  return error && `its url ${error.issues[0]?.message ?? 'is not as it must be'}`;
}

function whyUnfitFile(url: string): string | undefined {
  const path = filePathOf(url);
  const isPlain = path !== undefined && isAbsolute(path) && !path.endsWith('/');
  return isPlain ? undefined : 'its url must be file:// and the absolute path of a file';
}

/** The path that a `file:` URL names; `undefined` where it is none on this machine. */
export function filePathOf(url: string): string | undefined {
  try {
    return fileURLToPath(url);
  } catch {
    return undefined;
  }
}
