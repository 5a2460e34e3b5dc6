import type { ServiceRecord } from '@proofline/protocol';

/** What a server answers about services in the transcripts. */
export const serviceId = 'svc_01k9h2m4zqe8vr5t7wx3yn6bcd';
export const ownerId = 'stf_01k9h2m4zqe8vr5t7wx3yn6bcd';
export const kid = 'K'.repeat(43);
const older = 'O'.repeat(43);

const reports: ServiceRecord = {
  serviceId: serviceId as ServiceRecord['serviceId'],
  name: 'Night reports',
  purpose: 'Asks in the night what may be shown in the morning.',
  role: 'gateway',
  origin: 'registered',
  state: 'active',
  proves: 'signature',
  owner: {
    subjectId: ownerId as NonNullable<ServiceRecord['owner']>['subjectId'],
    displayName: 'Ravi Menon',
    active: true,
  },
  audiences: ['https://staff.example.com/api'],
  serves: [],
  scopes: [
    {
      action: 'decision:evaluate',
      label: 'ask for a decision',
      lastUsedAt: '2026-11-02T08:59:00.000Z',
      unused: false,
    },
    { action: 'decision:search', label: 'search who may do what', unused: true },
  ],
  ratePerMinute: 600,
  registeredAt: '2026-09-20T09:00:00.000Z',
  lastUsedAt: '2026-11-02T08:59:00.000Z',
  keys: [
    {
      kid,
      algorithm: 'EdDSA',
      state: 'live',
      addedAt: '2026-10-30T09:00:00.000Z',
      lastUsedAt: '2026-11-02T08:59:00.000Z',
    },
    {
      kid: older,
      algorithm: 'ES256',
      state: 'live',
      addedAt: '2026-09-20T09:00:00.000Z',
      retireAfter: '2026-11-06T09:00:00.000Z',
    },
  ],
};
const gateway: ServiceRecord = {
  serviceId: 'svc_01k9h2m4zqe8vr5t7wx3yn6bce' as ServiceRecord['serviceId'],
  name: 'Gateway \u001b[31m',
  role: 'gateway',
  origin: 'configured',
  state: 'active',
  proves: 'dpop',
  audiences: ['https://staff.example.com/api'],
  serves: [],
  scopes: [],
  keys: [],
};

const at = (act: string) => `POST /api/services/${serviceId}/${act}`;
const done = { status: 200, body: reports };
export const serviceAnswers = {
  'GET /api/services': {
    status: 200,
    body: { services: [reports, gateway], audiences: [], servable: [] },
  },
  'POST /api/services/registration': { status: 201, body: reports },
  [at('keys')]: { status: 201, body: reports },
  [at(`keys/${kid}/retire`)]: done,
  [at('terms')]: done,
  [at('narrow')]: done,
  [at('suspend')]: done,
  [at('resume')]: done,
  [at('remove')]: { status: 204, body: undefined },
} as const;
