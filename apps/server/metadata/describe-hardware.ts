import { modelLevel, type AttestationPolicy } from '@proofline/assurance';
import type { HardwareMetadata, HardwareModel, readHardware } from '@proofline/protocol';
import type { z } from 'zod';
import type { Composition } from '../compose.ts';
import type { MetadataReport } from './create-metadata.ts';

type Rooms = Pick<Composition, 'metadata' | 'attestationPolicy' | 'sessions' | 'clock'>;

/** What security sees of the hardware that counts: nobody's key, and how many there are. */
export function describeHardware(rooms: Rooms): z.output<typeof readHardware.reply> {
  const { attestationPolicy: policy, clock, metadata, sessions } = rooms;
  const nowMs = clock.now();
  const named = new Set([...policy.allowedAaguids, ...(policy.deniedAaguids ?? [])]);
  const swept = sessions.lastSweep();
  return {
    metadata: ageOf(metadata.report()),
    models: [...named].map((aaguid) => describeModel(aaguid, policy, nowMs)),
    ...(swept && { sweep: { at: swept.at.toISOString(), ...swept.levels } }),
  };
}

function describeModel(aaguid: string, policy: AttestationPolicy, nowMs: number): HardwareModel {
  const known = policy.metadata?.models.get(aaguid);
  const own = policy.statuses.filter((entry) => entry.aaguid === aaguid);
  return {
    aaguid,
    ...(known?.description && { description: known.description }),
    atBest: modelLevel(aaguid, { policy, nowMs }),
    statuses: [...own.map(({ status }) => status), ...(known?.statuses ?? [])],
  };
}

function ageOf({
  fault,
  nextUpdateMs,
  no,
  state,
  vouchesUntilMs,
}: MetadataReport): HardwareMetadata {
  return {
    state,
    ...(no !== undefined && { number: no }),
    ...(nextUpdateMs !== undefined && { nextUpdate: new Date(nextUpdateMs).toISOString() }),
    ...(vouchesUntilMs !== undefined && { vouchesUntil: new Date(vouchesUntilMs).toISOString() }),
    ...(fault !== undefined && { fault }),
  };
}
