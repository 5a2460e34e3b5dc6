import { XmlRefused, type XmlElement } from './parse-xml.ts';

export const isElement = (node: XmlElement | string): node is XmlElement =>
  typeof node !== 'string';

/** The child elements with this name. */
export function childrenOf(
  parent: XmlElement,
  namespace: string,
  local: string,
): readonly XmlElement[] {
  return parent.children.filter(
    (child): child is XmlElement =>
      isElement(child) && child.namespace === namespace && child.local === local,
  );
}

/** The one child with this name, or none. @throws XmlRefused when there are several */
export function childOf(
  parent: XmlElement,
  namespace: string,
  local: string,
): XmlElement | undefined {
  const [first, second] = childrenOf(parent, namespace, local);
  if (second) throw new XmlRefused(`twice ${local}`);
  return first;
}

/** The text of an element that holds nothing else. @throws XmlRefused */
export function textOf(element: XmlElement): string {
  let text = '';
  for (const child of element.children) {
    if (isElement(child)) throw new XmlRefused(`mixed ${element.local}`);
    text += child;
  }
  return text.trim();
}

/** An attribute without a prefix. */
export function attributeOf(element: XmlElement, local: string): string | undefined {
  return element.attributes.find((one) => one.namespace === '' && one.local === local)?.value;
}

/** The element and all below it. */
export function* withDescendants(element: XmlElement): Generator<XmlElement> {
  yield element;
  for (const child of element.children) if (isElement(child)) yield* withDescendants(child);
}
