import type { BenchRequest, Condition, Rule } from '../workload.ts';

/** The rules as Cerbos resource policies: one for each tenant, as a version of `case`. */
export function asCerbos(rules: readonly Rule[]): object[] {
  return [...Map.groupBy(rules, ({ tenant }) => tenant)].map(([tenant, own]) => ({
    apiVersion: 'api.cerbos.dev/v1',
    resourcePolicy: {
      resource: 'case',
      version: tenant,
      rules: own.map(({ id, effect, role, actions, conditions }) => ({
        name: id.replaceAll('.', '-'),
        actions: [...new Set(actions)],
        effect: effect === 'permit' ? 'EFFECT_ALLOW' : 'EFFECT_DENY',
        roles: [role ?? '*'],
        condition: { match: { all: { of: conditions.map((one) => ({ expr: asCel(one) })) } } },
      })),
    },
  }));
}

function asCel(condition: Condition): string {
  const fact = `R.attr.${condition.fact}`;
  if ('is' in condition) return `${fact} == ${condition.is}`;
  if ('atMost' in condition) return `${fact} <= ${condition.atMost}`;
  if ('moreThan' in condition) return `${fact} > ${condition.moreThan}`;
  return `${fact} in ${JSON.stringify(condition.oneOf)}`;
}

/** What Cerbos is asked, over HTTP and gRPC alike: one principal, one or more resources. */
export interface CerbosCheck {
  readonly principal: { readonly id: string; readonly roles: readonly string[] };
  readonly resources: readonly {
    readonly actions: readonly string[];
    readonly resource: {
      readonly kind: 'case';
      readonly policyVersion: string;
      readonly id: string;
      readonly attr: BenchRequest['facts'];
    };
  }[];
}

/** Requests of one person as one check. */
export function asCheck(requests: readonly BenchRequest[]): CerbosCheck {
  const [{ agent, role } = { agent: '', role: '' }] = requests;
  return {
    principal: { id: agent, roles: [role] },
    resources: requests.map(({ tenant, action, resource, facts }, index) => ({
      actions: [action],
      // Ids are told apart, so that two requests for one case are not one question.
      resource: {
        kind: 'case',
        policyVersion: tenant,
        id: `${resource}-${index}`,
        attr: facts,
      },
    })),
  };
}
