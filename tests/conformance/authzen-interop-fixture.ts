// Another two systems, whose people and records the policies themselves know: the Todo application
// and the records of the working group's interoperability scenarios (openid/authzen, interop/). The
// facts are theirs, the policies are ours.

/** Who uses the Todo application: `id` as the token's `sub` says it, `email` as the todos say it. */
export const todoPeople = {
  rick: person('0', 'rick@the-citadel.com'),
  morty: person('1', 'morty@the-citadel.com'),
  summer: person('2', 'summer@the-smiths.com'),
  beth: person('3', 'beth@the-smiths.com'),
  jerry: person('4', 'jerry@the-smiths.com'),
} as const;

/** The five ids differ in one character only. */
function person(letter: string, email: string) {
  const middle = { '0': 'DA', '1': 'DE', '2': 'DI', '3': 'DM', '4': 'DQ' }[letter] ?? '';
  const id = `CiRmZ${middle}2MTRkMy1jMzlhLTQ3ODEtYjdiZC04Yjk2ZjVhNTEwMGQSBWxvY2Fs`;
  return { id, email };
}

const { rick, morty, summer } = todoPeople;
const editors = [rick, morty, summer];
const everybody = Object.values(todoPeople);

const departments = {
  Sales: ['107', '110', '113'],
  Legal: ['101', '102', '103', '105', '108', '112', '116', '117', '119'],
  Accounting: ['104', '106', '109', '111', '114', '118', '120'],
  Finance: ['115'],
} as const;
const employees = [
  { id: 'alice', department: 'Sales', isManager: true },
  { id: 'bob', department: 'Legal', isManager: false },
  { id: 'carol', department: 'Legal', isManager: false },
  { id: 'dan', department: 'Finance', isManager: true },
  { id: 'erin', department: 'Finance', isManager: false },
  { id: 'felix', department: 'Accounting', isManager: false },
] as const;
const records = Array.from({ length: 20 }, (_, index) => String(101 + index));
/** The records are owned in turn, from the first colleague to the last, and again. */
const ownedBy = (index: number) => records.filter((_, place) => place % employees.length === index);

/** Ids that the schema enumerates, so that they can be searched. */
export const interopIds = {
  user: [
    ...employees.map(({ id }) => id),
    ...everybody.flatMap(({ id, email }) => [id, email]),
  ] as readonly string[],
  record: records as readonly string[],
};

const quoted = (ids: readonly string[]) => ids.map((id) => JSON.stringify(id)).join(', ');
const entities = (type: string, ids: readonly string[]) =>
  `[${ids.map((id) => `Proofline::${type}::${JSON.stringify(id)}`).join(', ')}]`;
const actions = (names: readonly string[]) =>
  `[${names.map((name) => `Proofline::Action::${JSON.stringify(name)}`).join(', ')}]`;

export const interopSchema = `
  entity identity enum [${quoted(everybody.map(({ id }) => id))}];
  entity todo;
  entity route enum ["/users/{userId}", "/todos", "/todos/{todoId}"];
  type TodoFacts = { resource?: { ownerID?: String } };
  action "can_read_user" appliesTo { principal: user, resource: user, context: TodoFacts };
  action "can_read_todos", "can_create_todo", "can_update_todo", "can_delete_todo"
    appliesTo { principal: user, resource: todo, context: TodoFacts };
  action "GET", "POST", "PUT", "DELETE"
    appliesTo { principal: identity, resource: route, context: {} };
  entity application enum ["DemoApp"];
  type TokenFacts = { subject?: { role?: String, balance?: Long } };
  action "issue" appliesTo { principal: user, resource: application, context: TokenFacts };
  action "view", "edit" appliesTo { principal: user, resource: record, context: RecordFacts };
`;

let written = 0;
/** One permit. */
function permit(
  may: readonly string[],
  principals: string,
  { on = '', when = '' }: { readonly on?: string; readonly when?: string } = {},
): string {
  written += 1;
  const conditions = [`${principals}.contains(principal)`, ...[on, when].filter((one) => one)];
  return `@id("relationships.interop-${written}")
@reason("The interoperability scenario says so.")
permit (principal, action in ${actions(may)}, resource)
when { ${conditions.join(' && ')} };`;
}

const users = (people: readonly { readonly id: string }[]) =>
  entities(
    'user',
    people.map(({ id }) => id),
  );
const identities = (people: readonly { readonly id: string }[]) =>
  entities(
    'identity',
    people.map(({ id }) => id),
  );
const onRoute = (route: string) => `resource == Proofline::route::${JSON.stringify(route)}`;
const onRecords = (ids: readonly string[]) => `${entities('record', ids)}.contains(resource)`;

const todo = [
  permit(['can_read_user', 'can_read_todos'], users(everybody)),
  permit(['can_create_todo'], users(editors)),
  permit(['can_update_todo', 'can_delete_todo'], users([rick])),
  ...editors.map((editor) =>
    permit(['can_update_todo', 'can_delete_todo'], users([editor]), {
      when: `context has resource.ownerID && context.resource.ownerID == "${editor.email}"`,
    }),
  ),
];

/** The gateway in front of it knows the route, but not whose todo it is. */
const gateway = [
  permit(['GET'], identities(everybody)),
  permit(['POST'], identities(editors), { on: onRoute('/todos') }),
  permit(['PUT', 'DELETE'], identities(editors), { on: onRoute('/todos/{todoId}') }),
];

const ofRecords = employees.flatMap(({ id, department, isManager }, index) => [
  permit(['view', 'edit', 'delete'], users([{ id }]), { on: onRecords(ownedBy(index)) }),
  permit(['view'], users([{ id }]), {
    on: onRecords(isManager ? records : departments[department]),
  }),
  ...(isManager
    ? [permit(['edit'], users([{ id }]), { on: onRecords(departments[department]) })]
    : []),
]);

/** Whether the provider issues a token at all: by the role that it tells. */
const issuing = permit(['issue'], users(employees), {
  when: 'context has subject.role && ["manager", "editor"].contains(context.subject.role)',
});

export const interopPolicies = [issuing, ...todo, ...gateway, ...ofRecords].join('\n\n');
