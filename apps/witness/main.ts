import { systemClock, systemRandom } from '@proofline/kernel';
import { pino } from 'pino';
import { readWitnessConfig, WitnessConfigError } from './config.ts';
import { beginWitness, startWitness, type RunningWitness } from './start-witness.ts';
import { StateError } from './witness-state.ts';

async function start(): Promise<RunningWitness | undefined> {
  try {
    const config = readWitnessConfig(process.env);
    if (process.argv[2] === 'begin') {
      process.stdout.write(`${await beginWitness(config, systemRandom)}\n`);
      return undefined;
    }
    const logger = pino({
      level: config.WITNESS_LOG_LEVEL,
      base: { app: 'witness' },
      timestamp: pino.stdTimeFunctions.isoTime,
    });
    const ports = { clock: systemClock, random: systemRandom, logger };
    const witness = await startWitness(config, ports);
    const { port, verifierKey } = witness;
    logger.info({ port, verifierKey }, 'the witness listens');
    return witness;
  } catch (error) {
    if (!(error instanceof WitnessConfigError || error instanceof StateError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
    return undefined;
  }
}

const witness = await start();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void witness?.stop());
}
