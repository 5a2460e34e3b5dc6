import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** An answer as it came: status and body. */
export interface RawAnswer {
  readonly status: number;
  readonly body: string;
}

/** One kept connection that sends one request after the other, at next to no cost of its own. */
export interface RawConnection {
  /** Posts JSON. `headers`: further lines, each with its line end. */
  post(path: string, body: string, headers?: string): Promise<RawAnswer>;
  close(): void;
}

const END_OF_HEAD = '\r\n\r\n';

/** Connects to a port of this machine; `host` is what the requests name. */
export async function openRawConnection(port: number, host: string): Promise<RawConnection> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  return {
    post(path, body, headers = '') {
      const answer = nextAnswer(socket);
      socket.write(
        `POST ${path} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\n` +
          `${headers}content-length: ${Buffer.byteLength(body)}${END_OF_HEAD}${body}`,
      );
      return answer;
    },
    close: () => void socket.destroy(),
  };
}

function nextAnswer(socket: Socket): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    // The answers of this bench are ASCII, so that characters are bytes.
    let text = '';
    const stop = () => {
      socket.off('data', onData);
      socket.off('error', onEnd);
      socket.off('close', onEnd);
    };
    const onEnd = () => {
      stop();
      reject(new Error('the server closed the connection'));
    };
    const onData = (chunk: Buffer) => {
      text += chunk.toString('latin1');
      const answer = readAnswer(text);
      if (answer === undefined) return;
      stop();
      resolve(answer);
    };
    socket.on('data', onData);
    socket.on('error', onEnd);
    socket.on('close', onEnd);
  });
}

/** The answer, once all of it is there. */
function readAnswer(text: string): RawAnswer | undefined {
  const end = text.indexOf(END_OF_HEAD);
  if (end < 0) return undefined;
  const head = text.slice(0, end);
  const status = Number(head.slice(9, 12));
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  const rest = text.slice(end + END_OF_HEAD.length);
  if (length !== undefined) {
    return rest.length < Number(length) ? undefined : { status, body: rest };
  }
  if (!rest.endsWith(`0${END_OF_HEAD}`)) return undefined;
  return { status, body: joinChunks(rest) };
}

/** RFC 9112 §7.1. */
function joinChunks(text: string): string {
  let body = '';
  for (let from = 0; from < text.length;) {
    const lineEnd = text.indexOf('\r\n', from);
    const length = Number.parseInt(text.slice(from, lineEnd), 16);
    if (!(length > 0)) break;
    body += text.slice(lineEnd + 2, lineEnd + 2 + length);
    from = lineEnd + 2 + length + 2;
  }
  return body;
}
