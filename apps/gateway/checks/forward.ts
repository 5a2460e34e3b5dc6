import { found, type GatewayCheck } from '../exchange.ts';

const headerValue = /^[\x20-\x7e]{1,200}$/;

/** Asks the guarded system with the gateway's own key; of the caller's headers only listed ones go on. */
export const forward: GatewayCheck = {
  name: 'forward',
  async run(exchange, context) {
    const { operation, parameters } = found(exchange.match);
    const { headers, url } = exchange.request;
    const path = operation.segments
      .map((segment) => {
        const name = /^\{(.+)\}$/.exec(segment)?.[1];
        return encodeURIComponent(name === undefined ? segment : found(parameters[name]));
      })
      .join('/');
    const passed: Record<string, string> = {};
    for (const name of operation.mapping.forwardHeaders) {
      const value = headers[name];
      if (value !== undefined && headerValue.test(value)) passed[name] = value;
    }
    exchange.upstream = await context.upstream.ask({
      method: operation.method,
      path: `/${path}${url.search}`,
      headers: passed,
      ...(exchange.body === undefined ? {} : { body: exchange.body }),
    });
  },
};
