/**
 * What OCSF 1.9.0 asks of the classes and objects that the log is told as, as facts of our own: read from
 * ocsf/ocsf-schema (events/, objects/, dictionary.json, profiles/record_integrity.json). `!` behind a
 * name: it is required.
 */
type Type = 'text' | 'number' | 'flag' | 'texts' | 'json' | (string & {});

interface Shape {
  readonly members: Readonly<Record<string, Type>>;
  readonly atLeastOne?: readonly string[];
  readonly justOne?: readonly string[];
}

const shapes: Readonly<Record<string, Shape>> = {
  metadata: {
    members: {
      'version!': 'text',
      'product!': 'product',
      log_name: 'text',
      log_provider: 'text',
      profiles: 'texts',
      sequence: 'number',
      event_code: 'text',
      uid: 'text',
      original_event_uid: 'text',
      original_time: 'text',
      correlation_uid: 'text',
    },
  },
  product: { members: { 'name!': 'text', 'vendor_name!': 'text', version: 'text', uid: 'text' } },
  fingerprint: {
    members: {
      'algorithm_id!': 'number',
      algorithm: 'text',
      'value!': 'text',
      encoding_id: 'number',
    },
  },
  attestation: {
    members: { uid: 'text', chain_uid: 'text', authority_uid: 'text', fingerprint: 'fingerprint' },
    atLeastOne: ['fingerprint', 'signatures'],
  },
  user: { members: { uid: 'text', name: 'text' }, atLeastOne: ['account', 'name', 'uid'] },
  session: { members: { uid: 'text' } },
  actor: {
    members: { user: 'user', session: 'session', app_uid: 'text', app_name: 'text' },
    atLeastOne: ['process', 'user', 'invoked_by', 'session', 'app_name', 'app_uid'],
  },
  service: { members: { name: 'text', uid: 'text', version: 'text' }, atLeastOne: ['name', 'uid'] },
  managed_entity: {
    members: { name: 'text', uid: 'text', type: 'text', version: 'text' },
    atLeastOne: ['name', 'uid'],
  },
  api: { members: { 'operation!': 'text', service: 'service' } },
  network_endpoint: {
    members: { uid: 'text', svc_name: 'text', name: 'text' },
    atLeastOne: ['ip', 'uid', 'name', 'hostname', 'svc_name'],
  },
  database: {
    members: { name: 'text', uid: 'text', type: 'text', 'type_id!': 'number' },
    atLeastOne: ['name', 'uid'],
  },
  finding_info: { members: { 'uid!': 'text', title: 'text' } },
};

const base: Shape['members'] = {
  'activity_id!': 'number',
  activity_name: 'text',
  'category_uid!': 'number',
  'class_uid!': 'number',
  class_name: 'text',
  'type_uid!': 'number',
  'severity_id!': 'number',
  status_id: 'number',
  'time!': 'number',
  message: 'text',
  'metadata!': 'metadata',
  raw_data: 'text',
  raw_data_hash: 'fingerprint',
  unmapped: 'json',
  attestation_list: 'attestation[]',
  // Of the profiles host and security_control in the base event, and of the iam and application classes.
  actor: 'actor',
};

interface ClassFacts extends Shape {
  readonly category: number;
  readonly activities: readonly number[];
  readonly statuses: readonly number[];
}

const upTo = (last: number) => [...Array.from({ length: last + 1 }, (_, at) => at), 99];

