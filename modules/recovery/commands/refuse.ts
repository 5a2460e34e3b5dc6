import type { Id, JsonObject } from '@proofline/kernel';
import type { Context } from '../context.ts';
import type { RecoveryRow } from '../store/recovery-rows.ts';

interface Refused {
  readonly step: 'start' | 'code' | 'vouch' | 'watch' | 'complete' | 'cancel' | 'prepare';
  readonly because: string;
  /** Whose failures are counted together. */
  readonly key: string;
  readonly row?: RecoveryRow | undefined;
  readonly subjects?: Readonly<Record<string, string>>;
  readonly causes?: readonly Id<'evt'>[];
}

/** Puts a refused step of a recovery into the evidence, as often as the budget allows. */
export async function recordRefusal(context: Context, refused: Refused): Promise<void> {
  const { because, key, row, step } = refused;
  const granted = context.budget.take(`recovery:${step}:${key}`);
  if (!granted) return;
  const facts: JsonObject = {
    realm: context.realm,
    step,
    because,
    ...(granted.suppressed > 0 && granted),
  };
  await context.storage.transaction((tx) =>
    context.ledger.record(tx, {
      kind: 'recovery.refused',
      causes: [...(row?.evidenceId ? [row.evidenceId] : []), ...(refused.causes ?? [])],
      ...(row && { refs: { recoveryId: row.recovery.recoveryId } }),
      subjects: { ...(row?.isReal && { recovering: row.recovery.subjectId }), ...refused.subjects },
      facts,
    }),
  );
}
