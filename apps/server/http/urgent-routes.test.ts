import { routes, type MountedRoute } from '@proofline/protocol';
import { describe, expect, it } from 'vitest';
import { createIsUrgent, endings, type IsUrgent } from './urgent-routes.ts';

const mounted = routes.map((route): MountedRoute => ({ route, handler: async () => undefined }));
const isUrgent = createIsUrgent(mounted);

describe('requests for which places are kept', () => {
  it('are what ends something, each by the id of a route that there is', () => {
    const ids = routes.map(({ id }) => id);
    for (const id of endings) expect(ids).toContain(id);
  });

  it.each<Parameters<IsUrgent>>([
    ['workforce', 'POST', '/api/interactions/int_1/hang-up'],
    ['workforce', 'POST', '/api/interactions/int_1/end'],
    ['workforce', 'POST', '/api/sessions/ses_1/end'],
    ['workforce', 'POST', '/access/v1/evaluation'],
    ['customers', 'POST', '/api/customer/sign-out'],
  ])('are those: %s %s %s', (...request) => expect(isUrgent(...request)).toBe(true));

  it.each<Parameters<IsUrgent>>([
    ['customers', 'POST', '/api/sessions/ses_1/end'],
    ['workforce', 'GET', '/api/sessions/ses_1/end'],
    ['workforce', 'POST', '/api/sessions/ses_1/x/end'],
    ['workforce', 'POST', '/api/interactions/int_1/hang-up/more'],
    ['workforce', 'POST', '/api/pipeline/candidates'],
    ['workforce', 'GET', '/api/self'],
    ['customers', 'GET', '/api/customer/self'],
  ])('are no others: %s %s %s', (...request) => expect(isUrgent(...request)).toBe(false));
});
