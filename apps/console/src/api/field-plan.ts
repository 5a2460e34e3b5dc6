import { base64urlToBytes } from '@proofline/kernel';
import { FieldPlan } from '@proofline/protocol';

/** Reads the header `Proofline-Fields`: base64url of the JSON of a {@link FieldPlan}. */
export function parseFieldPlan(header: string | null): FieldPlan | undefined {
  const bytes = header ? base64urlToBytes(header.trim()) : undefined;
  if (!bytes) return undefined;
  try {
    const parsed = FieldPlan.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
