import fc from 'fast-check';
import {
  actionNames,
  breakGlassCategories,
  dataCategories,
  caseTypes,
  reasonCodes,
  roles,
  serviceRoles,
  routes,
} from '@proofline/protocol';
import type { Question } from '../question.ts';

const age = fc.constantFrom(0, 30, 60, 61, 300, 301, 900, 901, 86_400);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 12 });
const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(model);
/** Mostly true: a question with everything false is denied for too many reasons to teach anything. */
const likely = fc.integer({ min: 0, max: 11 }).map((roll) => roll > 0);

const approval = record({
  approved: likely,
  byOther: likely,
  sameDesk: likely,
  reasonCode: maybe(fc.constantFrom(...reasonCodes)),
});

const program = record({
  id: fc.constantFrom('svc_one', 'svc_two'),
  name: fc.constantFrom('One', 'Two'),
  role: fc.constantFrom('assistant', 'assistant', 'assistant', 'gateway'),
  permitsAction: likely,
  owned: likely,
});

/** Facts in every combination, each present most of the time. */
const context = record({
  request: record({
    amountCents: maybe(fc.constantFrom(-1, 0, 1, 10_000, 10_001)),
    reasonCode: maybe(fc.constantFrom(...reasonCodes)),
  }),
  staff: maybe(
    record({
      roles: fc.subarray([...roles], { minLength: 9 }),
      desk: fc.constant('Harbour'),
      active: likely,
      deviceBoundAuthenticators: maybe(fc.constantFrom(0, 1, 2, 3)),
    }),
  ),
  service: maybe(
    record({ role: fc.constantFrom(...serviceRoles), permitsAction: likely, owned: likely }),
  ),
  // Mostly nobody acts for anybody.
  chain: fc.option(
    record({
      live: likely,
      asIssued: likely,
      inRate: maybe(likely),
      first: program,
      second: maybe(program),
      third: maybe(program),
    }),
    { nil: undefined, freq: 1 },
  ),
  session: maybe(
    record({
      live: likely,
      phrAgeSeconds: maybe(age),
      phrhAgeSeconds: maybe(age),
      leftAloneSeconds: maybe(fc.constantFrom(0, 0, 0, 30, 300, 301)),
    }),
  ),
  interaction: maybe(
    record({
      state: fc.constantFrom('ringing', 'live', 'live', 'ended'),
      assignedToSubject: likely,
      sameDesk: likely,
      wrongCodes: maybe(fc.constantFrom(0, 0, 0, 1, 2, 3)),
      overSeconds: maybe(fc.constantFrom(0, 0, 30, 300, 301)),
    }),
  ),
  caseFile: maybe(
    record({ type: fc.constantFrom(...caseTypes), open: likely, ofNoCall: maybe(fc.boolean()) }),
  ),
  proof: maybe(
    record({
      ageSeconds: age,
      acr: fc.constantFrom('phr', 'phrh'),
      purpose: fc.constantFrom(...caseTypes),
      customerMatchesResource: likely,
      settled: likely,
    }),
  ),
  grant: maybe(record({ live: likely, permitsAction: likely })),
  approval: maybe(approval),
  approvalRequest: maybe(
    record({ open: likely, requestedBySubject: fc.boolean(), sameDesk: likely }),
  ),
  colleague: maybe(record({ sameDesk: likely })),
  policyChange: maybe(
    record({
      open: likely,
      proposedBySubject: fc.boolean(),
      vouched: likely,
      vouchedBySubject: fc.boolean(),
      casesPass: likely,
      current: likely,
    }),
  ),
  switchChange: maybe(record({ standing: likely, thrownBySubject: fc.boolean() })),
  erasureRequest: maybe(record({ waiting: likely, requestedBySubject: fc.boolean() })),
  holdChange: maybe(record({ standing: likely, placedBySubject: fc.boolean() })),
  breakGlass: maybe(
    record({
      live: likely,
      openedByOther: likely,
      categories: fc.subarray([...breakGlassCategories], { minLength: 4 }),
    }),
  ),
  breakGlassRequest: maybe(
    record({
      waiting: likely,
      open: likely,
      awaitsReview: likely,
      requestedBySubject: fc.boolean(),
      openedBySubject: fc.boolean(),
      sameDesk: likely,
      broughtInBySubject: maybe(fc.constantFrom(false, false, true)),
    }),
  ),
});

/** The resource type and the kind of caller that an action's own route has; accounts and roles have no route. */
function usualFor(action: string): { type: string; principal: string } {
  if (action === 'break-glass:use') return { type: 'BreakGlass', principal: 'Staff' };
  if (action.startsWith('emergency-field:')) return { type: 'EmergencyRecord', principal: 'Staff' };
  if (action === 'provisioning:give-role') return { type: 'Role', principal: 'Service' };
  const route = routes.find((one) => one.action === action);
  return {
    type: route?.resource?.type ?? 'Account',
    principal: route?.caller === 'service' ? 'Service' : 'Staff',
  };
}

const fieldAction = fc.constantFrom(
  'field:view',
  'field:mask',
  'emergency-field:view',
  'emergency-field:mask',
);
const accountAction = fc.constantFrom(
  ...actionNames.filter((name) => usualFor(name).type === 'Account'),
);

const usual = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.constantFrom(...actionNames.filter((name) => usualFor(name).type !== 'Account')),
  },
  { weight: 4, arbitrary: accountAction },
  { weight: 1, arbitrary: fieldAction },
);

/** Questions that the schema mostly allows, on arbitrary facts; accounts and fields most often. */
export const randomQuestion: fc.Arbitrary<Question> = fc
  .record({
    action: usual,
    category: fc.constantFrom(...dataCategories),
    swapped: fc.integer({ min: 0, max: 19 }),
    sameMatter: likely,
    context,
  })
  .map(({ action, category, swapped, sameMatter, context: drawn }) => {
    // Of ten types of case two that are drawn apart are hardly ever the same.
    const { caseFile, proof } = drawn;
    const isSame = sameMatter && caseFile && proof;
    const facts = isSame ? { ...drawn, proof: { ...proof, purpose: caseFile.type } } : drawn;
    const { type, principal } = usualFor(action);
    const field = action.startsWith('field:') || action.startsWith('emergency-field:');
    const other = swapped === 1 ? 'Session' : swapped === 2 ? 'EmergencyRecord' : type;
    return {
      principal: { type: swapped === 0 ? 'Service' : principal, id: 'p' },
      action,
      resource: { type: other, id: 'x' },
      context: JSON.parse(JSON.stringify(field ? { ...facts, category } : facts)),
    };
  });
