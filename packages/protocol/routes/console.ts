import { z } from 'zod';
import { defineRoute } from '../route.ts';

/** What the console must know of its surroundings before anybody has signed in. Nothing secret. */
export const ConsoleConfig = z.object({
  /** Origin of the enforcing gateway, the audience of every grant: `https://gateway.example`. */
  gatewayOrigin: z.url(),
  /** Whose customers call here; shown on every screen. */
  companyName: z.string(),
  /** The one audience (RFC 8707 `resource`) of the console's access token. */
  apiAudience: z.url(),
  /** Shown unmistakably, so that nobody takes a test for the real thing: `demo`, `production`. */
  environment: z.string().max(20),
});
export type ConsoleConfig = z.infer<typeof ConsoleConfig>;

export const readConsoleConfig = defineRoute({
  id: 'console.config',
  method: 'get',
  path: '/api/console-config',
  realm: 'workforce',
  caller: 'anyone',
  summary: 'The surroundings of the console: gateway, company, audience, environment.',
  reply: ConsoleConfig,
  status: 200,
  problems: [],
});
