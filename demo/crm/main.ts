import { z } from 'zod';
import { startCrm } from './start-crm.ts';

/** The CRM's own process: `node demo/crm/main.ts`. Its key comes by the environment, from the demo. */
const settings = z
  .object({
    CRM_PORT: z.coerce.number().int().min(0).max(65_535).default(4420),
    CRM_API_KEY: z.string({ error: 'CRM_API_KEY must be set' }).min(20),
    CRM_DATABASE: z.string().default(':memory:'),
  })
  .parse(process.env);

const crm = await startCrm({
  port: settings.CRM_PORT,
  apiKey: settings.CRM_API_KEY,
  databasePath: settings.CRM_DATABASE,
  now: () => new Date(Date.now()),
});
process.stdout.write(`CRM ready at ${crm.origin}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void crm.stop());
}
