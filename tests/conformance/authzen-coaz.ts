import { createPdpClient } from '@proofline/enforce';
import { authorizeMcp, readTools } from '@proofline/enforce/coaz';
import { describe, expect, test } from 'vitest';
import { todoPeople } from './authzen-interop-fixture.ts';
import type { AuthzenServer } from './authzen-server.ts';

/** What a tool server answers to `tools/list`: one tool says what its calls mean, one does not. */
const listed = {
  tools: [
    {
      name: 'complete_todo',
      inputSchema: {
        type: 'object',
        properties: { todo: { type: 'string' }, owner: { type: 'string' } },
        'x-authzen-mapping': {
          evaluation: {
            subject: { type: 'user', id: '$token.sub' },
            action: { name: 'can_update_todo' },
            resource: {
              type: 'todo',
              id: '$params.arguments.todo',
              properties: { ownerID: '$params.arguments.owner' },
            },
            context: { agent: '$token.?client_id' },
          },
        },
      },
    },
    {
      name: 'hand_over',
      inputSchema: {
        type: 'object',
        'x-authzen-mapping': {
          evaluations: {
            subject: { type: 'user', id: '$token.sub' },
            resource: { type: 'todo', id: '$params.arguments.todo' },
            evaluations: [
              { action: { name: 'can_read_todos' } },
              { action: { name: 'can_create_todo' } },
            ],
          },
        },
      },
    },
    { name: 'weather', inputSchema: { type: 'object' } },
  ],
};

/** COAZ-MCP: a tool call becomes a question to the real PDP, and what it decides is what happens. */
export function describeCoaz(pdp: () => AuthzenServer): void {
  const resourceId = 'https://tools.example';
  const call = (who: keyof typeof todoPeople, name: string, args: object) => {
    const client = createPdpClient({
      origin: pdp().origin,
      fetch: async (url, { body }) => {
        const sent = { body: String(body) };
        const { status, text } = await pdp().ask(new URL(url).pathname, undefined, sent);
        return new Response(text, { status });
      },
    });
    const params = { name, arguments: args };
    return authorizeMcp(
      {
        message: { jsonrpc: '2.0', id: 1, method: 'tools/call', params },
        token: { sub: todoPeople[who].id, aud: resourceId, client_id: 'assistant-7' },
        tools: readTools(listed),
      },
      { pdp: client, resourceId },
    );
  };

  describe('COAZ-MCP', () => {
    test('a mapped call is permitted to whom the policies permit it', async () => {
      const ricks = { todo: 'todo-1', owner: todoPeople.rick.email };
      const action = 'can_update_todo';
      expect(await call('rick', 'complete_todo', ricks)).toMatchObject({
        allowed: true,
        decisions: [{ action, resource: { type: 'todo', id: 'todo-1' } }],
      });
      const refusal = { error: { code: -32001, data: { decisionId: expect.any(String) } } };
      expect(await call('morty', 'complete_todo', ricks)).toMatchObject({ refusal });
      const own = { ...ricks, owner: todoPeople.morty.email };
      expect(await call('morty', 'complete_todo', own)).toMatchObject({ allowed: true });
    });

    test('a call that needs two permits has both or none', async () => {
      const args = { todo: 'todo-1' };
      const both = await call('summer', 'hand_over', args);
      expect(both).toMatchObject({ allowed: true, decisions: [{}, {}] });
      const refusal = { error: { code: -32001 } };
      expect(await call('beth', 'hand_over', args)).toMatchObject({ refusal });
    });

    test('a tool that says nothing, a missing argument and an unknown tool are refused', async () => {
      // The policies know no tool of this name: the default mapping asks, and the PDP denies.
      const asked = { error: { code: -32001, data: { decisionId: expect.any(String) } } };
      expect(await call('rick', 'weather', { zip: '1' })).toMatchObject({ refusal: asked });
      const unmapped = { error: { code: -32602 } };
      expect(await call('rick', 'complete_todo', { todo: '1' })).toMatchObject({
        refusal: unmapped,
      });
      expect(await call('rick', 'burn', {})).toMatchObject({ refusal: unmapped });
    });
  });
}
