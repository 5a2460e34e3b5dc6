import type { XmlElement } from './parse-xml.ts';

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
};
const escaped = (char: string): string => escapes[char] ?? char;
const textEscaped = (text: string): string => text.replaceAll(/[&<>\r]/g, escaped);
const valueEscaped = (text: string): string => text.replaceAll(/[&<"\t\n\r]/g, escaped);

const inOrder = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

interface Rendering {
  /** Left out, with all below it: the signature itself (xmldsig-core1 §6.6.4). */
  readonly without?: XmlElement | undefined;
  /** Prefixes that are written wherever they are bound (xml-exc-c14n §3). */
  readonly inclusivePrefixes?: readonly string[];
}

function declarationsOf(
  element: XmlElement,
  rendered: ReadonlyMap<string, string>,
  inclusive: readonly string[],
): readonly [string, string][] {
  const used = new Set([element.prefix, ...element.attributes.map(({ prefix }) => prefix)]);
  // An attribute without a prefix is in no namespace; only the element itself uses the default one.
  if (element.prefix !== '') used.delete('');
  for (const prefix of inclusive) if (element.scope.has(prefix)) used.add(prefix);
  used.delete('xml');
  return [...used]
    .map((prefix): [string, string] => [prefix, element.scope.get(prefix) ?? ''])
    .filter(([prefix, uri]) => (rendered.get(prefix) ?? '') !== uri)
    .toSorted(([one], [other]) => inOrder(one, other));
}

/**
 * Exclusive canonical XML without comments (xml-exc-c14n 1.0) of our own tree: what is digested is
 * what is read afterwards, and no second reader comes between.
 */
export function canonicalXml(root: XmlElement, rendering: Rendering = {}): string {
  const { without, inclusivePrefixes = [] } = rendering;
  const render = (element: XmlElement, outer: ReadonlyMap<string, string>): string => {
    const declared = declarationsOf(element, outer, inclusivePrefixes);
    const rendered = declared.length === 0 ? outer : new Map([...outer, ...declared]);
    const name = element.prefix === '' ? element.local : `${element.prefix}:${element.local}`;
    const declarations = declared.map(
      ([prefix, uri]) => ` ${prefix === '' ? 'xmlns' : `xmlns:${prefix}`}="${valueEscaped(uri)}"`,
    );
    const attributes = element.attributes
      .toSorted(
        (one, other) => inOrder(one.namespace, other.namespace) || inOrder(one.local, other.local),
      )
      .map(({ prefix, local, value }) => {
        const named = prefix === '' ? local : `${prefix}:${local}`;
        return ` ${named}="${valueEscaped(value)}"`;
      });
    const children = element.children.map((child) => {
      if (typeof child === 'string') return textEscaped(child);
      return child === without ? '' : render(child, rendered);
    });
    return `<${name}${declarations.join('')}${attributes.join('')}>${children.join('')}</${name}>`;
  };
  return render(root, new Map());
}
