import { ConfigError, readConfig } from './config.ts';
import { startServer } from './start-server.ts';

try {
  const server = await startServer(readConfig(process.env));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void server.close().then(() => process.exit(0)));
  }
} catch (error) {
  // What stops a start is a sentence for the operator; a stack trace is for us.
  const text =
    error instanceof ConfigError || !(error instanceof Error) ? String(error) : error.message;
  process.stderr.write(`${text}\n`);
  process.exit(1);
}
