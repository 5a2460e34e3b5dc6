import { createSoftwareAuthenticator } from '@proofline/assurance/testing';
import { base64urlToBytes, isId } from '@proofline/kernel';
import { createCustomerPhone } from '../../../demo/actors/customer-phone.ts';
import { createDevice } from '../../../demo/actors/device.ts';
import type { Company } from '../../../demo/start-company.ts';
import type { Colleague } from '../../../demo/story/cast.ts';
import { pairwiseName } from '../../../modules/sessions/consents/domain/pairwise-name.ts';
import { atOwnPage } from '../../attacks/asking-application.ts';
import type { CustomerAtHome } from '../../attacks/callers.ts';
import { createCustomer, type Person } from './person.ts';
import { createCommonRig, registerAsking, type AskedPerson, type Rig } from './rig.ts';

/** A customer with a passkey of their own, who followed the invitation. */
async function enrol(
  company: Company,
  accountNumber: string,
): Promise<CustomerAtHome & { readonly person: Person }> {
  const { customers: origin } = company.origins;
  const passkeys = createSoftwareAuthenticator({ kind: 'synced' });
  const device = createDevice();
  const phone = createCustomerPhone({ customersOrigin: origin, device, passkeys });
  await phone.enrol(company.messageTo(accountNumber).link ?? '');
  const { customers, storage } = company.server.composition;
  const customer = await customers.findByAccountNumber(storage.db, accountNumber);
  if (!customer) throw new Error(`${accountNumber} is not known`);
  const { customerId: subjectId, name: displayName } = customer;
  const person = createCustomer(origin, { passkeys, subjectId, displayName });
  return { accountNumber, device, passkeys, person, phone };
}

/** The same rig at the customers’ issuer. */
export async function createCustomersRig(
  company: Company,
  { admin, pings, told }: Pick<Rig, 'pings' | 'told'> & { readonly admin: Colleague },
): Promise<Rig> {
  const [one = '', two = '', three = ''] = company.accountNumbers;
  const { person } = await enrol(company, one);
  const { person: other } = await enrol(company, two);
  const kek = base64urlToBytes(company.secrets.kek);
  if (!kek) throw new Error('the demo has no key');
  const { tenant } = company.server.composition;
  const nameOf: Rig['nameOf'] = ({ subjectId }, { clientId, parts: { settings } }) => {
    if (!isId('app', clientId) || !isId('cus', subjectId)) throw new Error('not of this realm');
    return pairwiseName({ kek, tenant }, { applicationId: clientId, settings }, subjectId);
  };
  const realm = 'customers';
  const common = await createCommonRig({ company, realm, person, other, admin, told, nameOf });
  return {
    ...common,
    ...(await registerAsking(common, pings)),
    asked: await askedAtOwnPage(company, { accountNumber: three, nameOf }),
    pings,
  };
}

/** A customer who answers at their own page, and is named by their account number. */
async function askedAtOwnPage(
  company: Company,
  { accountNumber, nameOf }: { readonly accountNumber: string; readonly nameOf: Rig['nameOf'] },
): Promise<AskedPerson> {
  const { person, ...home } = await enrol(company, accountNumber);
  const page = atOwnPage(home, company.origins.customers);
  return {
    hint: accountNumber,
    scope: 'openid account',
    nameAt: (party) => nameOf(person, party),
    async answer(how) {
      await home.phone.signIn();
      const { requestId } = await page.only();
      const done =
        how === 'refuse'
          ? await page.refuse(requestId)
          : await page.prove(await page.begin(requestId), home);
      if (done.status !== 204) throw new Error(`not answered: ${JSON.stringify(done.body)}`);
    },
  };
}
