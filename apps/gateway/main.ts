import { systemClock, systemRandom } from '@proofline/kernel';
import { pino } from 'pino';
import { GatewayConfigError, readGatewayConfig } from './config.ts';
import { startGateway, type RunningGateway } from './start-gateway.ts';
import { createNodeFetch } from './upstream/node-fetch.ts';

async function start(): Promise<RunningGateway | undefined> {
  try {
    const config = readGatewayConfig(process.env);
    const logger = pino({
      level: config.GATEWAY_LOG_LEVEL,
      base: { app: 'gateway' },
      timestamp: pino.stdTimeFunctions.isoTime,
    });
    const gateway = await startGateway(config, {
      fetch: createNodeFetch(),
      clock: systemClock,
      random: systemRandom,
      logger,
    });
    logger.info({ port: gateway.port }, 'the gateway listens');
    return gateway;
  } catch (error) {
    if (!(error instanceof GatewayConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
    return undefined;
  }
}

const gateway = await start();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void gateway?.stop());
}
