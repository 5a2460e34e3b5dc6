/** The enforcing reverse proxy, for whoever starts it in their own process. */
export { GatewayConfigError, readGatewayConfig, type GatewayConfig } from './config.ts';
export { startGateway, type GatewayPorts, type RunningGateway } from './start-gateway.ts';
export { createNodeFetch } from './upstream/node-fetch.ts';
