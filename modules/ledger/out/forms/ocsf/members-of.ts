import type { EvidenceEntry } from '@proofline/evidence';
import type { Json, JsonObject } from '@proofline/kernel';
import type { KindRow, OcsfClass } from './kind-classes.ts';

/** What a class adds to an event. */
interface ClassMembers {
  readonly members: JsonObject;
  /** What the entry itself says of it, where the kind leaves it open. */
  readonly outcome?: Partial<Pick<KindRow, 'activity' | 'failed' | 'severity'>>;
}

interface Told {
  readonly row: KindRow;
  readonly entry: EvidenceEntry;
  /** The log’s name. */
  readonly origin: string;
}

/** Whose account, session or right it is: the first role that the entry has. */
const ABOUT = ['customer', 'person', 'invitee', 'recovering', 'owner', 'actor', 'agent', 'service'];
/** Who did it. */
const BY = ['actor', 'agent', 'service', 'owner', 'customer'];

/**
 * The members that the class of a row requires, from what the entry holds in clear: pseudonyms, ids and
 * facts. `undefined` where the entry names nobody, and the class must.
 */
export function membersOf(
  row: KindRow,
  entry: EvidenceEntry,
  origin: string,
): ClassMembers | undefined {
  return members[row.as]({ row, entry, origin });
}

const members: Readonly<Record<OcsfClass, (told: Told) => ClassMembers | undefined>> = {
  base: ({ entry }) => ({ members: actorOf(entry) }),

  finding: ({ entry }) => ({
    members: { finding_info: { uid: entry.id, title: entry.kind }, is_alert: true },
  }),

  account: ({ entry }) => withUser(entry, ABOUT, {}),

  authentication: ({ entry, origin }) => {
    const application = entry.refs['applicationId'];
    const service = application === undefined ? { name: origin } : { uid: application };
    return withUser(entry, ABOUT, { service, ...sessionOf(entry) });
  },

  // `privileges` or `group`, and not both.
  authorization: ({ entry }) =>
    withUser(entry, BY, {
      privileges: textsOf(entry.facts['actions'], 'case'),
      ...sessionOf(entry),
    }),

  entity: ({ row, entry }) => {
    const { type, ref } = row.entity ?? { type: 'entry', ref: 'id' };
    const uid = entry.refs[ref] ?? entry.subjects[ref] ?? entry.facts[ref];
    const entity = { name: type, type, ...(typeof uid === 'string' && { uid }) };
    return { members: { ...actorOf(entry), entity } };
  },

  access: ({ entry }) =>
    withUser(entry, ABOUT, { privileges: textsOf(entry.facts['learns'], 'sign-in') }),

  api: ({ row, entry, origin }) => {
    const by = actorOf(entry);
    if (!('actor' in by)) return undefined;
    const { action, effect, outcome } = entry.facts;
    const operation = typeof action === 'string' ? action : entry.kind;
    const isDone =
      effect === undefined && outcome === undefined
        ? !row.failed
        : effect === 'permit' || outcome === 'completed';
    return {
      members: { ...by, api: { operation, service: { name: origin } }, ...sourceOf(entry, origin) },
      outcome: {
        activity: row.activity === 99 ? activityOf(operation) : row.activity,
        failed: !isDone,
        severity: isDone ? row.severity : 2,
      },
    };
  },

  datastore: ({ entry, origin }) => {
    const by = actorOf(entry);
    if (!('actor' in by)) return undefined;
    // 99: no kind of database that OCSF numbers.
    const database = { name: origin, type: 'evidence log', type_id: 99 };
    return { members: { ...by, database, ...sourceOf(entry, origin) } };
  },
};

function withUser(
  entry: EvidenceEntry,
  roles: readonly string[],
  more: JsonObject,
): ClassMembers | undefined {
  const user = pseudonymOf(entry, roles);
  if (user === undefined) return undefined;
  return { members: { user: { uid: user }, ...actorOf(entry), ...more } };
}

function actorOf(entry: EvidenceEntry): { readonly actor?: JsonObject } {
  const uid = pseudonymOf(entry, BY);
  return uid === undefined ? {} : { actor: { user: { uid }, ...sessionOf(entry) } };
}

function pseudonymOf({ subjects }: EvidenceEntry, roles: readonly string[]): string | undefined {
  const role = roles.find((one) => Object.hasOwn(subjects, one)) ?? Object.keys(subjects).at(0);
  return role === undefined ? undefined : subjects[role];
}

function sessionOf({ refs }: EvidenceEntry): JsonObject {
  const uid = refs['sessionId'];
  return uid === undefined ? {} : { session: { uid } };
}

/** No address is in the log: an endpoint is told by the session that it spoke in. */
function sourceOf({ refs }: EvidenceEntry, origin: string): JsonObject {
  return {
    src_endpoint: { svc_name: origin, uid: refs['sessionId'] ?? refs['grantId'] ?? origin },
  };
}

/** What an action’s verb does, as OCSF numbers it; 99 for what is none of the four. */
function activityOf(action: string): number {
  const verb = action.split(':')[1] ?? '';
  if (/^(?:read|list|search|view|open)\b/.test(verb)) return 2;
  if (/^(?:create|initiate|issue|add|register|request|start)\b/.test(verb)) return 1;
  if (/^(?:update|change|set|edit|write|decide)\b/.test(verb)) return 3;
  return /^(?:delete|remove|end|cancel)\b/.test(verb) ? 4 : 99;
}

function textsOf(value: Json | undefined, otherwise: string): readonly string[] {
  const texts = Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  return texts.length > 0 ? texts : [otherwise];
}
