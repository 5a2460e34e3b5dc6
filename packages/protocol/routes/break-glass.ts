import { z } from 'zod';
import { AccountNumber } from '../account-number.ts';
import {
  BreakGlass,
  BreakGlassCategory,
  breakGlassCategories,
  breakGlassLimits,
  BreakGlassReason,
  BreakGlassState,
  BreakGlassUse,
  BreakGlassVerdict,
} from '../break-glass.ts';
import { idOf } from '../ids.ts';
import { defineRoute } from '../route.ts';
import { Total } from '../total.ts';

const base = { realm: 'workforce', caller: 'staff' } as const;
const one = {
  ...base,
  resource: { type: 'BreakGlass', param: 'breakGlassId' },
  params: z.object({ breakGlassId: idOf('bgl') }),
} as const;
const { noteMinChars, noteMaxChars, minutesMax } = breakGlassLimits;
const Words = z.string().trim().min(noteMinChars).max(noteMaxChars);

export const requestBreakGlass = defineRoute({
  ...base,
  id: 'break-glass.request',
  method: 'post',
  path: '/api/break-glass',
  action: 'break-glass:request',
  resource: { type: 'Workforce' },
  summary: 'Ask for emergency access to named data of one record. A second person opens it.',
  body: z
    .object({
      accountNumber: AccountNumber,
      /** Each by name: there is no word for all of them. */
      categories: z.array(BreakGlassCategory).min(1).max(breakGlassCategories.length),
      reasonCode: BreakGlassReason,
      note: Words,
      minutes: z.number().int().min(5).max(minutesMax),
    })
    .strict(),
  reply: BreakGlass,
  status: 201,
  problems: [
    'break-glass.one-at-a-time',
    'break-glass.review-overdue',
    'break-glass.too-many',
    'evidence.unavailable',
  ],
});

export const listBreakGlass = defineRoute({
  ...base,
  id: 'break-glass.list',
  method: 'get',
  path: '/api/break-glass',
  action: 'break-glass:list',
  resource: { type: 'Workforce' },
  query: z.object({ state: BreakGlassState.optional() }).strict(),
  summary: 'One’s own emergency accesses; a supervisor’s desk; all, for security and audit.',
  reply: z.object({ accesses: z.array(BreakGlass), total: Total }),
  status: 200,
  problems: [],
});

export const readBreakGlass = defineRoute({
  ...one,
  id: 'break-glass.read',
  method: 'get',
  path: '/api/break-glass/{breakGlassId}',
  action: 'break-glass:read',
  summary: 'One emergency access, and what was read under it.',
  reply: z.object({ access: BreakGlass, uses: z.array(BreakGlassUse) }),
  status: 200,
  problems: ['access.denied'],
});

export const answerBreakGlass = defineRoute({
  ...one,
  id: 'break-glass.answer',
  method: 'post',
  path: '/api/break-glass/{breakGlassId}/answer',
  action: 'break-glass:open',
  summary: 'Open what a colleague asked for, or decline it. Never one’s own.',
  body: z.object({ answer: z.enum(['open', 'decline']) }).strict(),
  reply: BreakGlass,
  status: 200,
  problems: ['break-glass.closed', 'break-glass.not-yours', 'evidence.unavailable'],
});

export const endBreakGlass = defineRoute({
  ...one,
  id: 'break-glass.end',
  method: 'post',
  path: '/api/break-glass/{breakGlassId}/end',
  action: 'break-glass:end',
  summary: 'End it before its time, or take back what was asked for.',
  reply: BreakGlass,
  status: 200,
  problems: ['break-glass.closed', 'evidence.unavailable'],
});

export const reviewBreakGlass = defineRoute({
  ...one,
  id: 'break-glass.review',
  method: 'post',
  path: '/api/break-glass/{breakGlassId}/review',
  action: 'break-glass:review',
  summary: 'Judge afterwards what was read, as somebody who had no part in it.',
  body: z.object({ verdict: BreakGlassVerdict, words: Words }).strict(),
  reply: BreakGlass,
  status: 200,
  problems: ['break-glass.closed', 'break-glass.not-yours', 'evidence.unavailable'],
});
