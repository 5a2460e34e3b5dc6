import { once } from 'node:events';
import type { LookupFunction } from 'node:net';
import { connect } from 'node:tls';
import { ReceiverFault, type Receiver } from '@proofline/ledger';
import { hostOf } from '../callbacks/callback-target.ts';
import { addressesOf, systemResolve, type Resolve } from '../callbacks/post-guarded.ts';
import type { ReceiverSetting } from './receiver-setting.ts';

const CONNECT_AND_WRITE_MAX_MS = 10_000;
const ANSWER_MAX_BYTES = 16_384;

/**
 * Hands messages to a syslog receiver over TLS, each behind the count of its octets (RFC 5425 §4.3). Its
 * certificate is checked; the connection goes to the very addresses that were looked at. Syslog knows no
 * receipt: a page counts as taken once all of it was written and the connection ended without a fault.
 */
export function sendByTls(
  setting: ReceiverSetting,
  resolve: Resolve = systemResolve,
): Receiver['transmit'] {
  const { port } = new URL(setting.url);
  const host = hostOf(setting.url);
  return async (records, signal) => {
    const addresses = await addressesOf(setting, resolve);
    const [first] = addresses;
    if (!first) throw new ReceiverFault('Its name leads to no address that may be connected to.');
    const pinned: LookupFunction = (_host, options, done) => {
      if (options.all) done(null, [...addresses]);
      else done(null, first.address, first.family);
    };
    const socket = connect({
      host,
      port: Number(port),
      lookup: pinned,
      minVersion: 'TLSv1.2',
      ...(/^[a-z]/i.test(host) && { servername: host }),
      ...(setting.authority !== undefined && { ca: setting.authority }),
      ...(setting.certificate !== undefined && { cert: setting.certificate, key: setting.key }),
    });
    const limit = AbortSignal.any([signal, AbortSignal.timeout(CONNECT_AND_WRITE_MAX_MS)]);
    let answered = 0;
    // It has nothing to say; who says much is cut off.
    socket.on('data', (chunk: Buffer) => {
      answered += chunk.byteLength;
      if (answered > ANSWER_MAX_BYTES) socket.destroy(new Error('it says too much'));
    });
    try {
      await once(socket, 'secureConnect', { signal: limit });
      socket.end(records.map(frame).join(''));
      await once(socket, 'close', { signal: limit });
    } catch (error) {
      throw new ReceiverFault(sentenceOf(error, limit));
    } finally {
      socket.destroy();
    }
  };
}

function frame(message: string): string {
  return `${Buffer.byteLength(message)} ${message}`;
}

function sentenceOf(error: unknown, limit: AbortSignal): string {
  if (limit.aborted) return 'It did not take it in time.';
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const isUntrusted = /CERT|ALTNAME|SIGNED|ISSUER|VERIFY/.test(code);
  return isUntrusted ? 'Its certificate is not trusted.' : 'It could not be reached.';
}
