import type { ErasureForecast, ErasureSummary, HoldSummary } from '@proofline/protocol';

/** What a server answers about erasures in the transcripts. */
export const erasureId = 'ers_01k9h2m4zqe8vr5t7wx3yn6bcd';
export const holdId = 'hld_01k9h2m4zqe8vr5t7wx3yn6bcd';
const pseudonym = 'psn_01k9h2m4zqe8vr5t7wx3yn6bcd';
const evidenceId = 'evt_01k9h2m4zqe8vr5t7wx3yn6bcd' as ErasureSummary['askedEvidenceId'];
const ravi = { id: 'stf_01k9h2m4zqe8vr5t7wx3yn6bcd', name: 'Ravi Menon' };

const waiting: ErasureSummary = {
  erasureId: erasureId as ErasureSummary['erasureId'],
  form: 'fields',
  label: 'all personal fields of one data subject',
  pseudonym,
  basis: 'data-subject-request',
  note: 'Her letter of Monday \u001b[31m',
  state: 'waiting',
  askedBy: ravi,
  askedAt: '2026-11-02T09:00:00.000Z',
  isOwn: true,
  askedEvidenceId: evidenceId,
  holds: [],
};
const erased: ErasureSummary = { ...waiting, state: 'carried-out', effectEvidenceId: evidenceId };
const standing: HoldSummary = {
  holdId: holdId as HoldSummary['holdId'],
  kind: 'range',
  label: 'entries 12 to 40',
  reasonCode: 'litigation',
  placedBy: ravi,
  placedAt: '2026-11-02T09:00:00.000Z',
  isOwn: true,
  evidenceId,
};
const forecast: ErasureForecast = {
  label: waiting.label,
  entries: 7,
  keys: 2,
  standing: 0,
  holds: [standing.holdId],
};
const due = { months: 72, before: '2020-11', keys: 0, held: 0 };
const retention = {
  policy: { identity: 72, case: 72, access: 72, entries: null, automatic: false },
  due: [
    { ...due, retention: 'identity', entries: 0 },
    { ...due, retention: 'case', entries: 3, held: 1 },
  ],
  holds: [standing],
  erasures: [erased],
};

export const erasureAnswers = {
  'GET /api/evidence-retention': { status: 200, body: retention },
  'POST /api/evidence-erasures/forecast': { status: 200, body: forecast },
  'POST /api/evidence-erasures': { status: 201, body: waiting },
  [`POST /api/evidence-erasures/${erasureId}/approve`]: { status: 200, body: erased },
  [`POST /api/evidence-erasures/${erasureId}/decline`]: {
    status: 200,
    body: { ...waiting, state: 'declined' },
  },
  'POST /api/evidence-holds': { status: 201, body: standing },
  [`POST /api/evidence-holds/${holdId}/lift`]: {
    status: 200,
    body: { ...standing, liftedAt: '2026-11-03T09:00:00.000Z' },
  },
};
