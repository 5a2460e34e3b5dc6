import type { RunningServer } from '@proofline/server/start';
import type { Config } from '@proofline/server/config';
import { seedPastEmergency } from './past-emergency.ts';
import { seedPastErasure } from './past-erasure.ts';
import { openPastPdp, seedPastWork } from './past-work.ts';
import { seedApplications } from './seed-applications.ts';

type Composition = RunningServer['composition'];

/** What was there before the demo began: work that was done, and tools that are signed in to. */
export async function seedPast(composition: Composition, config: Config): Promise<void> {
  const pdp = await openPastPdp(composition, config);
  await seedPastEmergency(composition, pdp);
  await seedPastErasure(composition, pdp);
  await seedPastWork(composition, pdp);
  await seedApplications(composition);
}
