import { z } from 'zod';
import {
  ErasureBasis,
  ErasureForecast,
  ErasureSummary,
  ErasureTarget,
  HoldReason,
  HoldScope,
  HoldSummary,
  RetentionDue,
  RetentionPolicy,
} from '../erasures.ts';
import { idOf } from '../ids.ts';
import { defineRoute } from '../route.ts';

const base = { realm: 'workforce', caller: 'staff' } as const;
const erasures = { type: 'Erasures' } as const;
const oneErasure = {
  ...base,
  resource: { type: 'Erasure', param: 'erasureId' },
  params: z.object({ erasureId: idOf('ers') }),
} as const;
const Note = z.string().trim().min(3).max(200);

export const readRetention = defineRoute({
  ...base,
  id: 'evidence.retention',
  method: 'get',
  path: '/api/evidence-retention',
  action: 'erasure:list',
  resource: erasures,
  summary: 'The retention policy in force, what falls due, the holds, and the erasures.',
  reply: z.object({
    policy: RetentionPolicy,
    /** The entry that published it; absent: the default of six years. */
    policyEvidenceId: idOf('evt').optional(),
    due: z.array(RetentionDue),
    holds: z.array(HoldSummary),
    erasures: z.array(ErasureSummary),
    /** Set where nothing can be erased: why, as a sentence. */
    closed: z.string().optional(),
  }),
  status: 200,
  problems: [],
});

export const forecastErasure = defineRoute({
  ...base,
  id: 'erasures.forecast',
  method: 'post',
  path: '/api/evidence-erasures/forecast',
  action: 'erasure:list',
  resource: erasures,
  summary:
    'What an erasure would take, and which holds stand in its way. Erases nothing; the look-up is recorded.',
  body: z.object({ target: ErasureTarget }).strict(),
  reply: ErasureForecast,
  status: 200,
  problems: ['erasure.nothing'],
});

export const requestErasure = defineRoute({
  ...base,
  id: 'erasures.request',
  method: 'post',
  path: '/api/evidence-erasures',
  action: 'erasure:request',
  resource: erasures,
  summary: 'Ask for an erasure. A second person approves exactly this, or declines it.',
  body: z.object({ target: ErasureTarget, basis: ErasureBasis, note: Note }).strict(),
  reply: ErasureSummary,
  status: 201,
  problems: [
    'erasure.nothing',
    'erasure.held',
    'erasure.not-permitted',
    'erasure.too-many',
    'evidence.unavailable',
  ],
});

export const approveErasure = defineRoute({
  ...oneErasure,
  id: 'erasures.approve',
  method: 'post',
  path: '/api/evidence-erasures/{erasureId}/approve',
  action: 'erasure:approve',
  summary: 'Approve an erasure that a colleague asked for. It cannot be taken back.',
  reply: ErasureSummary,
  status: 200,
  problems: [
    'erasure.closed',
    'erasure.not-yours',
    'erasure.held',
    'erasure.not-permitted',
    'evidence.unavailable',
  ],
});

export const declineErasure = defineRoute({
  ...oneErasure,
  id: 'erasures.decline',
  method: 'post',
  path: '/api/evidence-erasures/{erasureId}/decline',
  action: 'erasure:decline',
  summary: 'Decline an erasure that waits, or take one’s own back.',
  reply: ErasureSummary,
  status: 200,
  problems: ['erasure.closed', 'evidence.unavailable'],
});

export const placeHold = defineRoute({
  ...base,
  id: 'holds.place',
  method: 'post',
  path: '/api/evidence-holds',
  action: 'hold:place',
  resource: erasures,
  summary: 'Place a legal hold: what it covers is not erased until a second person lifts it.',
  body: z.object({ scope: HoldScope, reasonCode: HoldReason, note: Note }).strict(),
  reply: HoldSummary,
  status: 201,
  problems: ['erasure.nothing', 'hold.too-many', 'evidence.unavailable'],
});

export const liftHold = defineRoute({
  ...base,
  id: 'holds.lift',
  method: 'post',
  path: '/api/evidence-holds/{holdId}/lift',
  action: 'hold:lift',
  resource: { type: 'Hold', param: 'holdId' },
  params: z.object({ holdId: idOf('hld') }),
  summary: 'Lift a legal hold that a colleague placed.',
  reply: HoldSummary,
  status: 200,
  problems: ['hold.closed', 'hold.not-yours', 'evidence.unavailable'],
});
