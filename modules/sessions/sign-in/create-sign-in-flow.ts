import type { IncomingMessage, ServerResponse } from 'node:http';
import { isId } from '@proofline/kernel';
import { Acr, ProblemError, type HttpExchange } from '@proofline/protocol';
import type { Provider } from 'oidc-provider';
import type { SessionsContext } from '../context.ts';
import { askedToDo } from '../details/authorization-details.ts';
import { hasSignInCookie, signInCookieName } from '../domain/sign-in-cookie.ts';
import { actAt, type SingleAct } from '../domain/single-act.ts';
import { demandOf } from '../oidc/application-client.ts';
import { consoleKeyOf } from '../oidc/console-key.ts';
import { findServiceName } from '../programs/find-service-name.ts';
import { findOpenRow, isRowLocked } from '../store/session-rows.ts';
import type { SignInFlow } from '../types.ts';
import { finishSignIn } from './finish-sign-in.ts';
import type { PendingSignIn } from './pending-sign-in.ts';

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

async function pendingOf(
  context: SessionsContext,
  interaction: Interaction,
): Promise<PendingSignIn> {
  const { params, session, uid } = interaction;
  const { acrValues, maxAgeSeconds } = await demandOf(context, params);
  const subjectId = session?.accountId;
  // `prompt=login` alone is somebody taking over the desk; a demand for assurance is a step-up.
  const consoleKey = consoleKeyOf(params);
  const switches =
    params['prompt'] === 'login' && acrValues.length === 0 && maxAgeSeconds === undefined;
  return {
    uid,
    kind: isId('stf', subjectId) && !switches ? 'step-up' : 'login',
    acrValues,
    ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }),
    ...(isId('stf', subjectId) ? { subjectId } : {}),
    ...(session?.uid === undefined ? {} : { oidcUid: session.uid }),
    ...(consoleKey === undefined ? {} : { consoleKey }),
  };
}

function nodeOf(http: HttpExchange): [IncomingMessage, ServerResponse] {
  // The edge hands over Node's own objects; the contract does not name Node.
  return [http.node.incoming as IncomingMessage, http.node.outgoing as ServerResponse];
}

/** Its title is for colleagues; the digest says nothing to whoever does not know it. */
async function shown(context: SessionsContext, act: SingleAct, { kind }: PendingSignIn) {
  const { candidateOf } = context;
  if ('serviceId' in act) {
    const name = kind === 'step-up' ? await findServiceName(context, act.serviceId) : undefined;
    return { ...act, ...(name !== undefined && { name }) };
  }
  const candidate = 'candidateId' in act ? await candidateOf?.(act.candidateId) : undefined;
  if (candidate === undefined) return act;
  const { digest, note } = candidate;
  return { ...act, digest, ...(kind === 'step-up' && { note }) };
}

/** Whether this page is what opens a locked session; the person is told so, and not of a stronger proof. */
async function isLocked(
  { clock, storage, tenant }: SessionsContext,
  { kind, oidcUid }: PendingSignIn,
): Promise<boolean> {
  if (kind === 'login' || oidcUid === undefined) return false;
  const row = await findOpenRow(storage.byKey, tenant, { oidc_uid: oidcUid });
  return row !== undefined && isRowLocked(row, clock.now());
}

/** Who asks through a client of our own for somebody else, by the request's state. */
export type NameOfAsker = (clientId: string, state: string) => Promise<string | undefined>;

/** oidc-provider's interactions behind three verbs, for the workforce module's sign-in page. */
export function createSignInFlow(
  context: SessionsContext,
  provider: Provider,
  nameOfAsker: NameOfAsker,
): SignInFlow {
  const read = async (http: HttpExchange, uid: string): Promise<Interaction> => {
    const [incoming] = nodeOf(http);
    // Without it the page began elsewhere, and its cookie was planted here for somebody to answer.
    if (!hasSignInCookie(context.cookieKeys, uid, incoming.headers.cookie)) {
      throw new ProblemError('signin.unknown');
    }
    try {
      const interaction = await provider.interactionDetails(...nodeOf(http));
      if (interaction.uid === uid && interaction.prompt.name === 'login') return interaction;
    } catch {
      // The cookie is missing or names nothing: the same answer as for another browser's sign-in.
    }
    throw new ProblemError('signin.unknown');
  };
  // One request asks what is wanted, and then answers it.
  const found = new WeakMap<object, { readonly uid: string; readonly it: Promise<Interaction> }>();
  const find = (http: HttpExchange, uid: string): Promise<Interaction> => {
    const [incoming] = nodeOf(http);
    const before = found.get(incoming);
    if (before?.uid === uid) return before.it;
    const it = read(http, uid);
    found.set(incoming, { uid, it });
    return it;
  };
  const forget = (http: HttpExchange, uid: string) =>
    http.setCookie(signInCookieName(uid), '', { maxAgeSeconds: 0 });
  return {
    async prompt(http, uid) {
      const interaction = await find(http, uid);
      const pending = await pendingOf(context, interaction);
      const clientId = String(interaction.params['client_id']);
      const client = await provider.Client.find(clientId);
      const asker = await nameOfAsker(clientId, String(interaction.params['state']));
      const asks = await askedToDo(context, interaction.params);
      const act = actAt(context.staffOrigin, interaction.params['resource']);
      // Of several acceptable levels the weakest is asked for: the person may always do better.
      const acr = Acr.options.find((level) => pending.acrValues.includes(level));
      return {
        clientName: asker ?? client?.clientName ?? '',
        kind: pending.kind,
        ...(act === undefined ? {} : { act: await shown(context, act, pending) }),
        ...(asks && { asks }),
        ...((await isLocked(context, pending)) && { locked: true }),
        ...(acr === undefined ? {} : { acr }),
        ...(pending.maxAgeSeconds === undefined ? {} : { maxAgeSeconds: pending.maxAgeSeconds }),
        ...(pending.subjectId === undefined || pending.kind === 'login'
          ? {}
          : { subjectId: pending.subjectId }),
      };
    },
    async finish(http, uid, login) {
      const interaction = await find(http, uid);
      const pending = await pendingOf(context, interaction);
      const { atSeconds, afterwards } = await finishSignIn(context, pending, login);
      const { subjectId: accountId, acr, amr } = login;
      // As the library’s `interactionResult` does it, which would read what was read for this request before.
      interaction.result = {
        login: { accountId, acr, amr: [...amr], ts: atSeconds, remember: true },
      };
      await interaction.save(interaction.remainingTTL);
      await afterwards();
      forget(http, uid);
      return { redirectTo: interaction.returnTo };
    },
    async cancel(http, uid) {
      await find(http, uid);
      const result = { error: 'access_denied', error_description: 'the sign-in was left' };
      const redirectTo = await provider.interactionResult(...nodeOf(http), result, {
        mergeWithLastSubmission: false,
      });
      forget(http, uid);
      return { redirectTo };
    },
  };
}
