import type { Json } from '@proofline/kernel';
import { spanText } from '@proofline/protocol';
import { chainPlaces } from './chain.ts';

type Words = (value: Json) => string;

const either =
  (yes: string, no: string): Words =>
  (value) =>
    value === true ? yes : no;
const text = (value: Json) => (typeof value === 'string' ? value : JSON.stringify(value));
const age = (value: Json) => (typeof value === 'number' ? spanText(value) : text(value));
const list = (value: Json) => (Array.isArray(value) ? value.map(text).join(', ') : text(value));

/** The facts of one of the programs that act. */
const programSentences = (which: string): Readonly<Record<string, Words>> => ({
  [`chain.${which}.id`]: (value) => `The ${which} program was ${text(value)}.`,
  [`chain.${which}.name`]: (value) => `The ${which} program to act was “${text(value)}”.`,
  [`chain.${which}.role`]: (value) => `The ${which} program was of the kind ${text(value)}.`,
  [`chain.${which}.permitsAction`]: either(
    `The ${which} program was given the scope for that.`,
    `The ${which} program was not given the scope for that.`,
  ),
  [`chain.${which}.owned`]: either(
    `Whoever answers for the ${which} program worked here.`,
    `Whoever answered for the ${which} program had left.`,
  ),
});

/** A fact of the product’s schema → the sentence that says its value. */
const sentences: Readonly<Record<string, Words>> = {
  ...Object.fromEntries(chainPlaces.flatMap((place) => Object.entries(programSentences(place)))),
  'chain.live': either(
    'Every program that acted was good.',
    'A program that acted had been stopped, or what it acted by was taken from it.',
  ),
  'chain.inRate': either(
    'Every program that acted kept to its rate.',
    'A program that acted had done as much as it may in a minute.',
  ),
  'chain.asIssued': either(
    'Those acted whom the token was issued to.',
    'Others acted than those whom the token was issued to.',
  ),
  'request.amountCents': (value) => `The amount was ${(Number(value) / 100).toFixed(2)}.`,
  'request.reasonCode': (value) => `The reason given was ${text(value)}.`,
  'staff.roles': (value) => `They were employed as ${list(value).replaceAll('-', ' ')}.`,
  'staff.desk': (value) => `They sat at the desk ${text(value)}.`,
  'staff.active': either('Their account was active.', 'Their account was not active.'),
  'staff.deviceBoundAuthenticators': (value) =>
    value === 1 ? 'They had one security key.' : `They had ${text(value)} security keys.`,
  'staff.recovered': either(
    'Their account was recovered within the seven days before.',
    'Their account was not recovered lately.',
  ),
  'service.role': (value) => `The program was the ${text(value)}.`,
  'service.permitsAction': either(
    'It was given the scope for that.',
    'It was not given the scope for that.',
  ),
  'service.owned': either(
    'Whoever answers for it worked here.',
    'Whoever answered for it had left.',
  ),
  'session.live': either('Their session was live.', 'Their session had ended.'),
  'session.phrAgeSeconds': (value) => `They had confirmed with their passkey ${age(value)} before.`,
  'session.phrhAgeSeconds': (value) =>
    `They had confirmed with a security key ${age(value)} before.`,
  'session.leftAloneSeconds': (value) =>
    `Since then nobody had done anything there for ${age(value)} at most.`,
  'interaction.state': (value) => `The call was ${text(value)}.`,
  'interaction.assignedToSubject': either('The call was theirs.', 'The call was not theirs.'),
  'interaction.sameDesk': either('The call was of their desk.', 'The call was of another desk.'),
  'interaction.wrongCodes': (value) =>
    value === 0
      ? 'No wrong code was tried on the call.'
      : `Wrong codes tried on the call: ${text(value)}.`,
  'interaction.overSeconds': (value) =>
    value === 0 ? 'The call was not over.' : `The call had been over for ${age(value)}.`,
  'caseFile.type': (value) => `The case was of the type ${text(value)}.`,
  'caseFile.open': either('The case was open.', 'The case was closed.'),
  'proof.ageSeconds': (value) => `The customer’s proof was ${age(value)} old.`,
  'proof.acr': (value) =>
    value === 'phrh'
      ? 'The customer’s proof was a passkey held in hardware.'
      : 'The customer’s proof was a passkey.',
  'proof.purpose': (value) => `The customer’s proof was given for ${text(value)}.`,
  'proof.customerMatchesResource': either(
    'The proof was of the customer whose account it is.',
    'The proof was not of the customer whose account it is.',
  ),
  'proof.settled': either(
    'Their account was not being recovered, nor recovered lately.',
    'Their account was being recovered, or recovered within the seven days before.',
  ),
  'grant.live': either('The grant was live.', 'The grant had ended.'),
  'grant.permitsAction': either(
    'The grant named the action.',
    'The grant did not name the action.',
  ),
  'approval.approved': either('Exactly this was approved.', 'Exactly this was not approved.'),
  'approval.byOther': either('Somebody else approved it.', 'They approved it themselves.'),
  'approval.sameDesk': either(
    'The approval was of their desk.',
    'The approval was of another desk.',
  ),
  'approval.reasonCode': (value) => `The approval’s reason was ${text(value)}.`,
  'approvalRequest.open': either('The request was open.', 'The request was decided already.'),
  'approvalRequest.requestedBySubject': either(
    'They had made the request themselves.',
    'Somebody else had made the request.',
  ),
  'approvalRequest.sameDesk': either(
    'The request was of their desk.',
    'The request was of another desk.',
  ),
  'caseFile.ofNoCall': either('The case was of no call.', 'The case was of a call.'),
  'colleague.sameDesk': either(
    'The colleague was of their desk.',
    'The colleague was of another desk.',
  ),
  'policyChange.open': either('The candidate was open.', 'The candidate was closed.'),
  'policyChange.proposedBySubject': either(
    'They had proposed the candidate themselves.',
    'Somebody else had proposed the candidate.',
  ),
  'policyChange.vouched': either(
    'A person answered for the candidate.',
    'No person answered for the candidate.',
  ),
  'policyChange.vouchedBySubject': either(
    'They had vouched for the candidate themselves.',
    'They had not vouched for the candidate.',
  ),
  'policyChange.casesPass': either(
    'Every named case of the candidate came out.',
    'A named case of the candidate failed.',
  ),
  'policyChange.current': either(
    'The candidate followed the live release.',
    'Other policies had become live since the candidate.',
  ),
  'switchChange.standing': either('The switch was standing.', 'The switch stood no more.'),
  'switchChange.thrownBySubject': either(
    'They had thrown the switch themselves.',
    'Somebody else had thrown the switch.',
  ),
  'erasureRequest.waiting': either('The erasure was waiting.', 'The erasure had been answered.'),
  'erasureRequest.requestedBySubject': either(
    'They had asked for the erasure themselves.',
    'Somebody else had asked for the erasure.',
  ),
  'holdChange.standing': either('The hold was standing.', 'The hold stood no more.'),
  'holdChange.placedBySubject': either(
    'They had placed the hold themselves.',
    'Somebody else had placed the hold.',
  ),
  'breakGlass.live': either(
    'Emergency access to this record was open for them.',
    'Emergency access to this record was not open for them.',
  ),
  'breakGlass.openedByOther': either(
    'Somebody else had opened the emergency access.',
    'They had opened the emergency access themselves.',
  ),
  'breakGlass.categories': (value) => `The emergency access named ${list(value)}.`,
  'breakGlassRequest.waiting': either(
    'The emergency access waited for its second person.',
    'The emergency access waited for nobody.',
  ),
  'breakGlassRequest.open': either(
    'The emergency access was open.',
    'The emergency access was not open.',
  ),
  'breakGlassRequest.awaitsReview': either(
    'The emergency access had not been judged yet.',
    'The emergency access was not there to be judged.',
  ),
  'breakGlassRequest.requestedBySubject': either(
    'They had asked for the emergency access themselves.',
    'Somebody else had asked for the emergency access.',
  ),
  'breakGlassRequest.openedBySubject': either(
    'They had opened the emergency access themselves.',
    'They had not opened the emergency access.',
  ),
  'breakGlassRequest.sameDesk': either(
    'The emergency access was of their desk.',
    'The emergency access was of another desk.',
  ),
  'breakGlassRequest.broughtInBySubject': either(
    'One of the two had brought the other one in.',
    'Neither had brought the other one in.',
  ),
};

