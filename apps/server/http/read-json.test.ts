import { limits } from '@proofline/kernel';
import { describe, expect, it } from 'vitest';
import { inspectJson, parseJson, readBody } from './read-json.ts';

const post = (body: BodyInit | null, headers: Record<string, string> = {}) =>
  new Request('http://staff.localhost/', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
const nested = (depth: number) => `${'['.repeat(depth)}1${']'.repeat(depth)}`;

describe('readBody', () => {
  it('reads JSON, whatever the parameters and the case of its type', async () => {
    const type = { 'content-type': 'Application/JSON; charset=utf-8' };
    expect(await readBody(post('{"a":[1,"ä"]}', type))).toEqual({ a: [1, 'ä'] });
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json-patch+json', ''])(
    'refuses the type %j: a form of another origin could send it',
    async (type) => {
      const asked = readBody(post('{}', { 'content-type': type }));
      await expect(asked).rejects.toMatchObject({ code: 'request.unsupported-type' });
    },
  );

  it('refuses a declared size before it reads a byte', async () => {
    const request = post('{}', { 'content-length': String(limits.requestBodyMaxBytes + 1) });
    await expect(readBody(request)).rejects.toMatchObject({ code: 'request.too-large' });
    expect(request.bodyUsed).toBe(false);
  });

  it('counts a body without a declared size while it arrives, and stops there', async () => {
    let sent = 0;
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1;
        controller.enqueue(new Uint8Array(8 * 1024).fill(0x20));
      },
      cancel() {
        cancelled = true;
      },
    });
    const request = new Request('http://staff.localhost/', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: endless,
      duplex: 'half',
    } as RequestInit); // `duplex` is missing in the DOM's types
    await expect(readBody(request)).rejects.toMatchObject({ code: 'request.too-large' });
    expect(sent).toBeLessThan(20);
    // Cancelled, the connection would be cut before the refusal is written.
    expect(cancelled).toBe(false);
  });

  it('takes a body of just the limit', async () => {
    const text = `"${'a'.repeat(limits.requestBodyMaxBytes - 2)}"`;
    expect(await readBody(post(text))).toHaveLength(limits.requestBodyMaxBytes - 2);
  });

  it.each([
    ['no body', null],
    ['an empty body', ''],
    ['half a document', '{"a":'],
    ['two documents', '{}{}'],
    ['what is not UTF-8', new Uint8Array([0x22, 0xff, 0xfe, 0x22])],
    ['a NUL in a text', '{"a":"x\\u0000y"}'],
    ['a NUL in a name', '{"x\\u0000":1}'],
    ['a lone surrogate', '["\\ud800"]'],
    ['a member that reaches the prototype', '{"__proto__":{"role":"supervisor"}}'],
    ['the same further in', '[{"a":{"__proto__":1}}]'],
  ])('refuses %s as malformed', async (_, body) => {
    await expect(readBody(post(body))).rejects.toMatchObject({ code: 'request.malformed' });
  });
});

describe('parseJson', () => {
  it('takes JSON of the deepest permitted nesting, and nothing deeper', () => {
    expect(parseJson(nested(limits.jsonMaxDepth))).toBeDefined();
    expect(() => parseJson(nested(limits.jsonMaxDepth + 1))).toThrow('request.too-deep');
    expect(() => parseJson(nested(30_000))).toThrow('request.too-deep');
  });

  it('tells nothing of the text that it refuses', () => {
    expect(() => parseJson('secret words')).toThrow(expect.not.stringContaining('secret'));
  });
});

describe('inspectJson', () => {
  it('hands on what can be kept, also beyond the basic plane', () => {
    const value = { a: ['😀', null, 1, true] };
    expect(inspectJson(value)).toBe(value);
  });
});
