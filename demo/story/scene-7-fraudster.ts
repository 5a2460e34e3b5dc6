import { routes } from '@proofline/protocol';
import type { Colleague } from './cast.ts';
import { codeOf, type Stage } from './stage.ts';

const VERBS = [
  'authenticators',
  'passkeys',
  'credentials',
  'reset',
  'recover',
  'bypass',
  'impersonate',
  'temporary-code',
];

/** Scene 7: «I lost my phone, please add this one.» There is no button, and the API has no verb. */
export async function fraudster(
  stage: Stage,
  staff: readonly Colleague[],
  victim: string,
): Promise<void> {
  const { transcript } = stage;
  transcript.chapter('7. “I lost my phone, please add this one”');
  let tried = 0;
  for (const colleague of staff) {
    for (const verb of VERBS) {
      for (const path of [`/api/customers/${victim}/${verb}`, `/api/people/${victim}/${verb}`]) {
        const answer = await colleague.console.api('POST', path, {});
        transcript.must(
          codeOf(answer) === 'route.unknown',
          `${colleague.name} finds no ${verb}: ${codeOf(answer)}`,
        );
        tried += 1;
      }
    }
    const invited = await colleague.console.api('POST', '/api/enrolments', {
      accountNumber: victim,
    });
    transcript.must(invited.status >= 400, `${colleague.name} cannot invite a customer`);
    tried += 1;
  }
  transcript.line({
    who: 'Fraudster',
    what: `gets ${staff.length} colleagues to try ${tried} requests`,
    came: 'all refused; nothing changed',
  });
  const accountOpening = await stage.company.service('account-opening');
  const anew = await accountOpening.call('POST', '/api/enrolments', { accountNumber: victim });
  transcript.must(
    codeOf(anew) === 'enrolment.not-new',
    'not even account opening can invite somebody who has a passkey',
  );
  transcript.line({
    who: 'Fraudster',
    what: 'has account opening invite the customer anew',
    came: `refused: ${codeOf(anew)}`,
  });
  const verbs = routes.filter(
    (route) => route.caller === 'staff' && /passkey|authenticator|credential/.test(route.path),
  );
  transcript.must(verbs.length === 0, 'the contract has no credential verb for staff');
}