const classes: Readonly<Record<number, ClassFacts>> = {
  0: { category: 0, members: base, activities: upTo(0), statuses: upTo(2) },
  2004: {
    category: 2,
    members: { ...base, 'finding_info!': 'finding_info', is_alert: 'flag' },
    activities: upTo(3),
    statuses: upTo(6),
  },
  3001: {
    category: 3,
    members: { ...base, 'user!': 'user' },
    activities: upTo(12),
    statuses: upTo(2),
  },
  3002: {
    category: 3,
    members: { ...base, 'user!': 'user', service: 'service', session: 'session' },
    atLeastOne: ['service', 'dst_endpoint'],
    activities: upTo(7),
    statuses: upTo(2),
  },
  3003: {
    category: 3,
    members: { ...base, 'user!': 'user', privileges: 'texts', session: 'session' },
    justOne: ['privileges', 'group'],
    activities: upTo(2),
    statuses: upTo(2),
  },
  3004: {
    category: 3,
    members: { ...base, 'entity!': 'managed_entity' },
    activities: upTo(13),
    statuses: upTo(2),
  },
  3005: {
    category: 3,
    members: { ...base, 'user!': 'user', privileges: 'texts' },
    activities: upTo(4),
    statuses: upTo(2),
  },
  6003: {
    category: 6,
    members: { ...base, 'actor!': 'actor', 'api!': 'api', 'src_endpoint!': 'network_endpoint' },
    activities: upTo(4),
    statuses: upTo(2),
  },
  6005: {
    category: 6,
    members: {
      ...base,
      'actor!': 'actor',
      'src_endpoint!': 'network_endpoint',
      database: 'database',
    },
    atLeastOne: ['database', 'databucket', 'table'],
    activities: upTo(10),
    statuses: upTo(2),
  },
};

/** What is wrong with an event by OCSF 1.9.0, as sentences; none: it is valid. */
export function ocsfFaults(event: Readonly<Record<string, unknown>>): string[] {
  const facts = classes[Number(event['class_uid'])];
  if (!facts) return [`there is no class ${String(event['class_uid'])}`];
  const numbers: readonly (readonly [string, boolean])[] = [
    ['category_uid', event['category_uid'] === facts.category],
    ['activity_id', facts.activities.includes(Number(event['activity_id']))],
    ['activity_name', event['activity_id'] !== 99 || typeof event['activity_name'] === 'string'],
    [
      'type_uid',
      event['type_uid'] === Number(event['class_uid']) * 100 + Number(event['activity_id']),
    ],
    ['severity_id', upTo(6).includes(Number(event['severity_id']))],
    ['status_id', [...facts.statuses, 99].includes(Number(event['status_id']))],
  ];
  const wrong = numbers.flatMap(([name, holds]) =>
    holds ? [] : [`${name} is not one of the class’s`],
  );
  return [...wrong, ...shapeFaults(`class ${String(event['class_uid'])}`, facts, event)];
}

function shapeFaults(at: string, shape: Shape, value: Readonly<Record<string, unknown>>): string[] {
  const types = new Map(
    Object.entries(shape.members).map(([name, type]) => [name.replace('!', ''), type]),
  );
  const absent = Object.keys(shape.members)
    .filter((name) => name.endsWith('!') && value[name.slice(0, -1)] === undefined)
    .map((name) => `${at} lacks ${name.slice(0, -1)}`);
  const unfit = Object.entries(value).flatMap(([name, member]) => {
    const type = types.get(name);
    return type === undefined
      ? [`${at} has no ${name}`]
      : typeFaults(`${at}.${name}`, type, member);
  });
  const isOneOf = (names: readonly string[]) => names.filter((name) => value[name] !== undefined);
  const few =
    shape.atLeastOne && isOneOf(shape.atLeastOne).length === 0 ? [`${at}: at least one`] : [];
  const many = shape.justOne && isOneOf(shape.justOne).length !== 1 ? [`${at}: just one`] : [];
  return [...absent, ...unfit, ...few, ...many];
}

function typeFaults(at: string, type: Type, value: unknown): string[] {
  if (type.endsWith('[]')) {
    return Array.isArray(value)
      ? value.flatMap((item, place) => typeFaults(`${at}[${place}]`, type.slice(0, -2), item))
      : [`${at} is no list`];
  }
  const isFit: Readonly<Record<string, boolean>> = {
    text: typeof value === 'string',
    number: Number.isSafeInteger(value),
    flag: typeof value === 'boolean',
    texts: Array.isArray(value) && value.every((item) => typeof item === 'string'),
    json: typeof value === 'object',
  };
  const shape = shapes[type];
  if (!shape) return isFit[type] ? [] : [`${at} is no ${type}`];
  if (typeof value !== 'object' || value === null) return [`${at} is no object`];
  return shapeFaults(at, shape, { ...value });
}
