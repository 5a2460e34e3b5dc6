import type { DecisionsContext } from '../../context.ts';

/** Lets the shadow compare what is tried out now: candidates beside, and the stage with the live one. */
export async function followShadow(context: DecisionsContext): Promise<void> {
  const { live, stage } = context.view();
  const { shadow } = context.releases;
  if (stage === undefined) return shadow.follow(context);
  const { stageId, candidateId } = stage;
  await shadow.follow(context, { stageId, candidateId, live: live.set });
}
