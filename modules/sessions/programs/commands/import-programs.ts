import type { SessionsContext } from '../../context.ts';
import { serviceRows } from '../store/service-rows.ts';
import type { ByColleague } from './acting.ts';
import { insertProgram, readProgram, type NewService } from './register-program.ts';

/** A program as whoever runs the server knows it, since when it is registered included. */
export interface ServiceDraft extends Omit<NewService, keyof ByColleague> {
  readonly since: Date;
}

/**
 * Registers programs on behalf of whoever runs the server, who holds its keys as well; no route leads
 * here. One whose name is there already is left as it is.
 *
 * @throws ProblemError where one cannot be registered
 */
export async function importPrograms(
  context: SessionsContext,
  drafts: readonly ServiceDraft[],
): Promise<void> {
  for (const { since, ...draft } of drafts) {
    const program = await readProgram(context, { ...draft, at: since });
    await context.storage.transaction(async (tx) => {
      const present = await serviceRows(context.tenant).list(tx);
      if (present.some(({ name }) => name === draft.name)) return;
      await insertProgram(context, tx, { ...program, by: 'operator', causes: [] });
    });
  }
}
