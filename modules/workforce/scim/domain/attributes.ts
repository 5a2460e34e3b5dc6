import { scimSchemas } from '@proofline/protocol';

/** An attribute as RFC 7643 §7 describes it. */
export interface Attribute {
  readonly name: string;
  readonly type: 'string' | 'boolean' | 'complex' | 'reference' | 'dateTime';
  readonly multiValued: boolean;
  readonly description: string;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: 'readWrite' | 'readOnly' | 'immutable';
  readonly returned: 'default' | 'always';
  readonly uniqueness: 'none' | 'server';
  readonly subAttributes?: readonly Attribute[];
}

/** A schema with its attributes. */
export interface Schema {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly Attribute[];
}

type More = Partial<Omit<Attribute, 'name' | 'description'>>;

function attribute(name: string, description: string, more: More = {}): Attribute {
  return {
    name,
    type: more.subAttributes === undefined ? 'string' : 'complex',
    multiValued: false,
    description,
    required: false,
    caseExact: false,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    ...more,
  };
}

const plural = (what: string) => ({
  multiValued: true,
  subAttributes: [
    attribute('value', `The ${what}.`, { required: true }),
    attribute('type', 'Such as work or home.'),
    attribute('display', 'How it is shown.'),
    attribute('primary', 'Whether it is the one to use.', { type: 'boolean' }),
  ],
});

/** What every resource has (RFC 7643 §3.1); described by no schema. */
export const everywhere: readonly Attribute[] = [
  attribute('id', 'Ours, for ever.', {
    mutability: 'readOnly',
    returned: 'always',
    caseExact: true,
    uniqueness: 'server',
  }),
  attribute('externalId', 'The directory’s own id.', { caseExact: true }),
  attribute('meta', 'Times and version.', {
    mutability: 'readOnly',
    subAttributes: [
      attribute('resourceType', 'User or Group.', { mutability: 'readOnly' }),
      attribute('created', 'When it came.', { mutability: 'readOnly', type: 'dateTime' }),
      attribute('lastModified', 'When it changed.', { mutability: 'readOnly', type: 'dateTime' }),
      attribute('location', 'Where it is read.', { mutability: 'readOnly', type: 'reference' }),
      attribute('version', 'Its ETag.', { mutability: 'readOnly', caseExact: true }),
    ],
  }),
];

/** People (RFC 7643 §4.1), as far as anything here comes of it. There is no `password`. */
export const userSchema: Schema = {
  id: scimSchemas.user,
  name: 'User',
  description: 'A person who works here. Nothing that they sign in with.',
  attributes: [
    attribute('userName', 'Their name in the directory; one person’s only.', {
      required: true,
      uniqueness: 'server',
    }),
    attribute('name', 'The parts of the name.', {
      subAttributes: [
        attribute('formatted', 'The whole name.'),
        attribute('familyName', 'The family name.'),
        attribute('givenName', 'The given name.'),
        attribute('middleName', 'The middle names.'),
        attribute('honorificPrefix', 'The title before.'),
        attribute('honorificSuffix', 'The title behind.'),
      ],
    }),
    attribute('displayName', 'The name that colleagues see.'),
    attribute('title', 'The job title.'),
    attribute('preferredLanguage', 'The preferred language.'),
    attribute('active', 'False: has left. Every session ends at once.', { type: 'boolean' }),
    attribute('emails', 'Addresses.', plural('address')),
    attribute('phoneNumbers', 'Telephone numbers.', plural('number')),
    attribute('groups', 'The groups that they are in.', {
      multiValued: true,
      mutability: 'readOnly',
      subAttributes: [
        attribute('value', 'The group’s id.', { mutability: 'readOnly' }),
        attribute('display', 'The group’s name.', { mutability: 'readOnly' }),
        attribute('$ref', 'Where it is read.', { mutability: 'readOnly', type: 'reference' }),
      ],
    }),
  ],
};

/** What an employer adds (RFC 7643 §4.3). */
export const enterpriseSchema: Schema = {
  id: scimSchemas.enterprise,
  name: 'EnterpriseUser',
  description: 'What the employer says of a person.',
  attributes: [
    attribute('employeeNumber', 'Up to four capitals and eight digits, once and for ever.', {
      required: true,
      mutability: 'immutable',
      uniqueness: 'server',
    }),
    attribute('department', 'The desk.', { required: true }),
    attribute('costCenter', 'The cost center.'),
    attribute('organization', 'The organization.'),
    attribute('division', 'The division.'),
    attribute('manager', 'Whom they report to.', {
      subAttributes: [
        attribute('value', 'The manager’s id.'),
        attribute('displayName', 'The manager’s name.'),
      ],
    }),
  ],
};

/** Groups (RFC 7643 §4.2). */
export const groupSchema: Schema = {
  id: scimSchemas.group,
  name: 'Group',
  description: 'A group of people; configuration says which role it stands for.',
  attributes: [
    attribute('displayName', 'The group’s name; one group’s only.', {
      required: true,
      uniqueness: 'server',
    }),
    attribute('members', 'The people in it.', {
      multiValued: true,
      subAttributes: [
        attribute('value', 'The person’s id.', { required: true, mutability: 'immutable' }),
        attribute('display', 'The person’s name.', { mutability: 'readOnly' }),
        attribute('type', 'User.', { mutability: 'immutable' }),
      ],
    }),
  ],
};

/** What a resource is made of: its own schema, and extensions under their URI. */
export interface ResourceShape {
  readonly core: Schema;
  readonly extensions: readonly Schema[];
}

/** A person. */
export const userShape: ResourceShape = { core: userSchema, extensions: [enterpriseSchema] };
/** A group. */
export const groupShape: ResourceShape = { core: groupSchema, extensions: [] };

/** The attribute of that name, in whatever case. */
export function findAttribute(
  attributes: readonly Attribute[],
  name: string,
): Attribute | undefined {
  const wanted = name.toLowerCase();
  return attributes.find((one) => one.name.toLowerCase() === wanted);
}
