import type { AddressInfo } from 'node:net';
import { witnessSigner } from '@proofline/evidence';
import { base64urlToBytes, type Clock, type Random } from '@proofline/kernel';
import type { Logger } from 'pino';
import { addCheckpoint, type Answer } from './add-checkpoint.ts';
import type { WitnessConfig } from './config.ts';
import { createWitnessServer } from './create-server.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { stateDirectory, StateMovedError } from './state-directory.ts';
import { tellOperator } from './tell-operator.ts';
import { beginState, openState } from './witness-state.ts';

/** What the witness takes from its platform. */
export interface WitnessPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
}

/** A witness that runs. */
export interface RunningWitness {
  /** The port that it listens on. */
  readonly port: number;
  /** What others check its cosignatures with. */
  readonly verifierKey: string;
  stop(): Promise<void>;
}

/** How many requests wait for the disk at most. */
const WAITING_MAX = 128;

/**
 * Makes the state of a witness that has never signed; answers the key to give to the logs.
 *
 * @throws StateError when there is one already.
 */
export async function beginWitness(config: WitnessConfig, random: Random): Promise<string> {
  const { key } = signerOf(config);
  await beginState(stateDirectory(config.WITNESS_DATA_DIRECTORY, random), key);
  return key.text;
}

function signerOf({ WITNESS_NAME: name, WITNESS_SEED: seed }: WitnessConfig) {
  // The settings were checked to be 32 bytes as base64url.
  return witnessSigner(name, base64urlToBytes(seed) ?? new Uint8Array());
}

/**
 * Opens the state and listens.
 *
 * @throws StateError when the state is not this witness’s, or is missing.
 */
export async function startWitness(
  config: WitnessConfig,
  { clock, random, logger }: WitnessPorts,
): Promise<RunningWitness> {
  const signer = signerOf(config);
  const directory = stateDirectory(config.WITNESS_DATA_DIRECTORY, random);
  const state = await openState(directory, signer.key);
  const parts = {
    signer,
    logs: config.WITNESS_LOGS,
    state,
    clock,
    onAlarm: tellOperator(logger, clock),
  };
  const queue = oneAtATime(WAITING_MAX);
  let isWell = true;
  const add = async (body: string): Promise<Answer | 'busy' | 'failed'> => {
    try {
      const answer = await queue(() => addCheckpoint(parts, body));
      if (answer !== 'busy') isWell = true;
      return answer;
    } catch (error) {
      if (error instanceof StateMovedError) {
        logger.warn('another process works with this witness’s state');
        await queue(() => state.reload());
        return 'busy';
      }
      isWell = false;
      const reason = error instanceof Error ? error.message : String(error);
      logger.error({ reason }, 'the state could not be written; nothing was signed');
      return 'failed';
    }
  };
  const server = createWitnessServer({
    add,
    isWell: () => isWell,
    verifierKey: signer.key.text,
    onAnswered: (line) => logger.info(line, 'request'),
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.WITNESS_LISTEN_PORT, config.WITNESS_LISTEN_HOST, resolve);
  });
  return {
    // A server that listens on TCP has an address with a port.
    port: (server.address() as AddressInfo).port,
    verifierKey: signer.key.text,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
