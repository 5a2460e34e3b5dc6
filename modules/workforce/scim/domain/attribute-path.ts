import { everywhere, findAttribute, type Attribute, type ResourceShape } from './attributes.ts';

/** Where an attribute stands in a resource. */
export interface AttributePath {
  /** The extension’s URI, for an attribute of an extension. */
  readonly extension: string | undefined;
  readonly attribute: Attribute;
  readonly sub: Attribute | undefined;
}

/** `whole`: a URI alone. `unknown`: well-formed, and nothing that is kept here. */
export type Located =
  | { readonly is: 'attribute'; readonly path: AttributePath }
  | { readonly is: 'whole'; readonly extension: string | undefined }
  | { readonly is: 'unknown' }
  | { readonly is: 'malformed' };

const NAME = /^[$A-Za-z][\w$-]*$/;

/** Reads `name`, `name.sub`, `urn:…:User:name` and `urn:…:User:name.sub` (RFC 7644 §3.10). */
export function locate(text: string, shape: ResourceShape): Located {
  const lower = text.toLowerCase();
  for (const schema of [shape.core, ...shape.extensions]) {
    const uri = schema.id.toLowerCase();
    const extension = schema === shape.core ? undefined : schema.id;
    if (lower === uri) return { is: 'whole', extension };
    if (!lower.startsWith(`${uri}:`)) continue;
    return within(text.slice(uri.length + 1), schema.attributes, extension);
  }
  if (lower.startsWith('urn:')) return { is: 'unknown' };
  return within(text, [...everywhere, ...shape.core.attributes], undefined);
}

function within(
  text: string,
  attributes: readonly Attribute[],
  extension: string | undefined,
): Located {
  const [name = '', subName, ...more] = text.split('.');
  const isWellFormed = NAME.test(name) && (subName === undefined || NAME.test(subName));
  if (!isWellFormed || more.length > 0) return { is: 'malformed' };
  const attribute = findAttribute(attributes, name);
  if (attribute === undefined) return { is: 'unknown' };
  if (subName === undefined) {
    return { is: 'attribute', path: { extension, attribute, sub: undefined } };
  }
  const sub = findAttribute(attribute.subAttributes ?? [], subName);
  return sub === undefined
    ? { is: 'unknown' }
    : { is: 'attribute', path: { extension, attribute, sub } };
}
