import {
  enterprise,
  found,
  get,
  onPerson,
  patch,
  refused,
  user,
  type ScimRequest,
} from './scim-request.ts';

/** What is asked about SCIM itself. */
export const discovery: readonly ScimRequest[] = [
  get('what is understood', '/ServiceProviderConfig', {
    patch: { supported: true },
    bulk: { supported: false },
    changePassword: { supported: false },
    etag: { supported: true },
  }),
  get('kinds of resources', '/ResourceTypes', { totalResults: 2 }),
  get('one kind', '/ResourceTypes/User', { endpoint: '/Users' }),
  get('schemas', '/Schemas', { totalResults: 3 }),
  get('one schema', `/Schemas/${enterprise}`, { name: 'EnterpriseUser' }),
  get('no such schema', '/Schemas/urn:example', { status: '404' }),
  get('only some attributes', '/Users/{person}?attributes=userName,name.givenName', {
    userName: 'Mara.Vidal@example.com',
    name: { givenName: 'Mara' },
  }),
  get('no such path', '/Bulk', { status: '404' }),
];

/** What is refused, and how. */
export const wrong: readonly ScimRequest[] = [
  get('no such person', '/Users/stf_01k9h2m4zqe8vr5t7wx3yn6bcd', { status: '404' }),
  get('what is no id', '/Users/%2e%2e', { status: '404' }),
  get('a filter that ends', '/Users?filter=userName+eq', refused('invalidFilter')),
  get('a filter of nothing known', '/Users?filter=password+pr', refused('invalidFilter')),
  get('a filter without quotes', '/Users?filter=userName+eq+mara', refused('invalidFilter')),
  get('a filter with one quote', '/Users?filter=userName+eq+%22m', refused('invalidFilter')),
  get(
    'a filter too deep',
    `/Users?filter=${'('.repeat(40)}title+pr${')'.repeat(40)}`,
    refused('invalidFilter'),
  ),
  get('a page that is none', '/Users?startIndex=one', refused('invalidValue')),
  get('a negative page is the first', '/Users?startIndex=-5&count=1', { startIndex: 1 }),
  get('a negative count is none', '/Users?count=-1', { itemsPerPage: 0, totalResults: 2 }),
  onPerson('no such operation', [{ op: 'copy', path: 'title' }], refused('invalidSyntax')),
  onPerson('no operations', [], refused('invalidSyntax')),
  onPerson(
    'a path that is none',
    [{ op: 'add', path: 'a..b', value: 'x' }],
    refused('invalidPath'),
  ),
  onPerson(
    'a filter on what is no list',
    [{ op: 'replace', path: 'name[givenName eq "M"].familyName', value: 'x' }],
    refused('invalidPath'),
  ),
  onPerson('a remove without a path', [{ op: 'remove' }], refused('noTarget')),
  onPerson(
    'a value path that describes nothing',
    [{ op: 'replace', path: 'emails[value co "nowhere"].type', value: 'x' }],
    refused('noTarget'),
  ),
  onPerson('an id is ours', [{ op: 'replace', path: 'id', value: 'stf_x' }], refused('mutability')),
  onPerson(
    'groups are read only',
    [{ op: 'add', path: 'groups', value: [{ value: 'x' }] }],
    refused('mutability'),
  ),
  onPerson(
    'an employee number is for ever',
    [{ op: 'replace', path: `${enterprise}:employeeNumber`, value: 'DX-9' }],
    refused('mutability'),
  ),
  onPerson(
    'the desk is needed',
    [{ op: 'remove', path: `${enterprise}:department` }],
    refused('invalidValue'),
  ),
  onPerson(
    'the user name is needed',
    [{ op: 'remove', path: 'userName' }],
    refused('invalidValue'),
  ),
  onPerson(
    'a user name is one person’s',
    [{ op: 'replace', path: 'userName', value: 'OTTO.berg@example.com' }],
    refused('uniqueness', 409),
  ),
  onPerson(
    'a boolean that is none',
    [{ op: 'replace', path: 'active', value: 'perhaps' }],
    refused('invalidValue'),
  ),
  {
    name: 'an employee number is one person’s',
    method: 'POST',
    path: '/Users',
    body: { userName: 'x@example.com', [enterprise]: { employeeNumber: 'DX-1', department: 'A' } },
    status: 409,
    answer: refused('uniqueness', 409),
  },
  {
    name: 'a person without an employee number',
    method: 'POST',
    path: '/Users',
    body: { schemas: [user], userName: 'y@example.com' },
    status: 400,
    answer: refused('invalidValue'),
  },
  {
    name: 'a member that stands twice',
    method: 'POST',
    path: '/Users',
    body: '{"userName":"a","USERNAME":"b"}',
    status: 400,
    answer: refused('invalidSyntax'),
  },
  {
    name: 'no JSON',
    method: 'POST',
    path: '/Users',
    body: '{"userName"',
    status: 400,
    answer: refused('invalidSyntax'),
  },
  {
    name: 'an older version',
    method: 'PATCH',
    path: '/Users/{person}',
    body: patch({ op: 'replace', path: 'title', value: 'x' }),
    headers: { 'if-match': 'W/"1"' },
    status: 412,
    answer: { status: '412' },
  },
  {
    name: 'whatever version there is',
    method: 'PATCH',
    path: '/Users/{person}',
    body: patch({ op: 'replace', path: 'title', value: 'Agent' }),
    headers: { 'if-match': '*' },
    status: 200,
    answer: { title: 'Agent' },
  },
];

/** The end. */
export const leaving: readonly ScimRequest[] = [
  { name: 'a person is removed', method: 'DELETE', path: '/Users/{person}', status: 204 },
  get('and is gone', '/Users/{person}', { status: '404' }),
  { name: 'and is not removed twice', method: 'DELETE', path: '/Users/{person}', status: 404 },
  found('nor found', 'userName eq "mara.vidal@example.com"', 0),
  {
    name: 'who comes back is the same person',
    method: 'POST',
    path: '/Users',
    body: {
      schemas: [user, enterprise],
      userName: 'mara.vidal@example.com',
      displayName: 'Mara Vidal',
      [enterprise]: { employeeNumber: 'DX-1', department: 'Harbour' },
    },
    status: 201,
    answer: { id: '{person}', active: true },
  },
];
