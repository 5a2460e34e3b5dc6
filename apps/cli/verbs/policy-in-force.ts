import { isId } from '@proofline/kernel';
import { endStage, promoteCandidate, rollBackPolicies, stageCandidate } from '@proofline/protocol';
import type { PersonVerb, PersonWords } from '../server/person-verb.ts';
import {
  linesOf,
  readNumber,
  readPromotion,
  seenOptions,
  seenUsage,
  tellReleased,
} from '../server/read-named.ts';
import { audienceText } from '../server/tell-releases.ts';
import { exitCodes } from '../verb.ts';

/** `policy promote`: for everybody. */
export const promote: PersonVerb = {
  name: 'policy promote',
  usage: seenUsage,
  summary: 'Makes a candidate live, once a second person has proved in a browser who they are.',
  options: seenOptions,
  plan(words) {
    const seen = readPromotion(words);
    if (seen === undefined) return undefined;
    const { candidateId, ...body } = seen;
    return {
      lines: linesOf(seen),
      path: `/api/policies/candidates/${candidateId}/promotion`,
      act: async (call, io) =>
        tellReleased(await call(promoteCandidate, { params: { candidateId }, body }), io),
    };
  },
};

/** `policy stage`: for some, or for others than now. */
export const stage: PersonVerb = {
  name: 'policy stage',
  usage: `${seenUsage} --hours N [--percent N] [--desk NAME]... [--instead-of STAGE/REVISION]`,
  summary:
    'Puts a candidate in force for some desks, or for so many in a hundred; or for others than now.',
  options: [...seenOptions, 'hours', 'percent', 'desk', 'instead-of'],
  plan(words) {
    const seen = readPromotion(words);
    const wish = readWish(words);
    if (seen === undefined || wish === undefined) return undefined;
    const { candidateId, ...promotion } = seen;
    return {
      lines: [...linesOf(seen).slice(0, 2), `For         ${audienceText(wish.audience)}`],
      path: `/api/policies/candidates/${candidateId}/stage`,
      async act(call, io) {
        const body = { ...promotion, ...wish };
        const begun = await call(stageCandidate, { params: { candidateId }, body });
        io.say(`It decides for ${begun.people.in} of ${begun.people.of} colleagues until`);
        io.say(`            ${begun.until}, on every server within two seconds.`);
        io.say(`Stage       ${begun.stageId}/${begun.revision}`);
        io.say(`Evidence    ${begun.evidenceId}`);
        return exitCodes.ok;
      },
    };
  },
};

/** `policy end-stage`: for nobody any more. */
export const unstage: PersonVerb = {
  name: 'policy end-stage',
  usage: 'STAGE --reason TEXT',
  summary: 'Lets the live release decide for everybody again. The candidate stays open.',
  options: ['reason'],
  plan(words) {
    const [stageId] = words.target?.split('/') ?? [];
    const reason = words.text('reason')?.trim() ?? '';
    if (!isId('stg', stageId) || reason === '') return undefined;
    return {
      lines: [`Stage       ${stageId}`],
      path: `/api/policies/stages/${stageId}/end`,
      async act(call, io) {
        await call(endStage, { params: { stageId }, body: { reason } });
        io.say('It is over: the live release decides for everybody, within two seconds.');
        return exitCodes.ok;
      },
    };
  },
};

/** `policy rollback`. */
export const rollback: PersonVerb = {
  name: 'policy rollback',
  usage: 'RELEASE --on RELEASE --reason TEXT',
  summary: 'Makes an earlier release live again, once a person has proved who they are.',
  options: ['on', 'reason'],
  plan(words) {
    const sequence = readNumber(words.target);
    const liveSequence = readNumber(words.text('on'));
    const reason = words.text('reason')?.trim() ?? '';
    if (sequence === undefined || liveSequence === undefined || reason === '') return undefined;
    return {
      lines: [`Back to release ${sequence}, in place of release ${liveSequence}`],
      path: '/api/policies/rollback',
      act: async (call, io) =>
        tellReleased(
          await call(rollBackPolicies, { body: { sequence, liveSequence, reason } }),
          io,
        ),
    };
  },
};

/** For whom, how long, and in place of which setting of a stage that runs. */
function readWish(words: PersonWords) {
  const percent = readNumber(words.text('percent') ?? '100');
  const hours = readNumber(words.text('hours'));
  const desks = words.texts('desk').map((desk) => desk.trim());
  const isFitting = percent !== undefined && percent <= 100 && desks.every((desk) => desk !== '');
  if (!isFitting || hours === undefined || hours > 720) return undefined;
  // Everybody at every desk is what a promotion is for, and is said knowingly.
  if (words.text('percent') === undefined && desks.length === 0) return undefined;
  const instead = words.text('instead-of');
  const wish = { hours, audience: { desks, percent } };
  if (instead === undefined) return wish;
  const [stageId, revisionText] = instead.split('/');
  const revision = readNumber(revisionText);
  if (!isId('stg', stageId) || revision === undefined) return undefined;
  return { ...wish, seen: { stageId, revision } };
}
