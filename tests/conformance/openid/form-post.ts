import { basic } from './basic.ts';
import type { Module, Plan } from './module.ts';

/** The same, as the suite has it: only the way back differs. */
const byForm = ({ run, ...module }: Module): Module => ({
  ...module,
  run: (rig) => run({ ...rig, basic: rig.basic.with({ responseMode: 'form_post' }) }),
});

/** `oidcc-formpost-basic-certification-test-plan`. */
export const formPost: Plan = {
  name: 'oidcc-formpost-basic-certification-test-plan',
  title: 'OpenID Connect Core: basic, form post',
  note: 'The modules of the basic plan again, each with its answer posted as a form (`response_mode=form_post`).',
  modules: basic.modules.map(byForm),
};
