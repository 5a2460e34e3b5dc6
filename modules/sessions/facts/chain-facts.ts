import { chainPlaces, type DecisionInput, type Facts } from '@proofline/decisions';
import { isId, type Json, type JsonObject } from '@proofline/kernel';
import type { SessionsContext } from '../context.ts';
import { goodKey } from '../programs/domain/known-program.ts';
import { findGrantRow, grantFactsOf } from '../store/grant-rows.ts';
import type { GrantProgram } from '../types.ts';

const strange = (id: string): JsonObject => ({
  id,
  name: 'A program that is not known here',
  role: 'unknown',
  permitsAction: false,
  owned: false,
});

/** What is believed where nobody says in time who acts: that it is nobody who may. */
export const nobodyKnows: JsonObject = { live: false, asIssued: false, first: strange('unknown') };

/**
 * Those whom the grant was issued to, in the order in which they were called, and whoever asks to join.
 * `undefined`: they act for somebody else.
 */
async function issuedTo(
  { storage, tenant }: SessionsContext,
  { grantId, joining, subject }: DecisionInput,
): Promise<readonly GrantProgram[] | undefined> {
  const row = grantId && (await findGrantRow(storage.db, tenant, grantId));
  // Whether it lives says the grant itself.
  const programs = row ? grantFactsOf(row, false).programs : [];
  if (programs.length > 0 && row?.subject_id !== subject.id) return undefined;
  return joining ? [...programs, joining] : programs;
}

/**
 * The programs that act for the subject. The grant says who they are, and an enforcement point what its
 * token says: where the two differ, all of them are asked about, and nothing is permitted.
 */
export async function chainFacts(
  context: SessionsContext,
  input: DecisionInput,
): Promise<Facts | undefined> {
  const issued = await issuedTo(context, input);
  if (!issued) return { values: nobodyKnows };
  const issuedIds: readonly string[] = issued.map(({ serviceId }) => serviceId);
  const said = input.acting?.toReversed() ?? issuedIds;
  const ids = [...new Set([...issuedIds, ...said])];
  if (ids.length === 0) return undefined;
  const programs = await Promise.all(
    ids.map((id) => describe(context, input.action, { id, isIssued: issuedIds.includes(id) })),
  );
  const isGood = await Promise.all(issued.map((one) => mayStillAct(context, one)));
  const values: Record<string, Json> = {
    live: isGood.every((one) => one),
    asIssued: said.length === issuedIds.length && said.every((id, at) => id === issuedIds[at]),
  };
  if (input.counts && values['live'] && values['asIssued'])
    values['inRate'] = await areInRate(context, issued);
  const subjects: Record<string, string> = {};
  // Who has no place is one too many, and hence not as it was issued.
  for (const [at, place] of chainPlaces.entries()) {
    const facts = programs[at];
    if (facts) values[place] = facts;
    const id = issuedIds[at];
    if (id !== undefined) subjects[`${place}Program`] = id;
  }
  return { values, subjects };
}

interface Named {
  readonly id: string;
  /** By the grant, and not merely by an enforcement point. */
  readonly isIssued: boolean;
}

/** A suspended program, a removed one and one that there never was are the same here. */
async function describe(
  { services }: SessionsContext,
  action: string,
  { id, isIssued }: Named,
): Promise<JsonObject> {
  // A token of somebody else’s may call anybody anything, a person by their address: it is not repeated (P8).
  if (!isId('svc', id)) return strange('unknown');
  const known = await services.find(id);
  if (!known?.registered) return strange(id);
  const { name, registered, role } = known;
  const permitsAction = registered.scopes.has(action);
  if (permitsAction && isIssued) services.noteUse(id, { scope: action });
  return { id, name, role, permitsAction, owned: registered.ownerActive };
}

/**
 * Counts it against the rate of each of them: what it may not do alone so often, it does not for somebody. Who
 * acts now pays first, so that out of its own rate it uses up nobody else’s.
 */
async function areInRate(
  { services }: SessionsContext,
  issued: readonly GrantProgram[],
): Promise<boolean> {
  for (const { serviceId } of issued.toReversed()) {
    const known = await services.find(serviceId);
    if (!known || !services.spend(known)) return false;
  }
  return true;
}

/**
 * Whether a program would still obtain what it obtained a grant with: its key, where it is called, where it goes
 * on to and the scope may each have been taken away since (P6).
 */
export async function mayStillAct(
  { clock, services }: SessionsContext,
  { calledAt, goesTo, kid, serviceId }: GrantProgram,
): Promise<boolean> {
  const known = await services.find(serviceId);
  const { audiences, scopes, serves } = known?.registered ?? {};
  return (
    known !== undefined &&
    goodKey(known, kid, clock.now()) !== undefined &&
    serves?.includes(calledAt) === true &&
    audiences?.includes(goesTo) === true &&
    scopes?.has('grant:issue') === true
  );
}
