import { newId, systemClock, systemRandom } from '@proofline/kernel';
import type { Decision } from '@proofline/protocol';
import { describe, expect, it } from 'vitest';
import type { Question, Verdict } from '../pdp/create-pdp-client.ts';
import { authorizeMcp, readTools, type McpVerdict } from './index.ts';

const resourceId = 'https://tools.example';
const token = {
  sub: 'stf_ines',
  aud: resourceId,
  client_id: 'assistant-7',
  sid: 'ses_1',
  roles: ['billing', 'tier-1'],
};
const anchored = { agent: 'assistant-7', session_id: 'ses_1' };
const ports = { clock: systemClock, random: systemRandom };

function permitFor({ action, resource }: Question): Decision {
  return {
    decisionId: newId('dec', ports),
    evidenceId: newId('evt', ports),
    effect: 'permit',
    forbidden: false,
    action: action.name,
    resource: { type: resource.type, id: resource.id },
    reasons: [],
    remedies: [],
    obligations: {},
    release: { sequence: 1, digest: 'd' },
    decidedAt: '2026-11-02T09:00:00.000Z',
  };
}

/** Sends a message past a PDP that answers as it is told, and keeps what it was asked. */
async function send(
  message: object,
  more: {
    readonly tools?: unknown[];
    readonly claims?: object;
    readonly verdicts?: readonly (Verdict['effect'] | 'unavailable')[];
    readonly options?: object;
  } = {},
): Promise<{ asked: Question[]; verdict: McpVerdict }> {
  const asked: Question[] = [];
  const evaluate = async (question: Question): Promise<Verdict> => {
    const effect = more.verdicts?.[asked.length] ?? 'permit';
    asked.push(question);
    if (effect === 'unavailable') return { effect: 'deny', because: 'unavailable' };
    const decision = permitFor(question);
    return effect === 'permit'
      ? { effect, decision }
      : { effect, because: 'decided', decision: { ...decision, effect } };
  };
  const verdict = await authorizeMcp(
    {
      message: { jsonrpc: '2.0', id: 7, ...message },
      token: { ...token, ...more.claims },
      tools: readTools({ tools: more.tools ?? [] }),
    },
    { pdp: { evaluate }, resourceId, ...more.options },
  );
  return { asked, verdict };
}

const tool = (name: string, mapping?: unknown) => ({
  name,
  inputSchema: { type: 'object', ...(mapping !== undefined && { 'x-authzen-mapping': mapping }) },
});
const call = (name: string, args: object = {}) => ({
  method: 'tools/call',
  params: { name, arguments: args },
});
const codeOf = (verdict: McpVerdict) => (verdict.allowed ? 'allowed' : verdict.refusal.error.code);

