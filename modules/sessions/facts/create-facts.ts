import type { DecisionInput, Facts, FactsProvider } from '@proofline/decisions';
import { lookUpTogether, type Id } from '@proofline/kernel';
import type { SessionsContext } from '../context.ts';
import { findGrant } from '../find-live.ts';
import { createSettingsRoots, type SettingsRoots } from '../programs/settings-roots.ts';
import { chainFacts, nobodyKnows } from './chain-facts.ts';
import {
  factsOf,
  findOpenRows,
  isRowLocked,
  leftAloneSeconds,
  whyRowOver,
} from '../store/session-rows.ts';
import type { SessionRow } from '../store/tables.ts';

// Two servers' clocks are never quite the same.
const skewMaxSeconds = 5;

/** How old a proof is. One from the future tells of a clock that went back: nobody knows its age (P7). */
function ageOf(context: SessionsContext, atSeconds: number | undefined): number | undefined {
  if (atSeconds === undefined) return undefined;
  const ageSeconds = Math.floor(context.clock.now() / 1000) - atSeconds;
  return ageSeconds < -skewMaxSeconds ? undefined : Math.max(0, ageSeconds);
}

type FindOpen = (sessionId: Id<'ses'>) => Promise<SessionRow | undefined>;

async function sessionFacts(
  context: SessionsContext,
  findOpen: FindOpen,
  input: DecisionInput,
): Promise<Facts | undefined> {
  if (input.subject.type !== 'Staff' || input.sessionId === undefined) return undefined;
  const row = await findOpen(input.sessionId);
  const nowMs = context.clock.now();
  const lives = row !== undefined && whyRowOver(row, nowMs) === undefined;
  // In a locked one nothing is done, whoever asks in its name.
  if (
    !lives ||
    isRowLocked(row, nowMs) ||
    row.subject_id !== input.subject.id ||
    row.realm !== 'workforce'
  ) {
    return { values: { live: false } };
  }
  const { sessionId, assurance, evidenceId } = factsOf(row, nowMs);
  const phrAgeSeconds = ageOf(context, assurance.phr);
  const phrhAgeSeconds = ageOf(context, assurance.phrh);
  return {
    values: {
      live: true,
      leftAloneSeconds: leftAloneSeconds(row, nowMs),
      ...(phrAgeSeconds === undefined ? {} : { phrAgeSeconds }),
      ...(phrhAgeSeconds === undefined ? {} : { phrhAgeSeconds }),
    },
    causes: [evidenceId],
    refs: { sessionId },
  };
}

async function grantFacts(
  context: SessionsContext,
  input: DecisionInput,
): Promise<Facts | undefined> {
  if (input.grantId === undefined) return undefined;
  const grant = await findGrant(context, input.grantId);
  const own =
    grant !== undefined &&
    input.subject.type === 'Staff' &&
    grant.subjectId === input.subject.id &&
    grant.sessionId === input.sessionId;
  if (!own) return { values: { live: false, permitsAction: false } };
  const { grantId, interactionId, caseId, proofId } = grant;
  return {
    values: { live: grant.live, permitsAction: grant.actions.includes(input.action) },
    causes: [grant.evidenceId],
    refs: { grantId, interactionId, caseId, proofId },
  };
}

async function serviceFacts(
  context: SessionsContext,
  rootOf: SettingsRoots,
  { action, subject }: DecisionInput,
): Promise<Facts | undefined> {
  if (subject.type !== 'Service') return undefined;
  const known = await context.services.find(subject.id);
  if (!known) {
    const directory = await context.peers().findProvisioner?.(subject.id);
    return (
      directory && {
        values: { role: 'provisioning', permitsAction: true, owned: true },
        causes: [directory.evidenceId],
      }
    );
  }
  const { registered, role } = known;
  // The operator answers for what stands in the settings.
  const permitsAction = registered?.scopes.has(action) ?? true;
  if (permitsAction) context.services.noteUse(subject.id, { scope: action });
  // By its key, which its registration names: at the root of what a program does stands that.
  const causes = [registered?.evidenceId ?? (await rootOf(subject.id))];
  return { values: { role, permitsAction, owned: registered?.ownerActive ?? true }, causes };
}

/** What this module knows about a question to the PDP: `session`, `grant`, `service`. */
export function createFacts(context: SessionsContext): readonly FactsProvider[] {
  const { storage, tenant } = context;
  const rootOf = createSettingsRoots(context);
  // Many ask at the same time: their sessions are read together.
  const findOpen = lookUpTogether((ids: readonly Id<'ses'>[]) =>
    findOpenRows(storage.db, tenant, ids),
  );
  return [
    { name: 'session', gather: (input) => sessionFacts(context, findOpen, input) },
    { name: 'grant', gather: (input) => grantFacts(context, input) },
    { name: 'service', gather: (input) => serviceFacts(context, rootOf, input) },
    { name: 'chain', gather: (input) => chainFacts(context, input), whenLate: nobodyKnows },
  ];
}
