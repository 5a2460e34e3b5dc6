import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSchema } from './read-schema.ts';
import { mutate, mutations } from './testing/mutate-json.ts';
import {
  hasBigInteger,
  hasOfficialCases,
  officialCases,
  parseExactly,
  schemaJson,
} from './testing/official-cases.ts';
import { richEntities, richRequest, richSchema } from './testing/rich-schema.ts';
import {
  askCedarForEntities,
  askCedarForRequest,
  judgeEntities,
  judgeRequest,
  type Verdict,
} from './testing/verdicts.ts';

// What Cedar accepts we accept, and what it refuses we refuse. The oracle is cedar-wasm, which is
// given JavaScript's numbers, so that an integer beyond ±(2^53 − 1) reaches it rounded (or, as a
// bigint, makes it throw): with such an integer there is nothing to compare. Two differences are
// meant, and no mutation makes them: we refuse the function `unknown` of Cedar's partial evaluation,
// and half of a surrogate pair, at which cedar-wasm throws.

function expectSame(ours: Verdict, cedars: Verdict, input: unknown): void {
  const isSame = (ours === 'accepted') === (cedars === 'accepted');
  expect(isSame ? 'same' : { ours, cedars, input: JSON.stringify(input) }).toBe('same');
}

const rich = readSchema(schemaJson(richSchema));

test('arguments of a method need no escape where the schema asks for an extension value', () => {
  const call = { fn: 'offset', args: ['2024-01-01', { fn: 'toTime', arg: '2024-01-01' }] };
  for (const when of [
    call,
    { __extn: call },
    { fn: 'toDate', arg: call },
    { fn: 'toTime', arg: call },
    { fn: 'offset', args: ['2024-01-01'] },
    { fn: 'offset', args: ['2024-01-01', 'x'] },
    { fn: 'toDate', args: [{ __extn: { fn: 'datetime', arg: '2024-01-01' } }] },
    { fn: 'datetime', arg: '2024-01-01', args: 'x' },
  ]) {
    const entities = [{ uid: { type: 'U', id: 'a' }, attrs: { a: 1, when }, parents: [] }];
    expectSame(judgeEntities(entities, rich), askCedarForEntities(entities, richSchema), when);
  }
});

describe('of documents that were changed a little, exactly those are accepted that Cedar accepts', () => {
  const options = { seed: 20261121, numRuns: 400 };

  test('entities with a schema', () => {
    expect(judgeEntities(richEntities, rich)).toBe('accepted');
    fc.assert(
      fc.property(mutations, (changes) => {
        const entities = mutate(richEntities, changes);
        expectSame(
          judgeEntities(entities, rich),
          askCedarForEntities(entities, richSchema),
          entities,
        );
      }),
      options,
    );
  });

  test('entities without a schema', () => {
    fc.assert(
      fc.property(mutations, (changes) => {
        const entities = mutate(richEntities, changes);
        expectSame(judgeEntities(entities), askCedarForEntities(entities, null), entities);
      }),
      options,
    );
  });

  test('requests', () => {
    expect(judgeRequest(richRequest, rich)).toBe('accepted');
    fc.assert(
      fc.property(mutations, (changes) => {
        const request = mutate(richRequest, changes);
        if (typeof request !== 'object' || request === null || Array.isArray(request)) return;
        const { principal, action, resource, context }: Partial<typeof richRequest> = request;
        const parts = { principal, action, resource, context };
        // cedar-wasm's own reader of calls throws where a part is not there at all.
        if (Object.values(parts).some((part) => part === undefined || part === null)) return;
        expectSame(judgeRequest(parts, rich), askCedarForRequest(parts, richSchema), parts);
      }),
      options,
    );
  });
});

describe.skipIf(!hasOfficialCases)(
  'every official test (../shared/data/cedar; skipped where it is not there)',
  () => {
    test('has entities and requests that are accepted as Cedar accepts them', () => {
      const counts = { cases: 0, requests: 0, incomparableCases: 0, incomparableRequests: 0 };
      for (const { name, schemaText, entitiesText, requests } of officialCases()) {
        counts.cases += 1;
        const schema = readSchema(schemaJson(schemaText));
        const entities = parseExactly(entitiesText);
        const ours = judgeEntities(entities, schema);
        if (hasBigInteger(entities)) {
          counts.incomparableCases += 1;
          // They are official, so they are good.
          expect({ name, verdict: ours }).toEqual({ name, verdict: 'accepted' });
        } else {
          expectSame(ours, askCedarForEntities(entities, schemaText), name);
        }
        for (const request of requests) {
          counts.requests += 1;
          const answer = judgeRequest(request, schema);
          if (hasBigInteger(request.context)) {
            counts.incomparableRequests += 1;
            expect({ name, verdict: answer }).toEqual({ name, verdict: 'accepted' });
          } else {
            expectSame(answer, askCedarForRequest(request, schemaText), { name, request });
          }
        }
      }
      // Of these, 6 entity files and 20 contexts hold an integer beyond ±(2^53 − 1).
      expect(counts).toEqual({
        cases: 552,
        requests: 4314,
        incomparableCases: 6,
        incomparableRequests: 20,
      });
    });

    test('is accepted as Cedar accepts it when its entities were changed a little', () => {
      const cases = [...officialCases()].filter(({ entitiesText }) => entitiesText.length < 20_000);
      fc.assert(
        fc.property(fc.nat(), mutations, (pick, changes) => {
          const one = cases[pick % cases.length];
          const original = parseExactly(one?.entitiesText ?? '');
          if (one === undefined || hasBigInteger(original)) return;
          const entities = mutate(original, changes);
          expectSame(
            judgeEntities(entities, readSchema(schemaJson(one.schemaText))),
            askCedarForEntities(entities, one.schemaText),
            { name: one.name, entities },
          );
        }),
        { seed: 20261121, numRuns: 200 },
      );
    });
  },
);
