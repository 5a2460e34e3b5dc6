import type { Id } from '@proofline/kernel';
import type { RunningStage, StageAudience } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { z } from 'zod';
import { tablesOf, type StageRow } from '../../store/tables.ts';
import type { StageStatement } from '../domain/release-signer.ts';

const Desks = z.array(z.string());

/** The stage that runs, as far as the database says. */
export async function runningStage(db: Db, tenant: string): Promise<StageRow | undefined> {
  return tablesOf(db)
    .selectFrom('policy_stages')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('state', '=', 'running')
    .executeTakeFirst();
}

/** One stage of this tenant, whatever its state. */
export async function findStage(
  db: Db,
  tenant: string,
  stageId: Id<'stg'>,
): Promise<StageRow | undefined> {
  return tablesOf(db)
    .selectFrom('policy_stages')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('stage_id', '=', stageId)
    .executeTakeFirst();
}

/** Writes a stage that begins, or the next setting of one that runs; `undefined`: not any more. */
export async function writeStage(tx: Db, row: StageRow): Promise<StageRow | undefined> {
  if (row.revision === 1) {
    return tablesOf(tx)
      .insertInto('policy_stages')
      .values(row)
      .returningAll()
      .executeTakeFirstOrThrow();
  }
  const { revision, desks, percent, until, key_id, signature, evidence_id } = row;
  return tablesOf(tx)
    .updateTable('policy_stages')
    .set({ revision, desks, percent, until, key_id, signature, evidence_id })
    .where('tenant', '=', row.tenant)
    .where('stage_id', '=', row.stage_id)
    .where('state', '=', 'running')
    .where('revision', '=', revision - 1)
    .returningAll()
    .executeTakeFirst();
}

/** Ends a stage, once: `undefined` when it had ended before. */
export async function closeStage(
  tx: Db,
  tenant: string,
  stageId: Id<'stg'>,
): Promise<StageRow | undefined> {
  return tablesOf(tx)
    .updateTable('policy_stages')
    .set({ state: 'ended' })
    .where('tenant', '=', tenant)
    .where('stage_id', '=', stageId)
    .where('state', '=', 'running')
    .returningAll()
    .executeTakeFirst();
}

/** Adds what one node has compared with the live release, and what came too fast. */
export async function addStageWork(
  tx: Db,
  tenant: string,
  work: { readonly stageId: Id<'stg'>; readonly compared: number; readonly dropped: number },
): Promise<void> {
  await tablesOf(tx)
    .updateTable('policy_stages')
    .set((eb) => ({
      compared: eb('compared', '+', work.compared),
      dropped: eb('dropped', '+', work.dropped),
    }))
    .where('tenant', '=', tenant)
    .where('stage_id', '=', work.stageId)
    .execute();
}

/** Whom a stage is for. */
export function audienceOf(row: Pick<StageRow, 'desks' | 'percent'>): StageAudience {
  return { desks: Desks.parse(JSON.parse(row.desks)), percent: row.percent };
}

/** What names the setting of a stage, as the contract words it. */
export function settingOf(row: StageRow): RunningStage {
  return {
    stageId: row.stage_id,
    candidateId: row.candidate_id,
    revision: row.revision,
    audience: audienceOf(row),
    until: row.until.toISOString(),
  };
}

/** What the signature of a row is over. */
export function statementOf(
  row: Omit<StageRow, 'key_id' | 'signature' | 'evidence_id'>,
): StageStatement {
  return {
    tenant: row.tenant,
    stageId: row.stage_id,
    revision: row.revision,
    candidateId: row.candidate_id,
    digest: row.digest,
    baseSequence: row.base_sequence,
    ...audienceOf(row),
    until: row.until.toISOString(),
  };
}
