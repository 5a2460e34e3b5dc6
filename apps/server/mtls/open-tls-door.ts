import { constants } from 'node:crypto';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { createServer } from 'node:tls';
import { limits } from '@proofline/kernel';
import type { ConnectionBounds } from '@proofline/kernel/node';
import { followHandshakes } from './follow-handshakes.ts';

/** A second door of the same server, with TLS. */
export interface TlsDoor {
  readonly port: number;
  /** Takes no new connection; those that stand are ended by the server. */
  close(): void;
}

interface Settings {
  /** PEM of the key and its certificates. */
  readonly key: string;
  readonly host: string;
  readonly port: number;
  readonly bounds?: ConnectionBounds;
  readonly peerOf?: (socket: Socket) => string | undefined;
}

/**
 * Programs connect here with a certificate of their own. Whose it is, the registry of applications
 * knows: so none is refused for who issued it, and one without any is told at the endpoint.
 */
export async function openTlsDoor(server: Server, settings: Settings): Promise<TlsDoor> {
  const { bounds, host, key, peerOf, port } = settings;
  const door = createServer(
    {
      key,
      cert: key,
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
      handshakeTimeout: limits.headersTimeoutMs,
      ALPNProtocols: ['http/1.1'],
      // Whose connection it is does not change while it stands.
      secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
    },
    // From here on it is a connection like any other, within the same bounds.
    (socket) => server.emit('connection', socket),
  );
  followHandshakes(door, { ...(bounds && { bounds }), ...(peerOf && { peerOf }) });
  door.on('tlsClientError', (_error, socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    door.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${port} of ${host} is in use by another program.`)
          : error,
      ),
    );
    door.listen(port, host, resolve);
  });
  const address = door.address();
  if (typeof address !== 'object' || address === null)
    throw new Error('the server does not listen on a port');
  return { port: address.port, close: () => void door.close() };
}
