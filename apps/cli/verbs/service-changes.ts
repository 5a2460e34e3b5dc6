import { isId, type Id } from '@proofline/kernel';
import {
  Action,
  addServiceKey,
  narrowService,
  registerService,
  registeredRoles,
  removeService,
  resumeService,
  retireServiceKey,
  ServiceProof,
  suspendService,
  widenService,
  type Action as ActionName,
} from '@proofline/protocol';
import type { CallRoute } from '../server/call-route.ts';
import type { PersonVerb, PersonWords, PlannedAct } from '../server/person-verb.ts';
import { readKeyFile } from '../server/read-key-file.ts';
import { readNumber } from '../server/read-named.ts';
import { tellService } from '../server/tell-programs.ts';
import { exitCodes, type ExitCode, type Io } from '../verb.ts';

type Fields = Readonly<Record<string, string>>;

const lineOf = (name: string, value: string) => `${name.padEnd(12)}${value}`;
const linesOf = (fields: Fields) =>
  Object.entries(fields).map(([name, value]) => lineOf(name, value));

/** Actions by their names; `undefined`: one of them is none. */
function readScopes(names: readonly string[]): ActionName[] | undefined {
  const read = names.map((name) => Action.safeParse(name).data);
  return read.every((one) => one !== undefined) ? read : undefined;
}

/** A rate that was named; `false`: what was named is none. */
function readRate(words: PersonWords): number | undefined | false {
  const text = words.text('rate');
  return text === undefined ? undefined : (readNumber(text) ?? false);
}

const given = (text: string | undefined) => (text?.trim() === '' ? undefined : text?.trim());

/** Which APIs its tokens are for, and which it is itself: what is not named is not asked for. */
function readApis(words: PersonWords) {
  const [audiences, serves] = [words.texts('audience'), words.texts('serves')];
  return {
    ...(audiences.length > 0 && { audiences: [...audiences] }),
    ...(serves.length > 0 && { serves: [...serves] }),
  };
}

const apiFields = ({ audiences, serves }: ReturnType<typeof readApis>): Fields => ({
  ...(audiences && { Audience: audiences.join(', ') }),
  ...(serves && { Serves: serves.join(', ') }),
});

/** `service register`. */
export const register: PersonVerb = {
  name: 'service register',
  usage:
    '--name NAME --for TEXT --kind KIND --owner STAFF --scope ACTION... --rate N --key FILE' +
    ' [--proves dpop|signature|certificate|named-certificate] [--audience ORIGIN]... [--serves ORIGIN]...',
  summary: 'Registers a program with its public key, once a person has touched their security key.',
  options: ['name', 'for', 'kind', 'owner', 'scope', 'rate', 'key', 'proves', 'audience', 'serves'],
  async plan(words, io) {
    const [name, purpose] = [given(words.text('name')), given(words.text('for'))];
    const role = registeredRoles.find((one) => one === words.text('kind'));
    const ownerId = words.text('owner');
    const scopes = readScopes(words.texts('scope'));
    const ratePerMinute = readNumber(words.text('rate'));
    const proves = ServiceProof.safeParse(words.text('proves') ?? 'dpop').data;
    const isWhole = name !== undefined && purpose !== undefined && role !== undefined;
    if (words.target !== undefined || !isWhole || !isId('stf', ownerId)) return undefined;
    if (!scopes?.length || ratePerMinute === undefined || proves === undefined) return undefined;
    const key = await readKeyFile(words.text('key'), io);
    if (key === undefined) return undefined;
    const apis = readApis(words);
    const body = { name, purpose, role, ownerId, scopes, ratePerMinute, proves, key, ...apis };
    const fields = { Name: name, Kind: role, May: scopes.join(', '), Proves: proves };
    return {
      lines: linesOf({ ...fields, ...apiFields(apis) }),
      path: registerService.path,
      acr: 'phrh',
      async act(call, out) {
        const one = await call(registerService, { body });
        out.say('It is registered.');
        tellService(one, out);
        return exitCodes.ok;
      },
    };
  },
};

interface Change {
  readonly serviceId: Id<'svc'>;
  readonly words: PersonWords;
}

interface Planned extends Pick<PlannedAct, 'acr'> {
  /** The address of the act, below that of the service. */
  readonly below: string;
  readonly lines?: Fields;
  readonly act: (call: CallRoute) => Promise<unknown>;
  /** What is so afterwards. */
  readonly done: string;
}

/** An act on one service, whose id is the word after the verb. */
const onOne = (
  verb: Pick<PersonVerb, 'name' | 'usage' | 'summary' | 'options'>,
  plan: (change: Change, io: Io) => Planned | undefined | Promise<Planned | undefined>,
): PersonVerb => ({
  ...verb,
  async plan(words, io) {
    const { target: serviceId } = words;
    if (!isId('svc', serviceId)) return undefined;
    const planned = await plan({ serviceId, words }, io);
    if (planned === undefined) return undefined;
    const { acr, act, below, done, lines = {} } = planned;
    return {
      lines: [lineOf('Service', serviceId), ...linesOf(lines)],
      path: `/api/services/${serviceId}/${below}`,
      ...(acr && { acr }),
      act: async (call, out): Promise<ExitCode> => {
        await act(call);
        out.say(done);
        return exitCodes.ok;
      },
    };
  },
});