/** A record of facts that a policy asks for → the sentence that says that it was not there. */
const absences: Readonly<Record<string, string>> = {
  staff: 'Nothing was known of the colleague.',
  session: 'No session was known.',
  interaction: 'No call was known.',
  caseFile: 'There was no case.',
  proof: 'The customer had not proved who they are.',
  grant: 'There was no grant.',
  chain: 'No program acted for them.',
  approval: 'There was no approval of exactly this.',
  approvalRequest: 'There was no such request.',
  colleague: 'Nothing was known of the colleague whom it was about.',
  policyChange: 'There was no such candidate.',
  switchChange: 'There was no such switch.',
  erasureRequest: 'There was no such erasure.',
  holdChange: 'There was no such hold.',
  breakGlass: 'No emergency access to this record was known.',
  breakGlassRequest: 'There was no such emergency access.',
  'breakGlassRequest.broughtInBySubject': 'Nobody knew who had brought whom in.',
  service: 'Nothing was known of the program.',
  'staff.deviceBoundAuthenticators': 'Nobody counted their security keys.',
  'proof.settled': 'Whether the customer’s account was recovered lately was not known.',
  'staff.recovered': 'Whether their account was recovered lately was not known.',
  'approval.reasonCode': 'The approval gave no reason.',
  'request.amountCents': 'No amount was given.',
  'request.reasonCode': 'No reason was given.',
  'session.phrAgeSeconds': 'They had not confirmed with a passkey.',
  'session.phrhAgeSeconds': 'They had not confirmed with a security key.',
  'session.leftAloneSeconds': 'How long nobody had been there was not known.',
};

/** The sentence that says a fact; for one of another schema its name and value. */
export function factSentence(path: string, value: Json): string {
  const words = Object.hasOwn(sentences, path) ? sentences[path] : undefined;
  return words?.(value) ?? `${path} was ${JSON.stringify(value)}.`;
}

/** The sentence that says that a fact was not there. */
export function absenceSentence(path: string): string {
  const words = Object.hasOwn(absences, path) ? absences[path] : undefined;
  return words ?? `${path} was not known.`;
}
