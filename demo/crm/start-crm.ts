import { serve } from '@hono/node-server';
import { createCrm } from './create-crm.ts';
import { openCrmDatabase } from './database.ts';

/** Where the CRM listens and keeps its data. */
export interface CrmSettings {
  /** 0 takes a free one. */
  readonly port: number;
  readonly apiKey: string;
  /** A file, or `:memory:`. */
  readonly databasePath: string;
  readonly now: () => Date;
}

/** A CRM that runs. */
export interface RunningCrm {
  readonly origin: string;
  stop(): Promise<void>;
}

/** Starts the CRM on loopback; resolves once it listens. */
export async function startCrm(settings: CrmSettings): Promise<RunningCrm> {
  const database = openCrmDatabase(settings.databasePath, settings.now);
  const app = createCrm(database, settings);
  const { server, port } = await new Promise<{
    server: ReturnType<typeof serve>;
    port: number;
  }>((resolve, reject) => {
    const started = serve(
      { fetch: app.fetch, hostname: '127.0.0.1', port: settings.port },
      (address) => resolve({ server: started, port: address.port }),
    );
    started.on('error', reject);
  });
  return {
    origin: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        if ('closeAllConnections' in server) server.closeAllConnections();
        server.close(() => {
          database.close();
          resolve();
        });
      }),
  };
}
