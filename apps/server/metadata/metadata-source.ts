import { readFile, stat } from 'node:fs/promises';
import { METADATA_BLOB_MAX_BYTES } from '@proofline/assurance';

const FETCH_MS = 60_000;
const MINUTE_MS = 60_000;
/** An address is asked four times a day (MDS3 §3.2: not more often than needed), sooner after a failure. */
const ASK_AGAIN_MS = 6 * 60 * MINUTE_MS;
const TRY_AGAIN_MS = 15 * MINUTE_MS;

/** Where blobs come from. */
export interface MetadataSource {
  /** Whether it lies on this machine, so that a start can wait for it. */
  readonly isLocal: boolean;
  /** The blob as it is published; `undefined` when there is no reason to look yet. @throws when it cannot be had */
  read(nowMs: number): Promise<string | undefined>;
}

/** A file is read when it changed; an address is asked every six hours. */
export function metadataSource(place: string): MetadataSource {
  return place.startsWith('https://') || place.startsWith('http://')
    ? addressSource(place)
    : fileSource(place);
}

function fileSource(path: string): MetadataSource {
  let seen = '';
  return {
    isLocal: true,
    async read() {
      const { mtimeMs, size } = await stat(path);
      const mark = `${mtimeMs} ${size}`;
      if (mark === seen) return undefined;
      if (size > METADATA_BLOB_MAX_BYTES) throw new Error('the file is too large');
      const text = await readFile(path, 'utf8');
      seen = mark;
      return text;
    },
  };
}

function addressSource(url: string): MetadataSource {
  let dueMs = 0;
  return {
    isLocal: false,
    async read(nowMs) {
      if (nowMs < dueMs) return undefined;
      dueMs = nowMs + TRY_AGAIN_MS;
      const text = await fetchText(url);
      dueMs = nowMs + ASK_AGAIN_MS;
      return text;
    },
  };
}

async function fetchText(url: string): Promise<string> {
  const response = await fetch(url, {
    redirect: 'error',
    signal: AbortSignal.timeout(FETCH_MS),
    headers: { accept: 'application/octet-stream, application/jose, text/plain' },
  });
  if (!response.ok) throw new Error(`it answered ${response.status}`);
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of response.body ?? []) {
    sizeBytes += chunk.length;
    if (sizeBytes > METADATA_BLOB_MAX_BYTES) throw new Error('it answered too much');
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}
