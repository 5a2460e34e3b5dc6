import type { Facts, FactsProvider } from '@proofline/decisions';
import { isId } from '@proofline/kernel';
import type { Context } from '../context.ts';

/** `context.colleague` of a decision about somebody, or about the invitation of somebody. */
export function colleagueFacts(context: Context): FactsProvider {
  const { staff } = context.rows;
  const { db } = context.storage;
  return {
    name: 'colleague',
    async gather({ resource, subject }): Promise<Facts | undefined> {
      if (!isId('stf', subject.id)) return undefined;
      const [reader, about] = await Promise.all([
        staff.findById(db, subject.id),
        findAbout(context, resource),
      ]);
      return reader && about && { values: { sameDesk: reader.desk === about.desk } };
    },
  };
}

/** Whom, or which invitation, a decision is about. An invitation is of the desk that it was issued for. */
async function findAbout(
  context: Context,
  { id, type }: { readonly id: string; readonly type: string },
): Promise<{ readonly desk: string } | undefined> {
  const { db } = context.storage;
  if (type === 'Invitation') {
    return isId('inv', id) ? context.rows.invitations.find(db, id) : undefined;
  }
  return type === 'Staff' && isId('stf', id) ? context.rows.staff.findById(db, id) : undefined;
}
