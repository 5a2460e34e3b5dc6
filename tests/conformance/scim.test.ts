import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seatFounder } from '../../demo/story/cast.ts';
import { openCompany, type Battlefield } from '../attacks/open-company.ts';
import { connect, type Directory } from './scim-directory.ts';

let field: Battlefield;
let directory: Directory;

beforeAll(async () => {
  field = await openCompany();
  directory = await connect(field.company, await seatFounder(field.company, 'Ravi Menon'));
});
afterAll(() => field.close());

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

describe('SCIM 2.0: people', () => {
  test('come, change and leave', async () => {
    const body = {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', enterprise],
      userName: 'mara.vidal@example.com',
      displayName: 'Mara Vidal',
      active: true,
      [enterprise]: { employeeNumber: 'DX-1', department: 'Harbour' },
    };
    const made = await directory.ask('POST', '/Users', body);
    expect(made.json).toMatchObject({ userName: body.userName });
    expect(made.status).toBe(201);
    const path = `/Users/${String(made.json['id'])}`;
    const left = await directory.ask('PATCH', path, {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'Replace', path: 'active', value: 'False' }],
    });
    expect(left.json).toMatchObject({ active: false });
    expect((await directory.ask('DELETE', path)).status).toBe(204);
    const gone = await directory.ask('GET', path);
    expect(gone.json).toMatchObject({ status: '404', code: 'scim.unknown' });
  });
});
