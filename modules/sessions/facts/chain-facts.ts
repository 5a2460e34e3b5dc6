import { chainPlaces, type DecisionInput, type Facts } from '@proofline/decisions';
import type { Json, JsonObject } from '@proofline/kernel';
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

/** Those whom the grant was issued to, in the order in which they were called, and whoever asks to join. */
async function issuedTo(
  { storage, tenant }: SessionsContext,
  { grantId, joining }: DecisionInput,
): Promise<readonly GrantProgram[]> {
  const row = grantId && (await findGrantRow(storage.db, tenant, grantId));
  // Whether it lives says the grant itself.
  const programs = row ? grantFactsOf(row, false).programs : [];
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
  const issuedIds: readonly string[] = issued.map(({ serviceId }) => serviceId);
  const said = input.acting?.toReversed() ?? issuedIds;
  const ids = [...new Set([...issuedIds, ...said])];
  if (ids.length === 0) return undefined;
  const programs = await Promise.all(ids.map((id) => describe(context, input.action, id)));
  const isGood = await Promise.all(issued.map((one) => hasGoodKey(context, one)));
  const values: Record<string, Json> = {
    live: isGood.every((one) => one),
    asIssued: said.length === issuedIds.length && said.every((id, at) => id === issuedIds[at]),
  };
  const subjects: Record<string, string> = {};
  // Who has no place is one too many, and hence not as it was issued.
  for (const [at, place] of chainPlaces.entries()) {
    const { facts, id, isKnown } = programs[at] ?? {};
    if (facts) values[place] = facts;
    if (id !== undefined && isKnown) subjects[`${place}Program`] = id;
  }
  return { values, subjects };
}

/** A suspended program, a removed one and one that there never was are the same here. */
async function describe(context: SessionsContext, action: string, id: string) {
  const known = await context.services.find(id);
  if (!known?.registered) return { id, isKnown: false, facts: strange(id) };
  const { name, registered, role } = known;
  const permitsAction = registered.scopes.has(action);
  if (permitsAction) context.services.noteUse(id, { scope: action });
  return {
    id,
    isKnown: true,
    facts: { id, name, role, permitsAction, owned: registered.ownerActive },
  };
}

/** Whether a program may still act with the key that it obtained a grant with. */
export async function hasGoodKey(
  { clock, services }: SessionsContext,
  { kid, serviceId }: GrantProgram,
): Promise<boolean> {
  const known = await services.find(serviceId);
  return known !== undefined && goodKey(known, kid, clock.now()) !== undefined;
}
