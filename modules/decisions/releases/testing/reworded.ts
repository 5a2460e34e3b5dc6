import type { ReleaseText } from '@proofline/policy';
import { productPolicies } from '../../../../packages/policy/testing/product-policies.ts';

const product = productPolicies();

/** The product’s policies with one text exchanged: a bar, a sentence. */
export function withText(from: string, to: string): ReleaseText {
  return {
    schema: product.schema,
    policies: product.policies.map((file) => ({ ...file, text: file.text.replaceAll(from, to) })),
  };
}

/** The same decisions in other words. */
export const reworded = withText('Your session has ended. Sign in again.', 'Your session is over.');
