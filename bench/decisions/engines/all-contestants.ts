import { sizes, workloadOf, type Size } from '../workload-of.ts';
import { casbin } from './casbin.ts';
import { casl } from './casl.ts';
import { cedarWasm } from './cedar-wasm.ts';
import type { Contestant } from './contestant.ts';
import { productContestant } from './product-policies.ts';
import { prooflineCedar } from './proofline-cedar.ts';

/** One row of the table: what it is called there, and whether an answer names its policies. */
export interface Row {
  readonly id: string;
  readonly title: string;
  readonly namesPolicies: boolean;
  readonly isOurs: boolean;
  readonly sizes: readonly (Size | 'product')[];
}

const row = (id: string, title: string, of: Partial<Row> = {}): Row => ({
  id,
  title,
  namesPolicies: true,
  isOurs: id.startsWith('proofline'),
  sizes,
  ...of,
});

/** In the table's order. */
export const rows: readonly Row[] = [
  row('proofline-ready', 'Proofline, request and entities ready'),
  row('proofline-raw', 'Proofline, from raw JSON objects, scope and context checked'),
  row('proofline-entities', 'Proofline, the same, entities with each request'),
  row('cedar-wasm', 'cedar-wasm `statefulIsAuthorized`'),
  row('cedar-wasm-checked', 'cedar-wasm, the same, request checked by the schema'),
  row('casbin', 'casbin `enforceSync`', { namesPolicies: false }),
  row('casl-ready', 'CASL, abilities and subjects built beforehand', { namesPolicies: false }),
  row('casl-raw', 'CASL, abilities built beforehand', { namesPolicies: false }),
  row('proofline-decide', '`decide()` on the product’s policies', { sizes: ['product'] }),
  row('proofline-remedies', '`decide()` and, on a deny, `remedies()`', { sizes: ['product'] }),
];

/** The engine of a row, or `undefined` where its package is not installed. */
export async function createContestant(
  id: string,
  size: Size | 'product',
): Promise<Contestant | undefined> {
  if (size === 'product') return productContestant(id === 'proofline-remedies');
  const workload = workloadOf(size);
  switch (id) {
    case 'proofline-ready':
      return prooflineCedar(workload, 'ready');
    case 'proofline-raw':
      return prooflineCedar(workload, 'raw');
    case 'proofline-entities':
      return prooflineCedar(workload, 'raw-with-entities');
    case 'cedar-wasm':
      return cedarWasm(workload, false);
    case 'cedar-wasm-checked':
      return cedarWasm(workload, true);
    case 'casbin':
      return casbin(workload);
    case 'casl-ready':
      return casl(workload, 'ready');
    case 'casl-raw':
      return casl(workload, 'raw');
    default:
      throw new Error(`there is no engine ${id}`);
  }
}
