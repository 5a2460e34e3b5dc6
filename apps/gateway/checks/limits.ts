import { ProblemError } from '@proofline/protocol';
import type { GatewayCheck } from '../exchange.ts';

const urlMaxChars = 2048;

/** The bound on the address; the server has bounded the headers before, and bounds the body later. */
export const limits: GatewayCheck = {
  name: 'limits',
  async run({ request }) {
    if (request.url.href.length > urlMaxChars) throw new ProblemError('request.too-large');
  },
};
