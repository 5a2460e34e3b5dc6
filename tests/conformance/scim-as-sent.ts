import {
  enterprise,
  found,
  get,
  group,
  onGroup,
  onPerson,
  patch,
  refused,
  user,
  type ScimRequest,
} from './scim-request.ts';

/** As Entra provisions: it looks, makes, and patches with texts for booleans and value paths. */
export const entra: readonly ScimRequest[] = [
  get('Entra tests the connection', `/Users?filter=userName+eq+%22${'0'.repeat(32)}%22`, {
    totalResults: 0,
    Resources: [],
  }),
  {
    name: 'Entra makes a person',
    method: 'POST',
    path: '/Users',
    body: {
      schemas: [user, enterprise],
      externalId: '0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef',
      userName: 'Mara.Vidal@example.com',
      active: true,
      displayName: 'Mara Vidal',
      emails: [{ primary: true, type: 'work', value: 'mara.vidal@example.com' }],
      meta: { resourceType: 'User' },
      name: { formatted: 'Mara Vidal', familyName: 'Vidal', givenName: 'Mara' },
      roles: [],
      [enterprise]: { employeeNumber: 'DX-1', department: 'Harbour' },
    },
    status: 201,
    answer: { userName: 'Mara.Vidal@example.com', active: true, displayName: 'Mara Vidal' },
    keep: 'person',
  },
  {
    name: 'Entra makes a manager',
    method: 'POST',
    path: '/Users',
    body: {
      schemas: [user, enterprise],
      externalId: 'b1f8a4de-1111-4f8e-bf98-7363c4aed4ef',
      userName: 'otto.berg@example.com',
      active: 'True',
      displayName: 'Otto Berg',
      password: 'not looked at',
      [enterprise]: { employeeNumber: 'DX-2', department: 'Harbour' },
    },
    status: 201,
    answer: { active: true },
    keep: 'other',
  },
  found('Entra finds by user name, in whatever case', 'userName eq "mara.vidal@EXAMPLE.com"', 1),
  found('Entra finds by its own id', 'externalId eq "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef"', 1),
  found('its own id is exact', 'externalId eq "0A21F0F2-8D2A-4F8E-BF98-7363C4AED4EF"', 0),
  get('Entra reads a person', '/Users/{person}', { displayName: 'Mara Vidal' }),
  onPerson('Replace, with a capital', [{ op: 'Replace', path: 'displayName', value: 'M. Vidal' }], {
    displayName: 'M. Vidal',
  }),
  onPerson(
    'a value path that meets',
    [{ op: 'Replace', path: 'emails[type eq "work"].value', value: 'mara@example.com' }],
    { emails: [{ type: 'work', value: 'mara@example.com', primary: true }] },
  ),
  onPerson(
    'a value path that meets nothing yet',
    [{ op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '+44 20 7946 0018' }],
    { phoneNumbers: [{ type: 'mobile', value: '+44 20 7946 0018' }] },
  ),
  onPerson(
    'a replace of a value that is not there',
    [{ op: 'Replace', path: 'emails[type eq "home"].value', value: 'mara@home.example' }],
    { emails: [{ type: 'work' }, { type: 'home', value: 'mara@home.example' }] },
  ),
  onPerson(
    'a value path with two terms',
    [
      {
        op: 'Add',
        path: 'emails[type eq "other" and primary eq false].value',
        value: 'm@x.example',
      },
    ],
    { emails: [{ type: 'work' }, { type: 'home' }, { type: 'other', value: 'm@x.example' }] },
  ),
  onPerson(
    'a value is taken away by a filter',
    [{ op: 'Remove', path: 'emails[type eq "other"]' }],
    { emails: [{ type: 'work' }, { type: 'home' }] },
  ),
  onPerson(
    'an attribute of the extension, by its URI',
    [{ op: 'Add', path: `${enterprise}:division`, value: 'Fixed lines' }],
    { [enterprise]: { division: 'Fixed lines', department: 'Harbour' } },
  ),
  onPerson(
    'the department moves',
    [{ op: 'Replace', path: `${enterprise}:department`, value: 'Head office' }],
    { [enterprise]: { department: 'Head office' } },
  ),
  onPerson(
    'the manager as a bare id',
    [{ op: 'Add', path: `${enterprise}:manager`, value: 'stf_01k9h2m4zqe8vr5t7wx3yn6bcd' }],
    { [enterprise]: { manager: { value: 'stf_01k9h2m4zqe8vr5t7wx3yn6bcd' } } },
  ),
  onPerson(
    'the manager as an object',
    [
      {
        op: 'Replace',
        path: `${enterprise}:manager`,
        value: { value: 'stf_2', displayName: 'Otto' },
      },
    ],
    { [enterprise]: { manager: { value: 'stf_2', displayName: 'Otto' } } },
  ),
  onPerson('the manager is taken away', [{ op: 'Remove', path: `${enterprise}:manager` }], {
    [enterprise]: { department: 'Head office' },
  }),
  onPerson(
    'several at once',
    [
      { op: 'Replace', path: 'name.givenName', value: 'Mara Luise' },
      { op: 'Replace', path: 'name.familyName', value: 'Vidal-Berg' },
      { op: 'Add', path: 'title', value: 'Agent' },
    ],
    { name: { givenName: 'Mara Luise', familyName: 'Vidal-Berg' }, title: 'Agent' },
  ),
  onPerson(
    'without a path, with dotted members',
    [{ op: 'replace', value: { 'name.givenName': 'Mara', displayName: 'Mara Vidal' } }],
    { name: { givenName: 'Mara', familyName: 'Vidal-Berg' }, displayName: 'Mara Vidal' },
  ),
  onPerson(
    'without a path, with a URI before the member',
    [{ op: 'Add', value: { [`${enterprise}:costCenter`]: '4711', [`${user}:title`]: 'Lead' } }],
    { [enterprise]: { costCenter: '4711' }, title: 'Lead' },
  ),
  onPerson('an empty text takes away', [{ op: 'Replace', path: 'title', value: '' }], {
    displayName: 'Mara Vidal',
  }),
  onPerson(
    'what is not kept here is passed over',
    [
      { op: 'Add', path: 'addresses[type eq "work"].country', value: 'PT' },
      { op: 'Add', path: 'urn:example:custom:User:badge', value: '7' },
    ],
    { displayName: 'Mara Vidal' },
  ),
  onPerson('"False" is a departure', [{ op: 'Replace', path: 'active', value: 'False' }], {
    active: false,
  }),
  onPerson('and again', [{ op: 'Replace', path: 'active', value: 'False' }], { active: false }),
  found('who has left is found', 'active eq false', 1),
  onPerson('"True" is a return', [{ op: 'Replace', path: 'active', value: 'True' }], {
    active: true,
  }),
  found('nobody has left', 'active eq "False"', 0),
];

