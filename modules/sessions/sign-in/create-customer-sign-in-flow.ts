import { sha256Base64url } from '@proofline/kernel/node';
import { isUniqueViolation, type Db } from '@proofline/storage';
import { ProblemError, type HttpExchange } from '@proofline/protocol';
import type { Provider } from 'oidc-provider';
import type { ApplicationRow } from '../applications/store/application-rows.ts';
import { customerCookieName } from '../authenticate/customer-cookie-name.ts';
import { giveConsent } from '../consents/commands/give-consent.ts';
import { digestOf, termsOf, type ConsentTerms } from '../consents/domain/terms.ts';
import { standingConsent } from '../consents/standing-consent.ts';
import type { SessionsContext } from '../context.ts';
import { satisfiesAcr } from '../domain/levels.ts';
import { limitsOf } from '../domain/session-limits.ts';
import { dataAsked, demandOf, findUsable } from '../oidc/application-client.ts';
import type { CustomerLogin, CustomerSignInFlow } from '../types.ts';
import { beginCustomerSession, type CustomerBrowser } from './begin-customer-session.ts';
import { clearOidcSession } from './finish-sign-in.ts';
import { leftResult, openInteractions, type Interaction } from './open-interactions.ts';

/** What the customers’ issuer waits for on a page. */
interface Pending {
  readonly interaction: Interaction;
  readonly application: ApplicationRow;
  readonly terms: ConsentTerms;
  readonly agreed: boolean;
}

async function pendingOf(context: SessionsContext, interaction: Interaction): Promise<Pending> {
  const { params, session } = interaction;
  const application = await findUsable(context, params['client_id']);
  if (!application) throw new ProblemError('signin.unknown');
  const terms = termsOf(application, dataAsked(params['scope']));
  const of = { customerId: session?.accountId, learns: terms.learns };
  const agreed = (await standingConsent(context, application, of)) !== undefined;
  return { interaction, application, terms, agreed };
}

/** Why this passkey does not answer this request, in a sentence for its customer; `undefined`: it does. */
async function whyRefused(
  context: SessionsContext,
  { agreed, interaction }: Pending,
  login: CustomerLogin,
): Promise<{ readonly because: string; readonly detail: string } | undefined> {
  const { params, session } = interaction;
  // Who is signed in and has agreed is asked for a fresher or stronger proof, and nobody else is.
  const isStepUp = agreed && params['prompt'] !== 'login';
  if (isStepUp && session?.accountId !== login.customerId) {
    const detail = 'Only the person who is signed in here can confirm this.';
    return { because: 'same-subject', detail };
  }
  const { acrValues } = await demandOf(context, params);
  if (satisfiesAcr(login.acr, acrValues)) return undefined;
  return { because: 'acr', detail: 'This needs a passkey that is bound to a device.' };
}

async function requireAnswer(
  context: SessionsContext,
  pending: Pending,
  login: CustomerLogin,
): Promise<void> {
  const refusal = await whyRefused(context, pending, login);
  if (!refusal) return;
  const { because, detail } = refusal;
  await context.storage.transaction((tx) =>
    context.ledger.record(tx, {
      kind: 'session.refused',
      causes: [login.authenticatorEvidenceId],
      refs: { authenticatorId: login.authenticatorId },
      subjects: { customer: login.customerId },
      facts: { realm: 'customers', because, acr: login.acr },
    }),
  );
  throw new ProblemError('ceremony.refused', { detail, internal: because });
}

function browserOf(http: HttpExchange, { session, uid }: Interaction): CustomerBrowser {
  const secret = http.cookie(customerCookieName);
  return {
    uid,
    oidcUid: session?.uid,
    cookieHash: secret === undefined ? undefined : sha256Base64url(secret),
  };
}

/** Use of the passkey, session and agreement, with their evidence: all of it, or nothing. */
async function write(
  context: SessionsContext,
  tx: Db,
  of: {
    readonly pending: Pending;
    readonly login: CustomerLogin;
    readonly browser: CustomerBrowser;
  },
) {
  const { browser, login, pending } = of;
  await login.noteUse(tx);
  const begun = await beginCustomerSession(context, tx, { browser, login });
  const consentId = await giveConsent(context, tx, {
    login,
    terms: pending.terms,
    application: pending.application,
    sessionId: begun.sessionId,
    because: begun.evidenceId,
  });
  return { ...begun, consentId };
}

/** oidc-provider's interactions behind three verbs, for the customers’ page. */
export function createCustomerSignInFlow(
  context: SessionsContext,
  provider: Provider,
): CustomerSignInFlow {
  const { close, find } = openInteractions(context, provider);
  return {
    async prompt(http, uid) {
      const { agreed, interaction, terms } = await pendingOf(context, await find(http, uid));
      const { acrValues } = await demandOf(context, interaction.params);
      const strong = satisfiesAcr('phr', acrValues) ? {} : ({ acr: 'phrh' } as const);
      return { agreed, ...strong, terms, termsDigest: digestOf(terms) };
    },
    async finish(http, uid, login) {
      const pending = await pendingOf(context, await find(http, uid));
      const { session } = pending.interaction;
      // What was signed is what is asked now: name, host or data may have changed on the way.
      if (digestOf(pending.terms) !== login.termsDigest) throw new ProblemError('signin.unknown');
      await requireAnswer(context, pending, login);
      const browser = browserOf(http, pending.interaction);
      const begun = await context.storage
        .transaction((tx) => write(context, tx, { pending, login, browser }))
        .catch((error: unknown) => {
          // One page, one session: a second answer to it is somebody else's, or a replay.
          if (!isUniqueViolation(error, 'sessions_by_interaction')) throw error;
          throw new ProblemError('signin.unknown');
        });
      await context.ledger.durable(begun.consentId);
      await context.ledger.durable(begun.evidenceId);
      const redirectTo = await close(http, uid, {
        login: {
          accountId: login.customerId,
          acr: login.acr,
          amr: [...login.amr],
          ts: Math.floor(context.clock.now() / 1000),
          remember: true,
        },
      });
      // Afterwards: until then the library compares who opened the page with who is signed in.
      if (session && session.accountId !== login.customerId)
        await clearOidcSession(context, session.uid);
      for (const { session_id: sessionId, subject_id: subjectId } of begun.ended)
        context.onSessionEnded?.({ sessionId, subjectId });
      const { cookieSecret } = begun;
      const { absoluteSeconds: maxAgeSeconds } = limitsOf('customers', 'personal');
      return { redirectTo, cookieSecret, maxAgeSeconds };
    },
    async cancel(http, uid) {
      await find(http, uid);
      return { redirectTo: await close(http, uid, leftResult) };
    },
  };
}
