/** The name under which a page reaches the key. */
export const KEY_BINDING = '__keyOfTheDemo';

interface Answer {
  readonly error?: string;
  readonly credential?: {
    readonly id: string;
    readonly response: Readonly<Record<string, string | string[]>>;
  };
}

/**
 * Runs in the page, before its own scripts, and so imports nothing: `navigator.credentials` asks the key
 * (WebAuthn L3 §5.1.3, §5.1.4).
 */
export function answerFromKey(binding: string): void {
  if (!('credentials' in navigator)) return;
  const toText = (bytes: ArrayBuffer | ArrayBufferView): string => {
    const view = ArrayBuffer.isView(bytes)
      ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      : new Uint8Array(bytes);
    const plain = btoa(String.fromCodePoint(...view));
    return plain.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  };
  const toBytes = (text: string): ArrayBuffer =>
    Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (one) =>
      one.codePointAt(0)!,
    ).buffer;
  const isBytes = (value: unknown): value is ArrayBuffer | ArrayBufferView =>
    value instanceof ArrayBuffer || ArrayBuffer.isView(value);
  const toJson = (value: unknown): unknown => {
    if (isBytes(value)) return toText(value);
    if (Array.isArray(value)) return value.map(toJson);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, toJson(one)]));
  };
  const untilAborted = (signal: AbortSignal | undefined) =>
    new Promise<never>((_, reject) => {
      const leave = () => reject(new DOMException('aborted', 'AbortError'));
      if (signal?.aborted) leave();
      signal?.addEventListener('abort', leave, { once: true });
    });

  const ask = async (
    kind: 'create' | 'get',
    options: CredentialCreationOptions | CredentialRequestOptions,
  ): Promise<unknown> => {
    // Nobody picks it from the list of a field: such a question waits until it is taken back.
    if ('mediation' in options && options.mediation === 'conditional')
      return untilAborted(options.signal);
    // What `exposeBinding` put there.
    const reach = Reflect.get(window, binding) as (
      kind: string,
      options: unknown,
    ) => Promise<Answer>;
    const { credential, error } = await reach(kind, toJson(options.publicKey));
    if (!credential) {
      const name = error?.startsWith('InvalidStateError') ? 'InvalidStateError' : 'NotAllowedError';
      throw new DOMException(error ?? 'no key answered', name);
    }
    return credentialOf(credential);
  };

  const credentialOf = ({ id, response }: NonNullable<Answer['credential']>) => {
    const { transports = [], ...texts } = response;
    const fields: Record<string, ArrayBuffer> = {};
    for (const [name, text] of Object.entries(texts)) fields[name] = toBytes(String(text));
    return {
      id,
      rawId: toBytes(id),
      type: 'public-key',
      authenticatorAttachment: 'cross-platform',
      response: { ...fields, getTransports: () => transports },
      getClientExtensionResults: () => ({}),
    };
  };

  Object.defineProperty(navigator, 'credentials', {
    value: {
      create: (options: CredentialCreationOptions) => ask('create', options),
      get: (options: CredentialRequestOptions) => ask('get', options),
    },
  });
}
