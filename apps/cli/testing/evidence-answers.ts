import type { openInquiry, Reply } from '@proofline/protocol';

const at = '2026-11-02T08:59:00.000Z';
const actor = { pseudonym: 'psn_01k9h2m4zqe8vr5t7wx3yn6bcd', name: 'Nora \u001b[31mVance' };
type Opened = Reply<typeof openInquiry>;
type Row = NonNullable<Opened['found']>['entries'][number];

const row: Row = {
  // Ids of the contract’s form.
  evidenceId: 'evt_01k9h2m4zqe8vr5t7wx3yn6bcd' as Row['evidenceId'],
  index: 41,
  kind: 'decision.made',
  at,
  causes: [],
  refs: {},
  subjects: { actor },
  facts: { effect: 'permit', action: 'refund:initiate' },
};
const opened: Opened = {
  inquiryId: 'inq_01k9h2m4zqe8vr5t7wx3yn6bcd' as Opened['inquiryId'], // of the contract’s form
  endsAt: '2026-11-02T17:00:00.000Z',
  found: {
    entries: [row],
    nextCursor: 41,
    total: { count: 1_000, isExact: false },
    storedFaults: [],
    logSize: 90_000,
    searchedSize: 90_000,
    searchedAt: '2026-11-02T09:00:00.000Z',
  },
};

/** What a server answers about evidence in the transcripts. */
export const evidenceAnswers = {
  'POST /api/evidence-inquiries': { status: 201, body: opened },
  'POST /api/evidence/exports': { status: 200, body: { format: 'proofline-evidence/1' } },
};
