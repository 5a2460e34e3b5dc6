import type { Customer } from '@proofline/customers';
import type { Id } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import type { CaseType } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { Tell } from '../commit.ts';
import { nowOf, type Context } from '../context.ts';
import { ASKS_WINDOW_MS, type AskFacts, type AskedCustomer } from '../domain/proof-facts.ts';
import { stateAt } from '../domain/proof-request-state.ts';
import type { CallCodeRow } from '../store/call-code-rows.ts';
import type { InteractionRow } from '../store/interaction-rows.ts';
import type { ProofRequestRow } from '../store/proof-request-rows.ts';
import type { StaffFacts } from '../types.ts';
import { closeRequest } from './close-request.ts';

/** What an agent says when they ask: an account number that was told, or a code that was read out. */
export type Asking = {
  readonly interactionId: Id<'int'>;
  readonly agentId: Id<'stf'>;
} & ({ readonly accountNumber: string } | { readonly code: string });

/** Everything that one request for a proof is made from. */
export interface AskWork {
  readonly ask: Asking;
  readonly purpose: CaseType;
  readonly staff: StaffFacts;
  readonly tell: Tell;
}

/** Everything that the table of checks looks at, and the rows behind it. */
export interface Gathered {
  readonly facts: AskFacts;
  readonly call: InteractionRow | undefined;
  readonly customer: Customer | undefined;
  readonly code: CallCodeRow | undefined;
}

/** Gathers, in the transaction that decides. Open requests whose time is over end on the way. */
export async function gatherAskFacts(
  context: Context,
  tx: Db,
  { ask, tell }: { readonly ask: Asking; readonly tell: Tell },
): Promise<Gathered> {
  const { requests } = context.rows;
  const isOpen = (request: ProofRequestRow | undefined) =>
    endIfLate(context, tx, { request, tell });
  const call = await context.rows.interactions.find(tx, ask.interactionId);
  const { customer, code } = await findCustomer(context, tx, ask);
  const accountNumber = 'accountNumber' in ask ? ask.accountNumber : undefined;
  const facts: AskFacts = {
    nowMs: context.clock.now(),
    call,
    askedBy: ask.agentId,
    callHasOpenRequest: await isOpen(await requests.findOpenOfCall(tx, ask.interactionId)),
    asksOnThisCall: await requests.count(tx, { interactionId: ask.interactionId }),
    asksForThisAccount: await countAsksFor(context, tx, ask),
    proved: await findProved(context, tx, ask.interactionId),
    accountNumber,
    codeIsWaiting: code !== undefined,
    customer: customer && {
      ...(await describe(context, tx, customer)),
      hasOpenRequest: await isOpen(await requests.findOpenOfCustomer(tx, customer.customerId)),
    },
  };
  return { facts, call, customer, code };
}

async function findCustomer(
  context: Context,
  tx: Db,
  ask: Asking,
): Promise<Pick<Gathered, 'customer' | 'code'>> {
  if ('accountNumber' in ask) {
    const customer = await context.customers.findByAccountNumber(tx, ask.accountNumber);
    return { customer, code: undefined };
  }
  // People read codes out in groups; how they are grouped says nothing.
  const digits = ask.code.replaceAll(/[\s-]/g, '');
  const code = await context.rows.codes.findLive(tx, digits, nowOf(context));
  return { customer: code && (await context.customers.findById(tx, code.customerId)), code };
}

async function countAsksFor(context: Context, tx: Db, ask: Asking): Promise<number> {
  if (!('accountNumber' in ask)) return 0;
  const accountDigest = digestOfAccount(context, ask.accountNumber);
  const by = { agentId: ask.agentId, accountDigest };
  return context.rows.requests.count(tx, { by, since: hourAgo(context) });
}

async function findProved(
  context: Context,
  tx: Db,
  interactionId: Id<'int'>,
): Promise<AskFacts['proved']> {
  const [proof] = await context.rows.proofs.listLive(tx, interactionId);
  if (!proof) return undefined;
  const customer = await context.customers.findById(tx, proof.customerId);
  return { customerId: proof.customerId, accountNumber: customer?.accountNumber };
}

async function describe(
  context: Context,
  tx: Db,
  customer: Customer,
): Promise<Omit<AskedCustomer, 'hasOpenRequest'>> {
  const { customerId } = customer;
  const { requests } = context.rows;
  return {
    customerId,
    hasContact: customer.contact !== undefined,
    hasPasskey: (await context.customers.credentialsOf(tx, customerId)).length > 0,
    asksWithinHour: await requests.count(tx, {
      customerId,
      startedBy: 'agent',
      since: hourAgo(context),
    }),
  };
}

/** Whether it is open at this moment; one that waits for the sweep is ended here. */
async function endIfLate(
  context: Context,
  tx: Db,
  { request, tell }: { readonly request: ProofRequestRow | undefined; readonly tell: Tell },
): Promise<boolean> {
  if (!request) return false;
  if (stateAt(request, context.clock.now()) === 'open') return true;
  await closeRequest(context, tx, { request, because: 'expired', tell });
  return false;
}

/** What of a typed account number is kept: enough to count, whether or not it exists. */
export function digestOfAccount(context: Context, accountNumber: string): string {
  return sha256Base64url(`${context.tenant}\n${accountNumber}`);
}

function hourAgo(context: Context): Date {
  return new Date(context.clock.now() - ASKS_WINDOW_MS);
}
