import { z } from 'zod';
import { idOf } from '../ids.ts';

/** For whom a candidate is in force: colleagues of these desks, and of them so many in a hundred. */
export const StageAudience = z
  .object({
    /** None: every desk. */
    desks: z.array(z.string().trim().min(1).max(60)).max(50),
    /** Who they are follows from a keyed hash: nobody can choose, and more only adds people. */
    percent: z.number().int().min(1).max(100),
  })
  .strict();
export type StageAudience = z.infer<typeof StageAudience>;

/** What names the setting of a stage, and whom it is for. */
export const RunningStage = z.object({
  stageId: idOf('stg'),
  candidateId: idOf('pcd'),
  /** Counts how often its audience was set. */
  revision: z.number().int(),
  audience: StageAudience,
  /** From then on the live release decides for everybody again. */
  until: z.string(),
});
export type RunningStage = z.infer<typeof RunningStage>;
