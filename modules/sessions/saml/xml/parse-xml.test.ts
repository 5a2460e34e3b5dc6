import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalXml } from './canonical-xml.ts';
import { parseXml, XmlRefused } from './parse-xml.ts';
import { textOf } from './read-xml.ts';

const limits = { charsMax: 20_000 };
const whyRefused = (xml: string, more: object = {}): string => {
  try {
    parseXml(xml, { ...limits, ...more });
    return 'it was read';
  } catch (error) {
    return error instanceof XmlRefused ? error.internal : `another error: ${String(error)}`;
  }
};

describe('XML that attacks its reader', () => {
  it.each<[name: string, xml: string, rule: string]>([
    [
      'an external entity',
      '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
      'markup',
    ],
    ['a DOCTYPE without anything', '<!DOCTYPE a><a/>', 'markup'],
    ['a DOCTYPE inside', '<a><!DOCTYPE a></a>', 'markup'],
    ['a billion laughs', '<!DOCTYPE a [<!ENTITY b "&c;&c;">]><a>&b;</a>', 'markup'],
    ['an entity that nobody defined', '<a>&xxe;</a>', 'entity'],
    ['an entity of the prototype', '<a>&constructor;</a>', 'entity'],
    ['a parameter entity', '<a>%x;</a><!ENTITY % x "y">', 'after-end'],
    ['a character that XML has not', '<a>&#0;</a>', 'entity'],
    ['half a surrogate by number', '<a>&#xD800;</a>', 'entity'],
    ['a control character', '<a>\u0000</a>', 'character'],
    ['a comment in a value', '<a>user@good.example<!-- -->.evil.example</a>', 'markup'],
    ['a processing instruction', '<a><?php x ?></a>', 'markup'],
    ['a stylesheet', '<?xml-stylesheet href="x"?><a/>', 'markup'],
    ['CDATA', '<a><![CDATA[<b/>]]></a>', 'markup'],
    ['another encoding', '<?xml version="1.0" encoding="UTF-7"?><a/>', 'markup'],
    ['a second root', '<a/><b/>', 'after-end'],
    ['a root that is never closed', '<a>', 'markup'],
    ['crossed tags', '<a><b></a></b>', 'nesting'],
    ['one attribute twice', '<a x="1" x="2"/>', 'attribute-twice'],
    [
      'one attribute twice, by two prefixes',
      '<a xmlns:p="u" xmlns:q="u" p:x="1" q:x="2"/>',
      'attribute-twice',
    ],
    ['a prefix that nothing is bound to', '<p:a/>', 'prefix'],
    ['a prefix bound to nothing', '<a xmlns:p=""/>', 'namespace'],
    ['the prefix xml bound anew', '<a xmlns:xml="urn:x"/>', 'namespace'],
    ['a tag in an attribute', '<a x="<b/>"/>', 'tag'],
    ['attributes without space', '<a x="1"y="2"/>', 'tag'],
    ['a name that is no name', '<a:b:c/>', 'tag'],
    ['more depth than anything has', '<a>'.repeat(40) + '</a>'.repeat(40), 'depth'],
    ['more elements than anything has', `<a>${'<b/>'.repeat(2_100)}</a>`, 'elements'],
    ['more text than is read', `<a>${'x'.repeat(20_001)}</a>`, 'size'],
    [
      'a mountain of attributes',
      `<a ${Array.from({ length: 50 }, (_, n) => `x${n}="1"`).join(' ')}/>`,
      'attributes',
    ],
  ])('is refused: %s', (_name, xml, rule) => {
    expect(whyRefused(xml)).toBe(rule);
  });

  it('reads what is plain XML, references and namespaces included', () => {
    const root = parseXml(
      '\u{FEFF}<?xml version="1.0" encoding="UTF-8"?>\r\n<p:a xmlns:p="urn:p" x=\'"&#x41;\'>&lt;&amp;&#66;\r\n</p:a>\n',
      limits,
    );
    expect(root).toMatchObject({ namespace: 'urn:p', local: 'a', attributes: [{ value: '"A' }] });
    expect(root.children).toEqual(['<&B\n']);
  });
  it('leaves out comments beside elements where told to, and refuses one in a value even then', () => {
    const told = { commentsBesideElements: true };
    const root = parseXml('<!-- a --><a><!-- b --><b>x</b></a>', { ...limits, ...told });
    expect(root.children).toHaveLength(1);
    expect(whyRefused('<a><b>good<!-- -->.evil</b></a>', told)).toBe('comment');
    expect(whyRefused('<a><!-- -- --></a>', told)).toBe('markup');
  });
  it('answers any text whatever with a tree or a refusal, and a tree survives being written', () => {
    const pieces =
      `<a|>|</a>|/>| x="1"|'|"|&amp;|&#x3c;|<!--|-->|<![CDATA[|xmlns="u"| xmlns:p="v"|<p:b/>|]]>`.split(
        '|',
      );
    const piece = fc.constantFrom(...pieces, '<?xml version="1.0"?>', '\r\n', 'é', '𝔸', ' ');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (chosen) => {
        const xml = `<a>${chosen.join('')}</a>`;
        let root;
        try {
          root = parseXml(xml, limits);
        } catch (error) {
          expect(error).toBeInstanceOf(XmlRefused);
          return;
        }
        const written = canonicalXml(root);
        expect(canonicalXml(parseXml(written, limits))).toBe(written);
      }),
      { numRuns: 2_000, seed: 4 },
    );
  });
  it('does not take a value for text that has elements in it', () => {
    const root = parseXml('<a>x<b/>y</a>', limits);
    expect(() => textOf(root)).toThrow(XmlRefused);
  });
});
