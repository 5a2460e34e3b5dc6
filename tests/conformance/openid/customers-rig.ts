import { createSoftwareAuthenticator } from '@proofline/assurance/testing';
import { base64urlToBytes, isId } from '@proofline/kernel';
import { createCustomerPhone } from '../../../demo/actors/customer-phone.ts';
import { createDevice } from '../../../demo/actors/device.ts';
import type { Company } from '../../../demo/start-company.ts';
import type { Colleague } from '../../../demo/story/cast.ts';
import { pairwiseName } from '../../../modules/sessions/consents/domain/pairwise-name.ts';
import { createCustomer, type Person } from './person.ts';
import { createCommonRig, type Rig } from './rig.ts';

/** A customer with a passkey of their own, who followed the invitation. */
async function enrol(company: Company, accountNumber: string): Promise<Person> {
  const { customers: origin } = company.origins;
  const passkeys = createSoftwareAuthenticator({ kind: 'synced' });
  const phone = createCustomerPhone({ customersOrigin: origin, device: createDevice(), passkeys });
  await phone.enrol(company.messageTo(accountNumber).link ?? '');
  const { customers, storage } = company.server.composition;
  const customer = await customers.findByAccountNumber(storage.db, accountNumber);
  if (!customer) throw new Error(`${accountNumber} is not known`);
  const { customerId: subjectId, name: displayName } = customer;
  return createCustomer(origin, { passkeys, subjectId, displayName });
}

/** The same rig at the customers’ issuer. Customers are asked nowhere else: CIBA has no part in it. */
export async function createCustomersRig(
  company: Company,
  { admin, told }: { readonly admin: Colleague; readonly told: Rig['told'] },
): Promise<Rig> {
  const [one = '', two = ''] = company.accountNumbers;
  const [person, other] = [await enrol(company, one), await enrol(company, two)];
  const kek = base64urlToBytes(company.secrets.kek);
  if (!kek) throw new Error('the demo has no key');
  const { tenant } = company.server.composition;
  const nameOf: Rig['nameOf'] = ({ subjectId }, { clientId, parts: { settings } }) => {
    if (!isId('app', clientId) || !isId('cus', subjectId)) throw new Error('not of this realm');
    return pairwiseName({ kek, tenant }, { applicationId: clientId, settings }, subjectId);
  };
  const realm = 'customers';
  const common = await createCommonRig({ company, realm, person, other, admin, told, nameOf });
  const never = (): never => {
    throw new Error('customers are asked nowhere else');
  };
  return {
    ...common,
    get terminal() {
      return never();
    },
    get doorbell() {
      return never();
    },
    get asked() {
      return never();
    },
    get pings() {
      return never();
    },
  };
}
