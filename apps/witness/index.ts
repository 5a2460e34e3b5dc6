/** An independent co-signer of evidence logs, for whoever starts it in their own process. */
export { readWitnessConfig, WitnessConfigError, type WitnessConfig } from './config.ts';
export {
  beginWitness,
  startWitness,
  type RunningWitness,
  type WitnessPorts,
} from './start-witness.ts';