/** As Okta provisions: whole resources by PUT, members without a path, pages of a hundred. */
export const okta: readonly ScimRequest[] = [
  get('Okta tests the connection', '/Users?startIndex=1&count=2', {
    totalResults: 2,
    startIndex: 1,
    itemsPerPage: 2,
  }),
  get('Okta reads the first page', '/Users?startIndex=1&count=100', { itemsPerPage: 2 }),
  get('Okta reads the next page', '/Users?startIndex=101&count=100', { itemsPerPage: 0 }),
  {
    name: 'Okta puts a whole person',
    method: 'PUT',
    path: '/Users/{other}',
    body: {
      schemas: [user, enterprise],
      id: 'stf_whatever',
      userName: 'otto.berg@example.com',
      name: { givenName: 'Otto', familyName: 'Berg', middleName: null },
      emails: [{ primary: true, value: 'otto.berg@example.com', type: 'work' }],
      phoneNumbers: [],
      groups: [],
      active: true,
      displayName: 'Otto Berg',
      locale: 'en-GB',
      [enterprise]: { employeeNumber: 'DX-2', department: 'Harbour', manager: { value: '' } },
    },
    status: 200,
    answer: { name: { givenName: 'Otto', familyName: 'Berg' }, active: true },
  },
  {
    name: 'Okta deactivates without a path',
    method: 'PATCH',
    path: '/Users/{other}',
    body: patch({ op: 'replace', value: { active: false } }),
    status: 200,
    answer: { active: false },
  },
  {
    name: 'Okta activates by PUT, in another spelling of the names',
    method: 'PUT',
    path: '/Users/{other}',
    body: {
      SCHEMAS: [user],
      username: 'otto.berg@example.com',
      DisplayName: 'Otto Berg',
      Active: true,
      [enterprise.toUpperCase()]: { EmployeeNumber: 'DX-2', DEPARTMENT: 'Harbour' },
    },
    status: 200,
    answer: { active: true, displayName: 'Otto Berg' },
  },
  found('by a part of the name', 'userName co "berg"', 1),
  found('by its beginning', 'userName sw "mara"', 1),
  found('by its end', 'userName ew "@example.com"', 2),
  found('by a sub-attribute', 'name.familyName eq "Vidal-Berg"', 1),
  found('by a value path', 'emails[type eq "work" and value co "mara"]', 1),
  found('by an attribute of the extension', `${enterprise}:department eq "harbour"`, 1),
  found('by presence', 'title pr', 0),
  found('by two, one or the other', 'userName sw "mara" or displayName eq "Otto Berg"', 2),
  found('by two, both', 'userName sw "mara" and displayName eq "Otto Berg"', 0),
  found('by what it is not', 'not (userName sw "mara")', 1),
  found('by time', 'meta.lastModified gt "2020-01-01T00:00:00Z"', 2),
  found('operators in capitals', 'userName EQ "otto.berg@example.com" AND active EQ true', 1),
];

