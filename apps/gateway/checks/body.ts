import { holdsSignedBody } from '@proofline/enforce';
import { ProblemError } from '@proofline/protocol';
import type { GatewayCheck } from '../exchange.ts';

/** Waited for only now: everything that needs no body has been looked at. */
export const body: GatewayCheck = {
  name: 'body',
  async run(exchange) {
    const { request } = exchange;
    const bytes = new Uint8Array(await request.body());
    const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
    if (bytes.length > 0 && type !== 'application/json') {
      throw new ProblemError('request.unsupported-type');
    }
    // Signed was the head alone, with the digest of whatever follows it (RFC 9530 §2).
    const { covered } = exchange;
    if (covered) {
      const digest = request.headers['content-digest'];
      if (!(await holdsSignedBody({ body: bytes, covered, digest }))) {
        throw new ProblemError('token.proof-invalid', { internal: 'content-digest' });
      }
    }
    exchange.bytes = bytes;
  },
};
