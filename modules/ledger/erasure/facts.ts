import { isId, type Id, type JsonObject } from '@proofline/kernel';
import { isStanding, learnLifted } from './commands/lifted-holds.ts';
import type { ErasureContext } from './context.ts';

/** Facts for a decision, in the form that the PDP asks its providers for. It stands above the ledger. */
export interface ErasureFacts {
  readonly name: string;
  gather(input: {
    readonly subject: { readonly id: string };
    readonly resource: { readonly type: string; readonly id: string };
  }): Promise<
    | {
        readonly values: JsonObject;
        readonly causes: readonly Id<'evt'>[];
        readonly refs: Readonly<Record<string, string>>;
      }
    | undefined
  >;
}

/** `erasureRequest` and `holdChange`: what stands behind an erasure to be answered, a hold to be lifted. */
export function erasureFacts(context: ErasureContext): ErasureFacts[] {
  const { erasures, holds, storage } = context;
  return [
    {
      name: 'erasureRequest',
      async gather({ subject, resource }) {
        if (resource.type !== 'Erasure' || !isId('ers', resource.id)) return undefined;
        const row = await erasures.find(storage.db, resource.id);
        return (
          row && {
            values: {
              waiting: row.state === 'waiting',
              requestedBySubject: row.asked_by === subject.id,
            },
            causes: [row.asked_evidence],
            refs: { erasureId: resource.id },
          }
        );
      },
    },
    {
      name: 'holdChange',
      async gather({ subject, resource }) {
        if (resource.type !== 'Hold' || !isId('hld', resource.id)) return undefined;
        await learnLifted(context);
        const row = await holds.find(storage.db, resource.id);
        return (
          row && {
            values: {
              standing: isStanding(context, row),
              placedBySubject: row.placed_by === subject.id,
            },
            causes: [row.placed_evidence],
            refs: { holdId: resource.id },
          }
        );
      },
    },
  ];
}
