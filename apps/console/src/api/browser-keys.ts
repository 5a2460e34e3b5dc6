/** The two keys of this browser. Neither can be read out, not even by our own code. */
export interface BrowserKeys {
  /** ES256: proves possession (RFC 9449). */
  readonly dpop: CryptoKeyPair;
  /** HMAC-SHA-256: derives PKCE verifiers and nonces, so that none has to be stored. */
  readonly derive: CryptoKey;
}

const DATABASE = 'proofline';
const STORE = 'keys';

/** Opens the keys of this browser, making them on the first visit. */
export async function openBrowserKeys(): Promise<BrowserKeys> {
  const database = await openDatabase();
  try {
    return (await readKeys(database)) ?? (await addKeys(database, await makeKeys()));
  } finally {
    database.close();
  }
}

/** New keys, of which only the public half of the first can be exported. */
export async function makeKeys(): Promise<BrowserKeys> {
  const [dpop, derive] = await Promise.all([
    crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']),
    crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign']),
  ]);
  return { dpop, derive };
}

function openDatabase(): Promise<IDBDatabase> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore(STORE));
  return settled(opening);
}

function readKeys(database: IDBDatabase): Promise<BrowserKeys | undefined> {
  return keysIn(database.transaction(STORE).objectStore(STORE));
}

function keysIn(store: IDBObjectStore): Promise<BrowserKeys | undefined> {
  // Only `addKeys` writes under this name, and it writes these.
  return settled(store.get('browser') as IDBRequest<BrowserKeys | undefined>);
}

/** Two tabs may come first at once: whoever writes second takes what the first has written. */
async function addKeys(database: IDBDatabase, fresh: BrowserKeys): Promise<BrowserKeys> {
  const store = database.transaction(STORE, 'readwrite').objectStore(STORE);
  const present = await keysIn(store);
  if (present) return present;
  await settled(store.put(fresh, 'browser'));
  return fresh;
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB failed')));
  });
}