describe('a tool that declares a mapping', () => {
  const getCustomer = tool('get_customer', {
    evaluation: {
      subject: { type: 'Staff', id: '$token.sub' },
      action: { name: 'account:read' },
      resource: { type: 'Account', id: '$params.arguments.account' },
      context: { agent: '$token.?client_id', case: '$params.arguments.?case', kind: 'crm' },
    },
  });

  it('becomes one question: literals as they are, expressions from arguments and claims', async () => {
    const { asked, verdict } = await send(
      call('get_customer', { account: 'HX-1', case: 'cse_1' }),
      {
        tools: [getCustomer],
      },
    );
    expect(verdict).toMatchObject({ allowed: true, decisions: [{ action: 'account:read' }] });
    expect(asked).toEqual([
      {
        subject: { type: 'Staff', id: 'stf_ines' },
        action: { name: 'account:read' },
        resource: { type: 'Account', id: 'HX-1' },
        context: { case: 'cse_1', kind: 'crm', ...anchored },
      },
    ]);
  });

  it('leaves out what is absent, and refuses what is needed and not there', async () => {
    const { asked } = await send(call('get_customer', { account: 'HX-1' }), {
      tools: [getCustomer],
    });
    expect(asked[0]?.context).toEqual({ kind: 'crm', ...anchored });
    const { asked: none, verdict } = await send(call('get_customer'), { tools: [getCustomer] });
    expect(none).toEqual([]);
    expect(verdict).toMatchObject({
      allowed: false,
      refusal: { id: 7, error: { code: -32602, message: expect.stringContaining("'account'") } },
    });
  });

  it('may need several decisions, and goes on only if every one is a permit', async () => {
    const copy = tool('copy', {
      evaluations: {
        subject: { id: '$token.sub' },
        resource: { type: 'object' },
        evaluations: [
          { action: { name: 'read' }, resource: { id: '$params.arguments.from' } },
          { action: { name: 'write' }, resource: { id: '$params.arguments.to' } },
        ],
      },
    });
    const message = call('copy', { from: '/a', to: '/b' });
    const both = await send(message, { tools: [copy] });
    expect(both.verdict).toMatchObject({ allowed: true });
    expect(
      both.asked.map(({ action, resource }) => [action.name, resource.type, resource.id]),
    ).toEqual([
      ['read', 'object', '/a'],
      ['write', 'object', '/b'],
    ]);
    expect(both.asked[1]?.subject).toEqual({ type: 'identity', id: 'stf_ines' });
    const second = await send(message, { tools: [copy], verdicts: ['permit', 'deny'] });
    expect(second.verdict).toMatchObject({
      refusal: { error: { code: -32001, data: { decisionId: expect.stringMatching(/^dec_/) } } },
    });
    const first = await send(message, { tools: [copy], verdicts: ['deny'] });
    expect(first.asked).toHaveLength(1);
  });

  it('takes its action, type and properties from conditions', async () => {
    const transfer = tool('transfer', {
      evaluation: {
        subject: { type: "$token.roles.exists(r, r == 'treasury') ? 'treasurer' : 'clerk'" },
        action: { name: "$params.arguments.currency == 'EUR' ? 'sepa' : 'abroad'" },
        resource: {
          type: 'account',
          id: '$params.arguments.from',
          properties: { sensitivity: "$params.arguments.amount > 10000 ? 'high' : 'usual'" },
        },
      },
    });
    const { asked } = await send(call('transfer', { currency: 'EUR', from: 'A', amount: 10_001 }), {
      tools: [transfer],
      claims: { roles: ['treasury'] },
    });
    expect(asked[0]).toMatchObject({
      subject: { type: 'treasurer', id: 'stf_ines' },
      action: { name: 'sepa' },
      resource: { properties: { sensitivity: 'high' } },
    });
  });
});

