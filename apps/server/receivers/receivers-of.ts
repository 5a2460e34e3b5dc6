import type { Receiver } from '@proofline/ledger';
import { appendToFile } from './append-to-file.ts';
import { filePathOf, type ReceiverSetting } from './receiver-setting.ts';
import { sendByHttps, type PostDeps } from './send-by-https.ts';
import { sendByTls } from './send-by-tls.ts';

/** The receivers that the operator has set, each with its transport. */
export function receiversOf(settings: readonly ReceiverSetting[], deps: PostDeps): Receiver[] {
  return settings.map((setting) => {
    const { enterprise, form, from, kinds, name } = setting;
    return {
      name,
      form,
      from,
      ...(kinds && { kinds }),
      ...(enterprise !== undefined && { enterprise }),
      target: targetOf(setting),
      transmit: transportOf(setting, deps),
    };
  });
}

/** For the eye and for the log: a path or a query of the web may hold a secret. */
function targetOf({ url }: ReceiverSetting): string {
  if (url.startsWith('file:')) return url;
  const { host, protocol } = new URL(url);
  return `${protocol}//${host}`;
}

function transportOf(setting: ReceiverSetting, deps: PostDeps): Receiver['transmit'] {
  const { megabytes, url } = setting;
  if (url.startsWith('tls:')) return sendByTls(setting, deps.resolve);
  if (!url.startsWith('file:')) return sendByHttps(setting, deps);
  // The setting was refused where it names no file.
  return appendToFile(filePathOf(url) ?? '', megabytes);
}
