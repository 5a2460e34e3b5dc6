import { isId, type Id } from '@proofline/kernel';

const CANDIDATE_ACTS = {
  promotion: 'promote',
  stage: 'stage',
  vouching: 'vouch',
  withdrawal: 'withdraw',
} as const;

const SERVICE_ACTS = {
  terms: 'widen-service',
  narrow: 'narrow-service',
  keys: 'add-service-key',
  suspend: 'suspend-service',
  resume: 'resume-service',
  remove: 'remove-service',
} as const;

const ERASURE_ACTS = { approve: 'approve-erasure', decline: 'decline-erasure' } as const;

const ACTS_AT = {
  '/api/evidence-retention': 'list-retention',
  '/api/evidence-erasures': 'request-erasure',
  '/api/evidence-erasures/forecast': 'forecast-erasure',
  '/api/evidence-holds': 'place-hold',
  '/api/policies/rollback': 'roll-back',
  '/api/policies/releases': 'list',
  '/api/services': 'list-services',
  '/api/services/registration': 'register-service',
  '/api/evidence-inquiries': 'search-evidence',
  '/api/evidence/exports': 'export-evidence',
} as const;

type ValueOf<T> = T[keyof T];

/**
 * What a program on somebody’s own computer may ask for in their name. The address of the act is the
 * one audience of the token (RFC 8707 §2), so a token for one candidate is nothing at another.
 */
export type SingleAct =
  | { readonly kind: ValueOf<typeof CANDIDATE_ACTS>; readonly candidateId: Id<'pcd'> }
  | {
      readonly kind: ValueOf<typeof SERVICE_ACTS> | 'retire-service-key';
      readonly serviceId: Id<'svc'>;
    }
  | { readonly kind: ValueOf<typeof ERASURE_ACTS>; readonly erasureId: Id<'ers'> }
  | { readonly kind: 'lift-hold'; readonly holdId: Id<'hld'> }
  | { readonly kind: 'end-stage'; readonly stageId: Id<'stg'> }
  | { readonly kind: ValueOf<typeof ACTS_AT> };

const OF_CANDIDATE = /^\/api\/policies\/candidates\/([^/]+)\/([a-z]+)$/;
const OF_STAGE = /^\/api\/policies\/stages\/([^/]+)\/end$/;
const OF_SERVICE = /^\/api\/services\/([^/]+)\/([a-z]+)$/;
const OF_ERASURE = /^\/api\/evidence-erasures\/([^/]+)\/([a-z]+)$/;
const OF_HOLD = /^\/api\/evidence-holds\/([^/]+)\/lift$/;
const OF_KEY = /^\/api\/services\/([^/]+)\/keys\/[\w-]{43}\/retire$/;

/** The act that an absolute URL is the address of, if it is one; a query makes it none. */
export function actAt(staffOrigin: string, url: unknown): SingleAct | undefined {
  if (typeof url !== 'string' || !url.startsWith(`${staffOrigin}/`)) return undefined;
  const path = url.slice(staffOrigin.length);
  const whole = named(ACTS_AT, path);
  if (whole !== undefined) return { kind: whole };
  return policyActAt(path) ?? serviceActAt(path) ?? evidenceActAt(path);
}

function evidenceActAt(path: string): SingleAct | undefined {
  const [, holdId] = OF_HOLD.exec(path) ?? [];
  if (isId('hld', holdId)) return { kind: 'lift-hold', holdId };
  const [, erasureId, act = ''] = OF_ERASURE.exec(path) ?? [];
  const kind = named(ERASURE_ACTS, act);
  return kind && isId('ers', erasureId) ? { kind, erasureId } : undefined;
}

function policyActAt(path: string): SingleAct | undefined {
  const [, stageId] = OF_STAGE.exec(path) ?? [];
  if (isId('stg', stageId)) return { kind: 'end-stage', stageId };
  const [, candidateId, act = ''] = OF_CANDIDATE.exec(path) ?? [];
  const kind = named(CANDIDATE_ACTS, act);
  return kind && isId('pcd', candidateId) ? { kind, candidateId } : undefined;
}

function serviceActAt(path: string): SingleAct | undefined {
  const [, retiring] = OF_KEY.exec(path) ?? [];
  if (isId('svc', retiring)) return { kind: 'retire-service-key', serviceId: retiring };
  const [, serviceId, act = ''] = OF_SERVICE.exec(path) ?? [];
  const kind = named(SERVICE_ACTS, act);
  return kind && isId('svc', serviceId) ? { kind, serviceId } : undefined;
}

/** The value of that name, and nothing that every object has. */
function named<T extends object>(of: T, name: string): ValueOf<T> | undefined {
  // An own key is one of its keys.
  return Object.hasOwn(of, name) ? of[name as keyof T] : undefined;
}
