import { describe, expect, test } from 'vitest';
import { todoPeople } from './authzen-interop-fixture.ts';
import type { AuthzenServer } from './authzen-server.ts';

type Name = keyof typeof todoPeople;

/** For each person: may they read people, read todos, create; update Rick’s, their own; delete Rick’s, their own. */
const todoRows: readonly (readonly [Name, string])[] = [
  ['rick', '+++ ++ ++'],
  ['morty', '+++ -+ -+'],
  ['summer', '+++ -+ -+'],
  ['beth', '++- -- --'],
  ['jerry', '++- -- --'],
];

/** For each person: GET a user, GET the todos, POST, PUT, DELETE. */
const gatewayRows: readonly (readonly [Name, string])[] = [
  ['rick', '+++++'],
  ['morty', '+++++'],
  ['summer', '+++++'],
  ['beth', '++---'],
  ['jerry', '++---'],
];

const subjectRows: readonly (readonly [record: number, action: string, who: string])[] = [
  [101, 'view', 'alice bob carol dan'],
  [101, 'edit', 'alice'],
  [101, 'delete', 'alice'],
  [104, 'view', 'alice dan felix'],
  [105, 'view', 'alice bob carol dan erin'],
  [110, 'edit', 'alice dan'],
  [110, 'delete', 'dan'],
  [112, 'view', 'alice bob carol dan felix'],
  [115, 'view', 'alice carol dan erin'],
  [115, 'edit', 'carol dan'],
  [120, 'delete', 'bob'],
  [121, 'view', ''],
  [101, 'burn', ''],
];

const all = '101 102 103 104 105 106 107 108 109 110 111 112 113 114 115 116 117 118 119 120';
const resourceRows: readonly (readonly [who: string, action: string, records: string])[] = [
  ['alice', 'view', all],
  ['alice', 'edit', '101 107 110 113 119'],
  ['alice', 'delete', '101 107 113 119'],
  ['bob', 'view', '101 102 103 105 108 112 114 116 117 119 120'],
  ['bob', 'edit', '102 108 114 120'],
  ['carol', 'view', '101 102 103 105 108 109 112 115 116 117 119'],
  ['carol', 'delete', '103 109 115'],
  ['dan', 'edit', '104 110 115 116'],
  ['dan', 'delete', '104 110 116'],
  ['erin', 'view', '105 111 115 117'],
  ['erin', 'delete', '105 111 117'],
  ['felix', 'view', '104 106 109 111 112 114 118 120'],
  ['nobody', 'view', ''],
];

const actionRows: readonly (readonly [who: string, record: number, actions: string])[] = [
  ['alice', 101, 'delete edit view'],
  ['alice', 102, 'view'],
  ['alice', 110, 'edit view'],
  ['bob', 104, ''],
  ['dan', 115, 'edit view'],
  ['dan', 116, 'delete edit view'],
  ['erin', 118, ''],
  ['felix', 104, 'view'],
];

/**
 * The working group's interoperability scenarios against policies of ours: what is expected there,
 * said again in rows. The records of the search scenario are the claims of the identity provider's.
 */
