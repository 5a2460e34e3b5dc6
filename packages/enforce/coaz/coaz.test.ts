import type { Json } from '@proofline/kernel';
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

/** What one expression is worth, as a property of the resource; a refusal's message otherwise. */
async function worth(expression: string, args: object = {}, claims: object = {}): Promise<unknown> {
  const resource = { type: 'thing', id: 'x', properties: { value: `$${expression}` } };
  const mapping = { evaluation: { action: { name: 'use' }, resource } };
  const { asked, verdict } = await send(call('t', args), { tools: [tool('t', mapping)], claims });
  if (!verdict.allowed) return verdict.refusal.error.message;
  return (asked[0]?.resource as { properties?: Record<string, Json> }).properties?.['value'];
}
const broken = expect.stringMatching(/^COAZ mapping error/);

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
    const context = { agent: 'another', session_id: 'ses_9', grant_id: 'grt_9', note: 'kept' };
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
});

describe('expressions', () => {
  const args = {
    n: 3,
    big: 10_001,
    list: ['a', 'b'],
    m: { k: null, 'a-b': 1 },
    s: 'Ä𝒳!',
    no: false,
  };

  it.each<[string, unknown]>([
    ["params.arguments['n']", 3],
    ['params.arguments.list[1]', 'b'],
    ["params.arguments.m['a-b'] == 1", true],
    ['params.arguments.m.k == null', true],
    ["'it''s'", broken],
    [String.raw`'it\'s \"so\"'`, `it's "so"`],
    ["'acct/' + params.arguments.list[0]", 'acct/a'],
    ['-1 < 0 && 1.5e3 > 1499', true],
    ["params.arguments.n in [1, 2, 3] && 'k' in params.arguments.m", true],
    ['!(params.arguments.n == 4) || false', true],
    ['!!true', true],
    ["true ? 'a' : true ? 'b' : 'c'", 'a'],
    ['has(params.arguments.n) && !has(params.arguments.x)', true],
    ["params.arguments.?x.?y.orValue('none')", 'none'],
    ["params.arguments.m.?k.orValue('none')", null],
    ['params.arguments[?"n"].hasValue()', true],
    ['params.arguments.?x', undefined],
    ['size(params.arguments.list) + 1', broken],
    ['size(params.arguments.s) == params.arguments.n', true],
    ['params.arguments.list.size()', 2],
    ['string(params.arguments.n)', '3'],
    ['string(params.arguments.big) == "10001"', true],
    ["'abc'.startsWith('ab') && 'abc'.endsWith('bc') && 'abc'.contains('b')", true],
    ["params.arguments.list.all(x, x != 'c')", true],
    ["'ｚ' < '𝒳'", true],
    ["1 == '1'", false],
    ['[1, [2]] == [1, [2]]', true],
    ['params.arguments.list', ['a', 'b']],
    // One side that decides makes the other's error meaningless.
    ['false && params.nothing', false],
    ['params.nothing && false', false],
    ['params.nothing || true', true],
    ["['a', 1].exists(x, x.startsWith('a'))", true],
    // And where it does not decide, the error stands.
    ['params.nothing && true', broken],
    ["['b', 1].exists(x, x.startsWith('a'))", broken],
    ['params.arguments.n ? 1 : 2', broken],
    ['params.arguments.list[2]', broken],
    ['params.arguments.list[-1]', broken],
    ['params.arguments.list["0"]', broken],
    ["'a' < 1", broken],
    ['null < null', broken],
    ['nothing', broken],
    ['token.constructor', broken],
    ["params['__proto__']", broken],
    ['params.arguments.n.toString()', broken],
    ['params.arguments.?x == 1', broken],
  ])('%s', async (expression, value) => {
    expect(await worth(expression, args)).toEqual(value);
  });

  it.each([
    '',
    '1 +',
    '(1',
    '1)',
    '[1,]',
    'a b',
    'a.b(1)',
    'eval("1")',
    'constructor("1")',
    "x.matches('(a+)+$')",
    'params.map(x, x)',
    "r'raw'",
    "b'bytes'",
    "'''three'''",
    '{"a": 1}',
    '1u',
    '0x1F',
    '9007199254740993',
    '1 - 1',
    '2 * 2',
    'a = 1',
    'a; b',
    '// no',
    '`a`',
    "'\\u0041'",
    'in',
    'has(params)',
    'params.exists(1, true)',
    `${'('.repeat(40)}1${')'.repeat(40)}`,
    `'${'x'.repeat(1_000)}'`,
  ])('%s is not read', async (expression) => {
    expect(await worth(expression)).toEqual(broken);
  });

  it('of a literal begin with one dollar', async () => {
    const mapping = {
      evaluation: { action: { name: '$$50' }, resource: { type: 'r', id: '$$$token.sub' } },
    };
    const { asked } = await send(call('t'), { tools: [tool('t', mapping)] });
    expect(asked[0]).toMatchObject({ action: { name: '$50' }, resource: { id: '$$token.sub' } });
  });

  it('come to an end, and tell nobody’s values', async () => {
    const many = Array.from({ length: 300 }, (_, at) => at);
    const nested =
      'params.arguments.many.all(a, params.arguments.many.all(b, a + b != 7 || a == b))';
    expect(await worth(nested.replace('a + b != 7', 'a != b'), { many })).toEqual(
      expect.stringContaining('too many steps'),
    );
    const told = await worth('params.arguments[params.arguments.secret]', { secret: 'HX-20017' });
    expect(told).toEqual(broken);
    expect(told).not.toContain('HX-20017');
    expect(await worth('params.arguments.n', { n: 9_007_199_254_740_992 })).toEqual(broken);
  });
});
