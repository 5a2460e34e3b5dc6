import type { Facts, FactsProvider } from '@proofline/decisions';
import { isId } from '@proofline/kernel';
import type { Context } from '../context.ts';

/** `context.colleague` of a decision about somebody, or about the invitation of somebody. */
export function colleagueFacts(context: Context): FactsProvider {
  const { invitations, staff } = context.rows;
  const { db } = context.storage;
  return {
    name: 'colleague',
    async gather({ resource, subject }): Promise<Facts | undefined> {
      if (!isId('stf', subject.id)) return undefined;
      const subjectId =
        resource.type === 'Invitation' && isId('inv', resource.id)
          ? (await invitations.find(db, resource.id))?.onboarding.subjectId
          : resource.id;
      if (!isId('stf', subjectId) || !['Staff', 'Invitation'].includes(resource.type)) {
        return undefined;
      }
      const [reader, about] = await Promise.all([
        staff.findById(db, subject.id),
        staff.findById(db, subjectId),
      ]);
      return reader && about && { values: { sameDesk: reader.desk === about.desk } };
    },
  };
}