export function describeInterop(pdp: () => AuthzenServer): void {
  const { decide } = asking(pdp);

  describe('Todo', () => {
    const todo = (owner: string, id = '7240d0db-8ff0-41ec-98b2-34a096273b9f') => ({
      resource: { type: 'todo', id, properties: { ownerID: owner } },
    });

    test.each(todoRows)('1.0 what %s may', async (name, expected) => {
      const { id, email } = todoPeople[name];
      const may = (action: string, more: object) => ({ action: { name: action }, ...more });
      const list = { resource: { type: 'todo', id: 'todo-1' } };
      const decisions = await decide({
        subject: { type: 'user', id },
        evaluations: [
          may('can_read_user', { resource: { type: 'user', id: todoPeople.beth.email } }),
          may('can_read_todos', list),
          may('can_create_todo', list),
          may('can_update_todo', todo(todoPeople.rick.email)),
          may('can_update_todo', todo(email)),
          may('can_delete_todo', todo(todoPeople.rick.email)),
          may('can_delete_todo', todo(email)),
        ],
      });
      expect(decisions).toBe(expected.replaceAll(' ', ''));
    });

    test('1.1 which todos may be completed, several at once, with empty members at the top', async () => {
      const { morty, rick, jerry } = todoPeople;
      const body = (id: string) => ({
        subject: { type: 'user', id },
        action: { name: 'can_update_todo' },
        resource: {},
        evaluations: [todo(rick.email), todo(morty.email), todo(jerry.email)],
      });
      expect(await decide(body(rick.id))).toBe('+++');
      expect(await decide(body(morty.id))).toBe('-+-');
      expect(await decide(body(jerry.id))).toBe('---');
    });
  });

  describe('API gateway', () => {
    test.each(gatewayRows)('which routes %s may use', async (name, expected) => {
      const on = (method: string, route: string) => ({
        action: { name: method },
        resource: { type: 'route', id: route },
      });
      const decisions = await decide({
        subject: { type: 'identity', id: todoPeople[name].id },
        evaluations: [
          on('GET', '/users/{userId}'),
          on('GET', '/todos'),
          on('POST', '/todos'),
          on('PUT', '/todos/{todoId}'),
          on('DELETE', '/todos/{todoId}'),
        ],
      });
      expect(decisions).toBe(expected);
    });
  });

  describe('search, and identity provider', () => {
    describeSearches(asking(pdp));
  });
}

type Asking = ReturnType<typeof asking>;

function asking(pdp: () => AuthzenServer) {
  const ask = async (path: string, body: object) => {
    const { status, json } = await pdp().ask(path, body);
    expect(status).toBe(200);
    return json as {
      evaluations: { decision: boolean }[];
      results: { id: string; name: string }[];
    };
  };
  const decide = async (body: object) => {
    const { evaluations } = await ask('/access/v1/evaluations', { context: {}, ...body });
    return evaluations.map(({ decision }) => (decision ? '+' : '-')).join('');
  };
  return { ask, decide };
}

function describeSearches({ ask, decide }: Asking): void {
  const idsOf = ({ results }: { readonly results: readonly { readonly id: string }[] }) =>
    results.map(({ id }) => id).join(' ');

  test('who may do something with a record', async () => {
    for (const [record, action, who] of subjectRows) {
      const found = await ask('/access/v1/search/subject', {
        subject: { type: 'user' },
        action: { name: action },
        resource: { type: 'record', id: String(record) },
      });
      expect(idsOf(found), `${action} ${record}`).toBe(who);
    }
  });

  test('with which records somebody may do something: what the provider puts into its token', async () => {
    for (const [who, action, records] of resourceRows) {
      const found = await ask('/access/v1/search/resource', {
        subject: { type: 'user', id: who },
        action: { name: action },
        resource: { type: 'record' },
      });
      expect(idsOf(found), `${who} ${action}`).toBe(records);
    }
  });

  test('whether the provider issues a token, by what it tells of the person', async () => {
    const person = (id: string, role: string, balance: number) => ({
      subject: { type: 'user', id, properties: { role, balance } },
    });
    const decisions = await decide({
      action: { name: 'issue' },
      resource: { type: 'application', id: 'DemoApp' },
      evaluations: [
        person('alice', 'manager', 110),
        person('bob', 'editor', 60),
        person('carol', 'contractor', 0),
        person('dan', 'manager', 60),
        person('erin', 'editor', 110),
        person('felix', 'contractor', 100),
      ],
    });
    expect(decisions).toBe('++-++-');
  });

  // The scenario's own vectors name the record by a number.
  test('what somebody may do with a record that is named by a number', async () => {
    for (const [who, record, actions] of actionRows) {
      const found = await ask('/access/v1/search/action', {
        subject: { type: 'user', id: who },
        resource: { type: 'record', id: record },
      });
      expect(found.results.map(({ name }) => name).join(' '), `${who} ${record}`).toBe(actions);
    }
  });
}
