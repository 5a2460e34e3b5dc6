import { parentPort } from 'node:worker_threads';
import { buildTemplate } from './build-template.ts';

const template = await buildTemplate();
parentPort?.postMessage(template, [template.buffer]);
