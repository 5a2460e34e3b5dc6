import { canonicalJson, fixedClock, newId, type Id } from '@proofline/kernel';
import { seededRandom, sha256Base64url } from '@proofline/kernel/node';
import type { EvidenceBundle } from '../bundle/bundle.ts';
import { logSigner, type LogSigner } from '../note/log-signer.ts';
import { memoryLog, type MemoryLog } from './memory-log.ts';
import { assertionKey, credentialOf, signedAssertion } from './signed-assertion.ts';

/** A small log, and the export of one call from it. The same at every run. */
export interface SampleLog {
  readonly signer: LogSigner;
  readonly leaves: readonly string[];
  readonly bundle: EvidenceBundle;
}

/**
 * A log of 13 entries of which a bundle holds one call's chain, with the customer's assertion;
 * `swappedPasskey`: by a passkey that the customer never registered.
 */
export function sampleLog({ swappedPasskey = false } = {}): SampleLog {
  const random = seededRandom('sample log');
  const clock = fixedClock();
  const log = memoryLog({ clock, random });
  const story = tellStory(log.write, { random, clock }, swappedPasskey);
  const signer = logSigner('staff.localhost/demo', random.bytes(32));
  const bundle = log.export(story, signer);
  return { signer, leaves: log.entries.map(({ leaf }) => leaf), bundle };
}

function tellStory(
  write: MemoryLog['write'],
  ports: Parameters<typeof newId>[1],
  swappedPasskey: boolean,
): readonly Id<'evt'>[] {
  const interactionId = newId('int', ports);
  const caseId = newId('cse', ports);
  const refs = { interactionId, caseId };
  write({ kind: 'log.created', facts: { format: 1 } });
  const release = write({ kind: 'policy.released', facts: { sequence: 1 } });
  const key = assertionKey('EdDSA', ports.random.bytes(32));
  const authenticatorId = newId('ath', ports);
  const registered = write({
    kind: 'authenticator.registered',
    refs: { authenticatorId },
    personal: { credential: credentialOf(key) },
  });
  const call = write({ kind: 'interaction.started', refs: { interactionId } });
  write({ kind: 'session.started', facts: { acr: 'phr' } });
  const asked = write({ kind: 'proof.requested', refs, causes: [call] });
  const context = canonicalJson({ v: 1, ...refs, agentName: 'Ines Moreau', company: 'Northwind' });
  const signingKey = swappedPasskey ? assertionKey('EdDSA', ports.random.bytes(32)) : key;
  const assertion = signedAssertion(context, signingKey);
  const proof = write({
    kind: 'proof.bound',
    refs: { ...refs, proofId: newId('prf', ports), authenticatorId },
    causes: [asked, registered],
    facts: { acr: 'phr', contextDigest: sha256Base64url(context) },
    personal: {
      accountNumber: 'NW-20441',
      name: 'Paula Okafor',
      assertion: { ...assertion },
    },
  });
  const grant = write({ kind: 'grant.issued', refs, causes: [proof], facts: { ttlSeconds: 300 } });
  const decision = write({
    kind: 'decision.made',
    refs: { ...refs, decisionId: newId('dec', ports) },
    causes: [grant, release],
    facts: {
      action: 'invoice:read',
      effect: 'permit',
      reasons: ['A billing agent may read the invoices of a customer who has proved who they are.'],
    },
  });
  write({ kind: 'interaction.started', refs: { interactionId: newId('int', ports) } });
  const done = write({
    kind: 'request.completed',
    refs,
    causes: [decision],
    facts: { outcome: 'completed' },
    personal: { accountNumber: 'NW-20441' },
  });
  const end = write({ kind: 'interaction.ended', refs: { interactionId }, causes: [call] });
  return [registered, call, asked, proof, grant, decision, done, end];
}
