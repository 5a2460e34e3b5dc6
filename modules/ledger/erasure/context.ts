import type { Pseudonyms } from '../commands/pseudonyms.ts';
import type { Recorder } from '../commands/record.ts';
import type { Context } from '../context.ts';
import type { Sequencer } from '../sequencer/sequencer.ts';
import type { EvidenceWriter } from '../types.ts';
import { memoryErasureJournal, type ErasureJournal } from './erasure-journal.ts';
import { eraseRows } from './store/erase-rows.ts';
import { erasureRows } from './store/erasure-rows.ts';
import { holdRows } from './store/hold-rows.ts';
import { stretchRows } from './store/stretch-rows.ts';

/** What everything about erasures works with. */
export interface ErasureContext extends Omit<Context, 'journal'> {
  readonly pseudonyms: Pseudonyms;
  readonly recorder: Recorder;
  readonly sequencer: Sequencer;
  readonly writer: EvidenceWriter;
  readonly erasures: ReturnType<typeof erasureRows>;
  readonly holds: ReturnType<typeof holdRows>;
  readonly erase: ReturnType<typeof eraseRows>;
  readonly stretches: ReturnType<typeof stretchRows>;
  readonly journal: ErasureJournal;
  /** Holds of which the log was proved to say that they were lifted: once said, it is so for good. */
  readonly liftedHolds: Set<string>;
}

/** @see ErasureContext */
export function erasureContext(
  context: Context,
  parts: Pick<ErasureContext, 'pseudonyms' | 'recorder' | 'sequencer' | 'writer'>,
): ErasureContext {
  const { tenant } = context;
  return {
    ...context,
    ...parts,
    erasures: erasureRows(tenant),
    holds: holdRows(tenant),
    erase: eraseRows(tenant),
    stretches: stretchRows(tenant),
    journal: context.journal ?? memoryErasureJournal(),
    liftedHolds: new Set(),
  };
}
