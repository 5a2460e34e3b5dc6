import { isId } from '@proofline/kernel';
import type { SamlContext } from '../saml-context.ts';
import type { ReleasableAttribute, ServiceProvider } from '../service-provider.ts';

interface Attribute {
  readonly name: string;
  readonly values: readonly string[];
}

/** The names under which service providers know them (RFC 4519; eduPerson). */
const nameOf: Readonly<Record<ReleasableAttribute, string>> = {
  'display-name': 'urn:oid:2.16.840.1.113730.3.1.241',
  roles: 'urn:oid:1.3.6.1.4.1.5923.1.1.1.7',
};

/** What this service provider is registered for, and nothing else. */
export async function attributesFor(
  context: SamlContext,
  provider: ServiceProvider,
  subjectId: string,
): Promise<readonly Attribute[]> {
  if (provider.attributes.length === 0 || !isId('stf', subjectId)) return [];
  const person = await context.peers().findStaff(subjectId);
  const valuesOf: Readonly<Record<ReleasableAttribute, readonly string[]>> = {
    'display-name': person?.displayName === undefined ? [] : [person.displayName],
    roles: person?.roles ?? [],
  };
  return provider.attributes
    .map((attribute) => ({ name: nameOf[attribute], values: valuesOf[attribute] }))
    .filter(({ values }) => values.length > 0);
}
