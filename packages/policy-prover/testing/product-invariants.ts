import { readdirSync, readFileSync } from 'node:fs';
import { parsePolicies } from '@proofline/cedar';
import { parseInvariant, type Invariant, type ReleaseText } from '@proofline/policy';

const FOLDER = new URL('../../../policies/invariants/', import.meta.url);

/** The product’s own invariants. For tests: the package itself reads no files. */
export function productInvariants(): Invariant[] {
  return readdirSync(FOLDER).map((file) => {
    const one = parseInvariant(JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')));
    if (`${one.name}.json` !== file) throw new Error(`${file} names itself ${one.name}`);
    return one;
  });
}

/** The set without the forbids that speak of something; so it does not matter how they are called. */
export function withoutForbids(release: ReleaseText, about: RegExp): ReleaseText {
  const policies = release.policies.map(({ path, text }) => {
    const kept = parsePolicies(text)
      .map(({ policy, span }) => ({ policy, cedar: text.slice(span.start, span.end) }))
      .filter(({ policy, cedar }) => policy.effect === 'permit' || !about.test(cedar));
    return { path, text: kept.map(({ cedar }) => cedar).join('\n') };
  });
  return { ...release, policies };
}

/** The set with one more policy, and declarations at the end of the schema’s namespace. */
export function withPolicy(release: ReleaseText, cedar: string, schema = ''): ReleaseText {
  const text = `@id("role.test.more")\n@reason("A test.")\n${cedar}`;
  return {
    schema: release.schema.replace(/\}\s*$/, `${schema}\n}\n`),
    policies: [...release.policies, { path: 'roles/test.cedar', text }],
  };
}

/** The set with other principals for an action that stands alone in its declaration. */
export function withPrincipals(
  release: ReleaseText,
  action: string,
  principals: string,
): ReleaseText {
  const declared = new RegExp(`(action "${action}"[^;]*principal: )[^\\]]*?(, resource)`);
  const schema = release.schema.replace(declared, `$1${principals}$2`);
  if (schema === release.schema) throw new Error(`${action} has these principals already`);
  return { ...release, schema };
}
