import { limits } from '@proofline/kernel';
import { describe, expect, it, vi } from 'vitest';
import { inspectJson, parseJson, readJson } from './read-json.ts';

const text = (body: string | Uint8Array) => async () => Buffer.from(body);
const nested = (depth: number) => `${'['.repeat(depth)}1${']'.repeat(depth)}`;

describe('readJson', () => {
  it('reads JSON, whatever the parameters and the case of its type', async () => {
    const type = 'Application/JSON; charset=utf-8';
    expect(await readJson(type, text('{"a":[1,"ä"]}'))).toEqual({ a: [1, 'ä'] });
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json-patch+json', ''])(
    'refuses the type %j, which a form of another origin could send, before it waits for a body',
    async (type) => {
      const receive = vi.fn<() => Promise<Uint8Array>>(text('{}'));
      await expect(readJson(type, receive)).rejects.toMatchObject({
        code: 'request.unsupported-type',
      });
      expect(receive).not.toHaveBeenCalled();
    },
  );

  it.each([
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
    await expect(readJson('application/json', text(body))).rejects.toMatchObject({
      code: 'request.malformed',
    });
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
