import type { Company } from '../../demo/start-company.ts';
import { send } from './send.ts';

/** What the guarded system holds of an account, read behind everybody's back. */
export async function recordOf(company: Company, accountNumber: string): Promise<string> {
  const headers = { 'x-api-key': company.secrets.crmKey };
  const origin = company.origins.crm;
  const [record, invoices] = await Promise.all([
    send({ origin, path: `/customers/${accountNumber}`, headers }),
    send({ origin, path: `/customers/${accountNumber}/invoices`, headers }),
  ]);
  if (record.status !== 200 || invoices.status !== 200) throw new Error('the CRM does not answer');
  return `${record.text}${invoices.text}`;
}
