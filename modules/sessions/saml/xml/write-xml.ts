const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Text for an element or a quoted attribute, of XML and of HTML. */
export const escapeXml = (text: string): string =>
  text.replaceAll(/[&<>"'\t\n\r]/g, (char) => escapes[char] ?? char);

/** XML that {@link element} wrote; a plain text is always escaped. */
export interface Written {
  readonly xml: string;
}

type Attributes = Readonly<Record<string, string | undefined>>;
type Content = Written | string | undefined;

/** An element; attributes and children that are `undefined` are left out. */
export function element(name: string, attributes: Attributes, ...content: Content[]): Written {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${escapeXml(value)}"`],
  );
  const inner = content.flatMap((child) => {
    if (child === undefined) return [];
    return [typeof child === 'string' ? escapeXml(child) : child.xml];
  });
  return { xml: `<${name}${written.join('')}>${inner.join('')}</${name}>` };
}
