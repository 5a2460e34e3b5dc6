import { limits as bounds } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import type { GatewayCheck } from '../exchange.ts';

const urlMaxChars = 2048;

/** Bounds on everything that came in; the server has cut off what was larger while it arrived. */
export const limits: GatewayCheck = {
  name: 'limits',
  async run({ request }) {
    const { body, headers, url } = request;
    if (url.href.length > urlMaxChars || body.length > bounds.requestBodyMaxBytes) {
      throw new ProblemError('request.too-large');
    }
    const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
    if (body.length > 0 && type !== 'application/json') {
      throw new ProblemError('request.unsupported-type');
    }
  },
};