describe('a mapping cannot say', () => {
  const refused = async (mapping: unknown, args: object = {}): Promise<unknown> => {
    const { asked, verdict } = await send(call('t', args), { tools: [tool('t', mapping)] });
    expect(asked).toEqual([]);
    return codeOf(verdict);
  };
  const about = (change: object) => ({
    evaluation: { action: { name: 'a' }, resource: { type: 'r', id: '1' }, ...change },
  });
  const own = { action: { name: 'a' }, resource: { type: 'r', id: '1' } };

  it('who asks, in which session, under which grant, or by which agent', async () => {
    expect(await refused(about({ subject: { id: 'stf_other' } }))).toBe(-32602);
    expect(await refused(about({ subject: { id: '$params.arguments.me' } }), { me: 'x' })).toBe(
      -32602,
    );
    const entry = { ...own, subject: { id: '$token.sub' } };
    expect(await refused({ evaluations: { evaluations: [entry] } })).toBe(-32602);
    const acting = { actors: ['svc_friend'] };
    const ids = { agent: 'another', session_id: 'ses_9', grant_id: 'grt_9' };
    const context = { ...ids, ...acting, note: 'kept' };
    for (const told of [context, '$params.arguments.context']) {
      const { asked } = await send(call('t', { context }), {
        tools: [tool('t', about({ context: told }))],
      });
      // The token has no grant: then there is none.
      expect(asked[0]?.context).toEqual({ note: 'kept', ...anchored });
    }
  });

  it('what an approval was given for, or what the enforcement point can carry out', async () => {
    const reserved = [
      'approval',
      'content_digest',
      'supported_obligations',
      'obligations_supported',
    ];
    for (const name of reserved) {
      expect(await refused(about({ context: { [name]: 'x' } }))).toBe(-32602);
      const smuggled = { context: { [name]: 'x' } };
      expect(await refused(about({ context: '$params.arguments.context' }), smuggled)).toBe(-32602);
    }
  });

  it.each<[string, unknown]>([
    ['nothing', {}],
    ['null', null],
    ['a list', []],
    ['two envelopes', { ...about({}), evaluations: { evaluations: [own] } }],
    ['an envelope that there is not', { search: own }],
    ['a member beside AuthZEN’s', about({ decision: true })],
    ['a property beside properties', about({ resource: { type: 'r', id: '1', owner: 'me' } })],
    ['an entity as one expression', about({ resource: '$params.arguments' })],
    ['no resource', { evaluation: { action: { name: 'a' } } }],
    ['no action', { evaluation: { resource: { type: 'r', id: '1' } } }],
    ['an id that is a number', about({ resource: { type: 'r', id: 1 } })],
    ['an id that is null', about({ resource: { type: 'r', id: '$null' } })],
    ['an id that is absent', about({ resource: { type: 'r', id: '$params.?nothing' } })],
    ['an empty id', about({ resource: { type: 'r', id: '' } })],
    ['a context that is a text', about({ context: 'x' })],
    ['no entries', { evaluations: { evaluations: [] } }],
    ['too many entries', { evaluations: { evaluations: Array.from({ length: 33 }, () => own) } }],
    ['a template without end', about({ context: { a: Array.from({ length: 300 }, () => 1) } })],
    ['a reserved name', about({ context: JSON.parse('{"__proto__":{"x":1}}') })],
  ])('%s', async (_name, mapping) => {
    expect(await refused(mapping)).toBe(-32602);
  });
});

