import type { ServiceClient } from './actors/service-client.ts';
import { company } from './company.ts';

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const [headOffice, outsourced] = company.desks;

/** People whom the company’s directory knows; HR has invited none of them yet. */
export const directoryPeople = [
  { name: 'Nadia Costa', employeeNumber: 'MF-3001', department: headOffice, active: true },
  { name: 'Oskar Lind', employeeNumber: 'MF-3002', department: outsourced, active: true },
  { name: 'Petra Novak', employeeNumber: 'MF-3003', department: outsourced, active: false },
] as const;

/** Lets the company’s directory say who works here, as one of a company would: by SCIM. */
export async function seedDirectory(directory: ServiceClient): Promise<void> {
  const members: { value: unknown }[] = [];
  for (const { active, department, employeeNumber, name } of directoryPeople) {
    const userName = `${name.toLowerCase().replaceAll(' ', '.')}@marrowfield.example`;
    const extension = { employeeNumber, department };
    const said = { userName, displayName: name, active, [enterprise]: extension };
    const made = await directory.call('POST', '/scim/v2/Users', said);
    if (made.status !== 201) throw new Error(`the directory was refused: ${made.status}`);
    const { id } = made.body as { readonly id: string }; // RFC 7643 §3.1
    members.push({ value: id });
  }
  const group = { displayName: 'Contact center billing', members };
  await directory.call('POST', '/scim/v2/Groups', group);
}
