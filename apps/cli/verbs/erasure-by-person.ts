import { isId } from '@proofline/kernel';
import {
  approveErasure,
  declineErasure,
  erasureBases,
  ErasureBasis,
  ErasureTarget,
  forecastErasure,
  HoldReason,
  holdReasons,
  HoldScope,
  liftHold,
  placeHold,
  readRetention,
  requestErasure,
} from '@proofline/protocol';
import { personVerb, type PersonVerb, type PersonWords } from '../server/person-verb.ts';
import type { Environment } from '../server/pipeline-settings.ts';
import { tellErasure, tellForecast, tellHold, tellRetention } from '../server/tell-erasures.ts';
import { exitCodes, sayJson, type Verb } from '../verb.ts';

const namesOf = (of: object) => Object.keys(of).join('|');

/** `12-40`: from the first to the last of them, both included. */
function readStretch(text: string | undefined) {
  const [, first, last] = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(text ?? '') ?? [];
  return first === undefined ? undefined : { start: Number(first), end: Number(last ?? first) + 1 };
}

function readTarget(words: PersonWords): ErasureTarget | undefined {
  const [subject, retention, before] = ['subject', 'class', 'before'].map(words.text);
  const stretch = readStretch(words.text('entries'));
  const below = words.text('below');
  const named = [subject, stretch, below].filter((one) => one !== undefined);
  if (named.length !== 1) return undefined;
  return ErasureTarget.safeParse(
    subject !== undefined
      ? { form: 'fields', subject, ...(retention && { retention }), ...(before && { before }) }
      : stretch
        ? { form: 'entries', ...stretch }
        : { form: 'prefix', below: Number(below) },
  ).data;
}

const retention: PersonVerb = {
  name: 'evidence retention',
  usage: '[--json]',
  summary: 'Tells how long what is kept, what falls due, the legal holds, and the erasures.',
  options: ['json'],
  plan({ target, isJson }) {
    if (target !== undefined) return undefined;
    return {
      lines: [],
      path: readRetention.path,
      async act(call, io) {
        const found = await call(readRetention, {});
        if (isJson) sayJson(found, io);
        else tellRetention(found, io);
        return exitCodes.ok;
      },
    };
  },
};

const erase: PersonVerb = {
  name: 'evidence erase',
  usage:
    '--subject WHO [--class CLASS] [--before MONTH] | --entries N[-M] | --below N' +
    ` (--dry-run | --basis ${namesOf(erasureBases)} --note TEXT)`,
  summary:
    'Asks for an erasure; a second person approves it. --dry-run says what would go, and asks for nothing.',
  options: ['subject', 'class', 'before', 'entries', 'below', 'basis', 'note', 'dry-run'],
  plan(words) {
    const target = readTarget(words);
    if (words.target !== undefined || !target) return undefined;
    if (words.has('dry-run')) {
      return {
        lines: [],
        path: forecastErasure.path,
        async act(call, io) {
          tellForecast(await call(forecastErasure, { body: { target } }), io);
          return exitCodes.ok;
        },
      };
    }
    const basis = ErasureBasis.safeParse(words.text('basis')).data;
    const note = words.text('note')?.trim() ?? '';
    if (!basis || note.length < 3) return undefined;
    return {
      lines: [`Ground      ${erasureBases[basis]}`],
      path: requestErasure.path,
      acr: 'phrh',
      async act(call, io) {
        const one = await call(requestErasure, { body: { target, basis, note } });
        io.say('It waits for a second person. Nothing is erased yet.');
        tellErasure(one, io);
        return exitCodes.ok;
      },
    };
  },
};

const answering = (
  name: 'approve-erasure' | 'decline-erasure',
  summary: string,
  route: typeof approveErasure | typeof declineErasure,
): PersonVerb => ({
  name: `evidence ${name}`,
  usage: 'ERASURE',
  summary,
  options: [],
  plan({ target: erasureId }) {
    if (!isId('ers', erasureId)) return undefined;
    return {
      lines: [`Erasure     ${erasureId}`],
      path: route.path.replace('{erasureId}', erasureId),
      ...(route === approveErasure && { acr: 'phrh' as const }),
      async act(call, io) {
        tellErasure(await call(route, { params: { erasureId } }), io);
        return exitCodes.ok;
      },
    };
  },
});

const hold: PersonVerb = {
  name: 'evidence hold',
  usage: `--subject WHO | --case CASE | --entries N[-M] --because ${namesOf(holdReasons)} --note TEXT`,
  summary: 'Places a legal hold: what it covers is not erased until a second person lifts it.',
  options: ['subject', 'case', 'entries', 'because', 'note'],
  plan(words) {
    const [subject, caseId] = [words.text('subject'), words.text('case')];
    const stretch = readStretch(words.text('entries'));
    const named = [subject, caseId, stretch].filter((one) => one !== undefined);
    const scope = HoldScope.safeParse(
      subject !== undefined
        ? { kind: 'subject', subject }
        : caseId !== undefined
          ? { kind: 'case', caseId }
          : { kind: 'range', ...stretch },
    ).data;
    const reasonCode = HoldReason.safeParse(words.text('because')).data;
    const note = words.text('note')?.trim() ?? '';
    const isWhole = words.target === undefined && named.length === 1 && note.length >= 3;
    if (!isWhole || !scope || !reasonCode) return undefined;
    return {
      lines: [`Because of  ${holdReasons[reasonCode]}`],
      path: placeHold.path,
      async act(call, io) {
        tellHold(await call(placeHold, { body: { scope, reasonCode, note } }), io);
        return exitCodes.ok;
      },
    };
  },
};

const lift: PersonVerb = {
  name: 'evidence lift-hold',
  usage: 'HOLD',
  summary: 'Lifts a legal hold that a colleague placed.',
  options: [],
  plan({ target: holdId }) {
    if (!isId('hld', holdId)) return undefined;
    return {
      lines: [`Hold        ${holdId}`],
      path: liftHold.path.replace('{holdId}', holdId),
      acr: 'phrh',
      async act(call, io) {
        tellHold(await call(liftHold, { params: { holdId } }), io);
        return exitCodes.ok;
      },
    };
  },
};

/** What a person does about retention and erasures from the command line, one act at a time. */
export function erasureByPerson(environment: Environment): readonly Verb[] {
  return [
    retention,
    erase,
    answering('approve-erasure', 'Approves an erasure that a colleague asked for.', approveErasure),
    answering('decline-erasure', 'Declines an erasure, or takes one’s own back.', declineErasure),
    hold,
    lift,
  ].map((verb) => personVerb(environment, verb));
}
