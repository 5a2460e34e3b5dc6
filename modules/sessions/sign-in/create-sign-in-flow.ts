import { isId } from '@proofline/kernel';
import { Acr } from '@proofline/protocol';
import type { Provider } from 'oidc-provider';
import type { SessionsContext } from '../context.ts';
import { askedToDo } from '../details/authorization-details.ts';
import { actAt, type SingleAct } from '../domain/single-act.ts';
import { demandOf } from '../oidc/application-client.ts';
import { consoleKeyOf } from '../oidc/console-key.ts';
import { findServiceName } from '../programs/find-service-name.ts';
import { findOpenRow, isRowLocked } from '../store/session-rows.ts';
import type { SignInFlow } from '../types.ts';
import { finishSignIn } from './finish-sign-in.ts';
import { leftResult, openInteractions, type Interaction } from './open-interactions.ts';
import type { PendingSignIn } from './pending-sign-in.ts';

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
  const { close, find } = openInteractions(context, provider);
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
      const pending = await pendingOf(context, await find(http, uid));
      const { atSeconds, afterwards } = await finishSignIn(context, pending, login);
      const { subjectId: accountId, acr, amr } = login;
      const redirectTo = await close(http, uid, {
        login: { accountId, acr, amr: [...amr], ts: atSeconds, remember: true },
      });
      await afterwards();
      return { redirectTo };
    },
    async cancel(http, uid) {
      await find(http, uid);
      return { redirectTo: await close(http, uid, leftResult) };
    },
  };
}
