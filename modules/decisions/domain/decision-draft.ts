import { canonicalJson, type Id, type JsonObject } from '@proofline/kernel';
import type { EvidenceDraft, PersonalFields } from '@proofline/ledger';
import type { ReleaseRef } from '@proofline/protocol';
import type { DecisionInput } from '../types.ts';
import type { Evaluated } from './evaluate.ts';
import type { GatheredFacts } from './gather-facts.ts';
import { programsInClear } from './programs-of.ts';
import { isOwnType } from './own-types.ts';
import { isContractAction, tierOf } from './tier-of.ts';

/** What an entry `decision.made` and everything caused by it can be found by. */
export interface DecisionLinks {
  readonly refs: Readonly<Record<string, string>>;
  readonly subjects: Readonly<Record<string, string>>;
}

/** Ids and subjects of a decision: the caller's, the facts', and the resource's. */
export function decisionLinks(
  decisionId: Id<'dec'>,
  input: DecisionInput,
  gathered: GatheredFacts,
): DecisionLinks {
  const { resource, sessionId, grantId } = input;
  const known = [...gathered.known.values()];
  const isSubject = /^(?:stf|cus|svc)_/.test(resource.id);
  const isOurs =
    /^[a-z]{3}_[0-7][0-9a-hjkmnp-tv-z]{25}$/.test(resource.id) &&
    !isSubject &&
    !isRecord(resource.type);
  return {
    refs: {
      ...merged(known.map((facts) => facts.refs)),
      ...(gathered.stop?.thrown && { switchId: gathered.stop.thrown.switchId }),
      ...(sessionId && { sessionId }),
      ...(grantId && { grantId }),
      ...(isOurs && { resourceId: resource.id }),
      decisionId,
    },
    subjects: {
      ...merged(known.map((facts) => facts.subjects)),
      ...(isSubject && { resource: resource.id }),
      actor: input.subject.id,
    },
  };
}

function merged(parts: readonly (Readonly<Record<string, string>> | undefined)[]) {
  return Object.fromEntries(parts.flatMap((part) => Object.entries(part ?? {})));
}

/** The entry `decision.made`: in clear what was decided and why, sealed whom it was about. */
export function decisionDraft(made: {
  readonly input: DecisionInput;
  readonly evaluated: Evaluated;
  readonly gathered: GatheredFacts;
  readonly links: DecisionLinks;
  readonly release: ReleaseRef;
}): EvidenceDraft {
  const { input, evaluated, gathered, links, release } = made;
  const { outcome, remedies, obligations, question, defaulted } = evaluated;
  const programs = programsInClear(gathered.known.get('chain'));
  return {
    kind: 'decision.made',
    causes: [
      ...new Set([
        ...[...gathered.known.values()].flatMap((facts) => facts.causes ?? []),
        ...(gathered.stop?.thrown ? [gathered.stop.thrown.evidenceId] : []),
      ]),
    ].toSorted(),
    ...links,
    facts: {
      ...namesOf(input, !outcome.refused && !gathered.stop),
      tier: tierOf(input.action),
      // The whole chain, in the order in which they were called.
      ...(programs.length > 0 && { programs: [...programs] }),
      effect: outcome.effect,
      forbidden: outcome.forbidden,
      policies: outcome.determining.toSorted(),
      reasons: outcome.reasons.map((reason) => reason.text),
      remedies: remedies.map((remedy) => ({ ...remedy })),
      ...(obligations.fields && { fields: { ...obligations.fields } }),
      ...(outcome.refused && { refused: outcome.refused }),
      ...(outcome.erring.length > 0 && { erring: outcome.erring }),
      ...(gathered.unknown.length > 0 && { unknownFacts: gathered.unknown }),
      ...(defaulted.length > 0 && { defaultedFacts: defaulted }),
      release: { ...release },
    },
    personal: personalFields(input, links, question.context),
  };
}

/** A name that no schema was asked about may be anything, a person's too: it is not said in clear. */
function namesOf({ action, resource }: DecisionInput, isOfSchema: boolean) {
  return {
    action: isOfSchema || isContractAction(action) ? action : 'unknown',
    resourceType: isOfSchema || isOwnType(resource.type) ? resource.type : 'unknown',
  };
}

/**
 * The facts are about who acts. An account number belongs to its customer, but only a proof that
 * matches says who that is; until then it is something that the actor typed.
 */
function personalFields(
  input: DecisionInput,
  links: DecisionLinks,
  context: JsonObject,
): PersonalFields[] {
  if (input.subject.type === 'Service') return [];
  const actor = input.subject.id;
  const sealed: PersonalFields[] = [
    { subject: actor, retention: 'access', fields: { context: canonicalJson(context) } },
  ];
  const { action, resource } = input;
  const isAccount = isRecord(resource.type);
  if (isAccount) {
    const subject = (isProvedAccount(context) && links.subjects['customer']) || actor;
    sealed.push({ subject, retention: 'access', fields: { accountNumber: resource.id } });
  }
  if (!isContractAction(action) || !isOwnType(resource.type)) {
    const fields = { action, ...(!isAccount && { resource: `${resource.type} ${resource.id}` }) };
    // What cannot be spelled is refused here, before it meets others.
    canonicalJson(fields);
    sealed.push({ subject: actor, retention: 'access', fields });
  }
  return sealed;
}

/** Of a customer: its id is the guarded system’s own. */
function isRecord(type: string): boolean {
  return type === 'Account' || type === 'EmergencyRecord';
}

function isProvedAccount({ proof }: JsonObject): boolean {
  return (
    typeof proof === 'object' &&
    proof !== null &&
    'customerMatchesResource' in proof &&
    proof['customerMatchesResource'] === true
  );
}