/** Groups, as both send them. */
export const groups: readonly ScimRequest[] = [
  get(
    'Entra looks for a group',
    '/Groups?excludedAttributes=members&filter=displayName+eq+%22Billing%22',
    {
      totalResults: 0,
    },
  ),
  {
    name: 'a group is made',
    method: 'POST',
    path: '/Groups',
    body: { schemas: [group], externalId: '8aa1a0c0', displayName: 'Billing', meta: {} },
    status: 201,
    answer: { displayName: 'Billing', members: [] },
    keep: 'group',
  },
  onGroup('a member is added', [{ op: 'Add', path: 'members', value: [{ value: '{person}' }] }], {
    members: [{ value: '{person}' }],
  }),
  onGroup(
    'a member twice is one member',
    [
      {
        op: 'Add',
        path: 'members',
        value: [{ $ref: null, value: '{person}' }, { value: '{other}' }],
      },
    ],
    { members: [{ value: '{person}' }, { value: '{other}' }] },
  ),
  onGroup(
    'Okta takes a member away by a filter',
    [{ op: 'remove', path: 'members[value eq "{other}"]' }],
    { members: [{ value: '{person}' }] },
  ),
  onGroup(
    'Entra takes a member away by the value',
    [{ op: 'Remove', path: 'members', value: [{ value: '{person}' }] }],
    { members: [] },
  ),
  onGroup(
    'whoever is no member is no error',
    [{ op: 'remove', path: 'members[value eq "{person}"]' }],
    { members: [] },
  ),
  onGroup(
    'Okta replaces all members',
    [{ op: 'replace', path: 'members', value: [{ value: '{person}', display: 'Mara' }] }],
    { members: [{ value: '{person}' }] },
  ),
  onGroup(
    'Okta renames without a path',
    [{ op: 'replace', value: { id: '{group}', displayName: 'Billing desk' } }],
    { displayName: 'Billing desk' },
  ),
  get('a person says their groups', '/Users/{person}', { groups: [{ value: '{group}' }] }),
  get('a group without its members', '/Groups/{group}?excludedAttributes=members', {
    displayName: 'Billing desk',
  }),
  get('groups by their name', '/Groups?filter=displayName+eq+%22billing+DESK%22', {
    totalResults: 1,
  }),
  get('groups by a member', '/Groups?filter=members%5Bvalue+eq+%22{person}%22%5D', {
    totalResults: 1,
  }),
  {
    name: 'a group is put whole',
    method: 'PUT',
    path: '/Groups/{group}',
    body: { schemas: [group], displayName: 'Billing', members: [{ value: '{other}' }] },
    status: 200,
    answer: { displayName: 'Billing', members: [{ value: '{other}' }] },
  },
  {
    name: 'a stranger is no member',
    method: 'PATCH',
    path: '/Groups/{group}',
    body: patch({ op: 'add', path: 'members', value: [{ value: 'stf_nobody' }] }),
    status: 400,
    answer: refused('invalidValue'),
  },
  {
    name: 'a name is one group’s',
    method: 'POST',
    path: '/Groups',
    body: { schemas: [group], displayName: 'BILLING' },
    status: 409,
    answer: refused('uniqueness', 409),
  },
  { name: 'a group is removed', method: 'DELETE', path: '/Groups/{group}', status: 204 },
  get('a removed group is gone', '/Groups/{group}', { status: '404' }),
];
