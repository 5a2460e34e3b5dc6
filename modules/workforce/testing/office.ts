import type { Id } from '@proofline/kernel';
import type { Invitation } from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import { createBench, foundActive } from './bench.ts';

/** Who is invited unless a test says otherwise. */
export const person = { displayName: 'Nina New', desk: 'Lisbon', employeeNumber: 'N-1' };

/** The secret of a link, as the page sends it. */
export const secretOf = (link: string) => ({ secret: new URL(link).hash.slice(1) });

/** A bench with a first staff: an HR officer, a team lead, and a team lead of another desk. */
export async function createOffice(storage: Storage, name: string) {
  const bench = createBench(storage, name);
  const founders = await foundActive(bench, [
    { displayName: 'Helga HR', role: 'hr-officer' },
    { displayName: 'Luis Lead', role: 'team-lead' },
    { displayName: 'Otto Other', role: 'team-lead', desk: 'Hamburg' },
  ]);
  const subjects = founders.map(({ subjectId }) => subjectId);
  // As many as were founded.
  const [hr, lead, otherLead] = subjects as [Id<'stf'>, Id<'stf'>, Id<'stf'>];
  return {
    bench,
    hr,
    lead,
    otherLead,
    invite: (body: object = person, as = hr) =>
      bench.call<{ link: string; invitation: Invitation }>('onboarding.invite', { as, body }),
    confirm: (code: string | undefined, { role = 'billing-agent', as = lead } = {}) =>
      bench.call<Invitation>('onboarding.confirm', { as, body: { code: code ?? '', role } }),
    refusals: async () =>
      (await bench.evidence()).filter(({ kind }) => kind === 'onboarding.refused'),
    /** Who was invited last. */
    async newcomer() {
      const invited = (await bench.evidence()).filter(({ kind }) => kind === 'onboarding.invited');
      return bench.workforce.findColleague(invited.at(-1)?.subjects?.['invitee'] as Id<'stf'>);
    },
  };
}

export type Office = Awaited<ReturnType<typeof createOffice>>;