describe('a message without a mapping of a tool', () => {
  it('has the mapping of its method', async () => {
    const cases: [string, object, object][] = [
      ['initialize', { protocolVersion: '2025-06-18' }, { type: 'mcp_server', id: resourceId }],
      ['tools/list', {}, { type: 'mcp_server', id: resourceId }],
      ['resources/read', { uri: 'file:///a' }, { type: 'resource', id: 'file:///a' }],
      ['prompts/get', { name: 'greet' }, { type: 'prompt', id: 'greet' }],
      [
        'completion/complete',
        { ref: { type: 'ref/prompt', name: 'p' } },
        { type: 'prompt', id: 'p' },
      ],
      [
        'completion/complete',
        { ref: { type: 'ref/resource', uri: 'u' } },
        { type: 'resource', id: 'u' },
      ],
      ['tasks/cancel', { taskId: 't-1' }, { type: 'task', id: 't-1' }],
    ];
    for (const [method, params, resource] of cases) {
      const { asked } = await send({ method, params });
      expect(asked).toMatchObject([
        { subject: { type: 'identity', id: 'stf_ines' }, action: { name: method }, resource },
      ]);
    }
    const { asked } = await send({ method: 'logging/setLevel', params: { level: 'debug' } });
    expect(asked[0]?.context).toEqual({ level: 'debug', ...anchored });
  });

  it('of a listed tool asks for the tool itself; one that was not listed is not asked about', async () => {
    const { asked } = await send(call('plain'), { tools: [tool('plain')] });
    expect(asked).toMatchObject([
      { action: { name: 'tools/call' }, resource: { type: 'tool', id: 'plain' } },
    ]);
    for (const name of ['unlisted', 'toString', '__proto__', '']) {
      const { asked: none, verdict } = await send(call(name), { tools: [tool('plain')] });
      expect([none, codeOf(verdict)]).toEqual([[], -32602]);
    }
    const twice = await send(call('plain'), { tools: [tool('plain'), tool('plain')] });
    expect(codeOf(twice.verdict)).toBe(-32602);
  });

  it('goes through unasked only as a ping or a notification', async () => {
    for (const method of ['ping', 'notifications/cancelled']) {
      const { asked, verdict } = await send({ method, id: undefined });
      expect([asked, verdict]).toEqual([[], { allowed: true, decisions: [] }]);
    }
    for (const method of [
      'notifications/cancelled',
      'sampling/createMessage',
      'new/method',
      'constructor',
    ]) {
      const { asked, verdict } = await send({ method });
      expect([asked, codeOf(verdict)]).toEqual([[], -32001]);
    }
    // Without an id, a call is still a call.
    const { asked, verdict } = await send(
      { ...call('plain'), id: undefined },
      { tools: [tool('plain')], verdicts: ['deny'] },
    );
    expect(asked).toHaveLength(1);
    expect(verdict).toMatchObject({ allowed: false, refusal: { id: null } });
  });

  it('is refused when it is none, when its token is for another, and when the PDP is not there', async () => {
    for (const message of [{ jsonrpc: '1.0' }, { method: 1 }, { params: [] }, { id: {} }]) {
      expect(codeOf((await send({ method: 'tools/list', ...message })).verdict)).toBe(-32602);
    }
    const list = { method: 'tools/list' };
    for (const claims of [
      { aud: 'https://other.example' },
      { aud: [] },
      { sub: undefined },
      { sub: 7 },
    ]) {
      expect(codeOf((await send(list, { claims })).verdict)).toBe(-32602);
    }
    expect(codeOf((await send(list, { claims: { aud: ['x', resourceId] } })).verdict)).toBe(
      'allowed',
    );
    expect(codeOf((await send(list, { verdicts: ['unavailable'] })).verdict)).toBe(-32603);
    const { asked } = await send(list, {
      claims: { act_for: 'stf_tomas' },
      options: { subjectClaim: 'act_for', anchoredContext: { robot: 'sub' } },
    });
    expect(asked[0]).toMatchObject({
      subject: { id: 'stf_tomas' },
      context: { robot: 'stf_ines' },
    });
  });

  it('anchors session and grant also where an integrator anchors something else', async () => {
    const mapping = {
      evaluation: {
        action: { name: 'account:read' },
        resource: { type: 'Account', id: 'HX-1' },
        context: '$params.arguments',
      },
    };
    const { asked } = await send(call('t', { session_id: 'ses_other', grant_id: 'grt_other' }), {
      tools: [tool('t', mapping)],
      options: { anchoredContext: { robot: 'sub' } },
    });
    expect(asked[0]?.context).toEqual({
      agent: 'assistant-7',
      session_id: 'ses_1',
      robot: 'stf_ines',
    });
  });

  it('refuses a message that is nested too deeply to be read, and does not throw', async () => {
    const deep: unknown = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`);
    expect(codeOf((await send(call('t', { deep: deep as never }))).verdict)).toBe(-32602);
  });
});

describe('texts and numbers', () => {
  it('that begin with a dollar are expressions, and with two a text with one', async () => {
    const mapping = {
      evaluation: { action: { name: '$$50' }, resource: { type: 'r', id: '$$$token.sub' } },
    };
    const { asked } = await send(call('t'), { tools: [tool('t', mapping)] });
    expect(asked[0]).toMatchObject({ action: { name: '$50' }, resource: { id: '$$token.sub' } });
  });

  it('that were rounded on their way are refused', async () => {
    for (const n of [2 ** 53, -(2 ** 60), 1e300]) {
      const { asked, verdict } = await send(call('plain', { n }), { tools: [tool('plain')] });
      expect([asked, codeOf(verdict)]).toEqual([[], -32602]);
    }
  });
});
