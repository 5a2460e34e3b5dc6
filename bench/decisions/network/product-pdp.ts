/**
 * The product's own server as the demo starts it, in a process of its own: PGlite in the data
 * directory, or the PostgreSQL that is named. It also makes what its caller cannot make in advance:
 * a fresh proof of possession for each request (RFC 9449), outside of the measured time.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCompany } from '../../../demo/start-company.ts';
import { seatFounder } from '../../../demo/story/cast.ts';
import { selfOf } from '../../../demo/story/stage.ts';

/** So many proofs for requests to a path of the server. */
export interface ProveOrder {
  readonly count: number;
  readonly path: string;
}

const [databaseUrl = ''] = process.argv.slice(2);
const directory = mkdtempSync(join(tmpdir(), 'bench-pdp-'));
const company = await startCompany({
  directory,
  ports: 'free',
  logLevel: 'silent',
  ...(databaseUrl !== '' && { databaseUrl }),
});
const colleague = await seatFounder(company, company.founders.security);
const self = await selfOf(colleague);
const service = await company.service('gateway');
/** A colleague, who may do the first and may not do the second. */
const shared = {
  subject: { type: 'Staff', id: self.subjectId },
  context: { session_id: self.sessionId },
};
const questions = ['self:read', 'onboarding:invite'].map((name) => ({
  action: { name },
  resource: { type: 'Workforce', id: '*' },
}));

process.on('message', (message: { readonly prove?: ProveOrder; readonly stop?: true }) => {
  const done = message.prove ? prove(message.prove) : stop();
  done.catch(() => process.exit(1));
});
// Where the bench is stopped, nothing of it stays.
process.on('disconnect', () => void stop().catch(() => process.exit(1)));
process.send?.({ origin: company.origins.staff, shared, questions });

async function prove({ count, path }: ProveOrder): Promise<void> {
  const { accessToken, key } = await service.credentials();
  const url = `${company.origins.staff}${path}`;
  const headers: string[] = [];
  for (let made = 0; made < count; made += 1) {
    const proof = await key.prove({ method: 'POST', url, accessToken });
    headers.push(`authorization: DPoP ${accessToken}\r\ndpop: ${proof}\r\n`);
  }
  process.send?.({ headers });
}

async function stop(): Promise<void> {
  await company.close();
  rmSync(directory, { recursive: true, force: true });
  process.exit(0);
}
