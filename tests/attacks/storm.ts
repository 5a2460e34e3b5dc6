import { connect } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

/** A thread that floods: each refusal that cost a look is answered at once by the next request. */
const { port, connections, bytes } = workerData as {
  port: number;
  connections: number;
  bytes: string;
}; // written by p6-floods.test.ts, the only one that starts this

const opened = Array.from({ length: connections }, () => {
  const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
  const again = () => socket.writable && socket.write(bytes);
  socket.on('error', () => {});
  socket.on('data', (chunk: Buffer) => {
    const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(chunk.toString('latin1')) ?? [];
    if (status === undefined) return;
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
    parentPort?.postMessage(status);
    if (status === '401') again();
    else setTimeout(again, 1_000);
  });
  return new Promise((resolve) => socket.once('connect', resolve));
});
await Promise.all(opened);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
parentPort?.postMessage('raging');
