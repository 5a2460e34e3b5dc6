import {
  bytesToBase64url,
  canonicalJson,
  fixedClock,
  newId,
  type Id,
  type Json,
  type JsonObject,
} from '@proofline/kernel';
import { seededRandom, sha256Base64url } from '@proofline/kernel/node';
import { BUNDLE_FORMAT, manifestDigest, type EvidenceBundle } from '../bundle/bundle.ts';
import { makeDisclosure } from '../disclosure.ts';
import { writeEntry, type EvidenceEntry } from '../entry.ts';
import { toBase64 } from '../note/base64.ts';
import { logSigner, type LogSigner } from '../note/log-signer.ts';
import { treeRoot } from '../tree/compact-range.ts';
import { leafHash } from '../tree/hash.ts';
import { inclusionPath } from '../tree/proof-paths.ts';
import { assertionKey, credentialOf, signedAssertion } from './signed-assertion.ts';

/** A small log, and the export of one call from it. The same at every run. */
export interface SampleLog {
  readonly signer: LogSigner;
  readonly leaves: readonly string[];
  readonly bundle: EvidenceBundle;
}

interface Draft {
  readonly kind: string;
  readonly causes?: readonly Id<'evt'>[];
  readonly refs?: Record<string, string>;
  readonly facts?: JsonObject;
  readonly personal?: Record<string, Json>;
}

interface Logged {
  readonly entry: EvidenceEntry;
  readonly leaf: string;
  readonly disclosures: readonly string[];
}

/**
 * A log of 13 entries of which a bundle holds one call's chain, with the customer's assertion;
 * `swappedPasskey`: by a passkey that the customer never registered.
 */
export function sampleLog({ swappedPasskey = false } = {}): SampleLog {
  const origin = 'staff.localhost/demo';
  const random = seededRandom('sample log');
  const clock = fixedClock();
  const ports = { clock, random };
  const customer = newId('psn', ports);
  const log: Logged[] = [];

  const write = (draft: Draft): Id<'evt'> => {
    clock.advance(1_250);
    const disclosures = Object.entries(draft.personal ?? {}).map(([name, value]) =>
      makeDisclosure(name, value, random),
    );
    const digests = disclosures.map(({ digest }) => digest).sort();
    const entry: EvidenceEntry = {
      v: 1,
      id: newId('evt', ports),
      kind: draft.kind,
      at: new Date(clock.now()).toISOString(),
      causes: draft.causes ?? [],
      refs: draft.refs ?? {},
      subjects: draft.personal ? { customer } : {},
      facts: draft.facts ?? {},
      _sd: draft.personal ? [{ subject: customer, retention: 'case', digests }] : [],
    };
    log.push({
      entry,
      leaf: writeEntry(entry),
      disclosures: disclosures.map(({ text }) => text),
    });
    return entry.id;
  };

  const story = tellStory(write, { random, clock }, swappedPasskey);
  const signer = logSigner(origin, random.bytes(32));
  const exportId = newId('exp', ports);
  const manifest = {
    entries: story.map((id) => {
      const index = log.findIndex(({ entry }) => entry.id === id);
      return { index, id, leafHash: bytesToBase64url(leafHash(log[index]!.leaf)) };
    }),
    outside: [log[1]!.entry.id],
  };
  write({
    kind: 'evidence.exported',
    refs: { exportId },
    facts: { entryCount: story.length, manifestDigest: manifestDigest(manifest) },
  });
  const at = log.at(-1)!.entry.at;
  return {
    signer,
    leaves: log.map(({ leaf }) => leaf),
    bundle: pack(log, signer, { exportId, at, manifest }),
  };
}

type Write = (draft: Draft) => Id<'evt'>;

function tellStory(
  write: Write,
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

function pack(
  log: readonly Logged[],
  signer: LogSigner,
  about: {
    readonly exportId: Id<'exp'>;
    readonly at: string;
    readonly manifest: EvidenceBundle['manifest'];
  },
): EvidenceBundle {
  const hashes = log.map(({ leaf }) => leafHash(leaf));
  const rootOf = (range: { readonly start: number; readonly end: number }) =>
    treeRoot(hashes.slice(range.start, range.end));
  const held = new Set<string>(about.manifest.entries.map(({ id }) => id));
  const entries = log.flatMap(({ entry, leaf, disclosures }, index) => {
    if (!held.has(entry.id) && index !== log.length - 1) return [];
    const proof = inclusionPath(index, log.length).map((range) => toBase64(rootOf(range)));
    return [{ index, leaf, proof, disclosures }];
  });
  return {
    format: BUNDLE_FORMAT,
    exportId: about.exportId,
    exportedAt: about.at,
    checkpoint: signer.signCheckpoint({ size: log.length, root: treeRoot(hashes) }),
    verifierKey: signer.key.text,
    manifest: about.manifest,
    entries,
  };
}