/** `service add-key`. */
export const addKey = onOne(
  {
    name: 'service add-key',
    usage: 'SERVICE --key FILE',
    summary: 'Adds the next public key of a program; the one before stays good for a week.',
    options: ['key'],
  },
  async ({ serviceId, words }, io) => {
    const key = await readKeyFile(words.text('key'), io);
    if (key === undefined) return undefined;
    return {
      below: 'keys',
      acr: 'phrh',
      act: (call) => call(addServiceKey, { params: { serviceId }, body: { key } }),
      done: 'It is good from now on, and the one before for a week, unless you retire it sooner.',
    };
  },
);

/** `service retire`. */
export const retire = onOne(
  {
    name: 'service retire',
    usage: 'SERVICE --key KEY',
    summary: 'Retires a key of a program, and every token that it was used for, at once.',
    options: ['key'],
  },
  ({ serviceId, words }) => {
    const kid = words.text('key') ?? '';
    if (!/^[\w-]{43}$/.test(kid)) return undefined;
    return {
      below: `keys/${kid}/retire`,
      lines: { Key: kid },
      act: (call) => call(retireServiceKey, { params: { serviceId, kid } }),
      done: 'It is retired, on every server within two seconds.',
    };
  },
);

/** `service change`. */
export const change = onOne(
  {
    name: 'service change',
    usage:
      'SERVICE [--scope ACTION]... [--rate N] [--owner STAFF] [--audience ORIGIN]... [--serves ORIGIN]...',
    summary: 'Gives a program other scopes, audiences, another rate or another owner.',
    options: ['scope', 'rate', 'owner', 'audience', 'serves'],
  },
  ({ serviceId, words }) => {
    const scopes = readScopes(words.texts('scope'));
    const ratePerMinute = readRate(words);
    const ownerId = words.text('owner');
    if (!scopes || ratePerMinute === false) return undefined;
    if (ownerId !== undefined && !isId('stf', ownerId)) return undefined;
    const apis = readApis(words);
    const body = {
      ...(scopes.length > 0 && { scopes }),
      ...(ratePerMinute !== undefined && { ratePerMinute }),
      ...(ownerId !== undefined && { ownerId }),
      ...apis,
    };
    if (Object.keys(body).length === 0) return undefined;
    return {
      below: 'terms',
      acr: 'phrh',
      lines: {
        ...(scopes.length > 0 && { May: scopes.join(', ') }),
        ...(ratePerMinute !== undefined && { Rate: `${ratePerMinute} a minute` }),
        ...(ownerId !== undefined && { Owner: ownerId }),
        ...apiFields(apis),
      },
      act: (call) => call(widenService, { params: { serviceId }, body }),
      done: 'It is so now, on every server within two seconds.',
    };
  },
);

/** `service narrow`. */
export const narrow = onOne(
  {
    name: 'service narrow',
    usage: 'SERVICE [--without ACTION]... [--rate N]',
    summary: 'Takes scopes from a program, or lowers its rate.',
    options: ['without', 'rate'],
  },
  ({ serviceId, words }) => {
    const without = readScopes(words.texts('without'));
    const ratePerMinute = readRate(words);
    if (!without || ratePerMinute === false) return undefined;
    if (without.length === 0 && ratePerMinute === undefined) return undefined;
    const body = { without, ...(ratePerMinute !== undefined && { ratePerMinute }) };
    return {
      below: 'narrow',
      lines: {
        ...(without.length > 0 && { Without: without.join(', ') }),
        ...(ratePerMinute !== undefined && { Rate: `${ratePerMinute} a minute` }),
      },
      act: (call) => call(narrowService, { params: { serviceId }, body }),
      done: 'It is so now, on every server within two seconds.',
    };
  },
);

/** An act on a service that needs no more words. */
const bare = (name: string, summary: string, planned: (serviceId: Id<'svc'>) => Planned) =>
  onOne({ name, usage: 'SERVICE', summary, options: [] }, ({ serviceId }) => planned(serviceId));

/** `service suspend`. */
export const suspend = bare(
  'service suspend',
  'Suspends a program: its keys and tokens are worth nothing until it is resumed.',
  (serviceId) => ({
    below: 'suspend',
    act: (call) => call(suspendService, { params: { serviceId } }),
    done: 'It is suspended, on every server within two seconds.',
  }),
);

/** `service resume`. */
export const resume = bare('service resume', 'Lets a suspended program go on.', (serviceId) => ({
  below: 'resume',
  acr: 'phrh',
  act: (call) => call(resumeService, { params: { serviceId } }),
  done: 'It goes on, on every server within two seconds.',
}));

/** `service remove`. */
export const remove = bare(
  'service remove',
  'Removes a program for good; its keys are never taken again.',
  (serviceId) => ({
    below: 'remove',
    act: (call) => call(removeService, { params: { serviceId } }),
    done: 'It is removed, on every server within two seconds.',
  }),
);
