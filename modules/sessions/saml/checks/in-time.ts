import type { RequestCheck } from './request-check.ts';

/** How long a message is believed, and how far another clock may be ahead. */
export const messageLifeMs = 5 * 60_000;
const clockSkewMs = 60_000;

export const inTime: RequestCheck = {
  name: 'in-time',
  holds: ({ message, nowMs }) =>
    message.issuedAtMs <= nowMs + clockSkewMs && message.issuedAtMs > nowMs - messageLifeMs,
};
