import { nameCompany } from '../page/screen.ts';
import { read } from '../ports/api.ts';

/** Puts the company's name on top where nothing else has told it; answers it, if there was an answer. */
export async function nameCompanyByPage(): Promise<string | undefined> {
  const page = await read<{ company: string }>('/api/customer/page');
  if (!page.ok) return undefined;
  nameCompany(page.value.company);
  return page.value.company;
}
