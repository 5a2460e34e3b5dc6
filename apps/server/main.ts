import { describeError } from '@proofline/protocol';
import { ConfigError, readConfig } from './config.ts';
import { createLogger } from './logger.ts';
import { startServer } from './start-server.ts';

try {
  const config = readConfig(process.env);
  const logger = createLogger(config);
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      // Node itself would print the message, which can quote a row of the database.
      logger.fatal(describeError(error), 'an error that nobody caught');
      process.exit(1);
    });
  }
  const server = await startServer(config, { logger });
  const close = async () => {
    try {
      await server.close();
      process.exit(0);
    } catch (error) {
      logger.fatal(describeError(error), 'the server did not close in order');
      process.exit(1);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void close());
} catch (error) {
  // What stops a start is a sentence for the operator; a stack trace is for us.
  const text =
    error instanceof ConfigError || !(error instanceof Error) ? String(error) : error.message;
  process.stderr.write(`${text}\n`);
  process.exit(1);
}
