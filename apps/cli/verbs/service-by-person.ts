import { isId } from '@proofline/kernel';
import { listServices, type ServiceRecord } from '@proofline/protocol';
import { NotDone, type CallRoute } from '../server/call-route.ts';
import { personVerb, type PersonVerb } from '../server/person-verb.ts';
import type { Environment } from '../server/pipeline-settings.ts';
import { tellKeys, tellService, tellServices } from '../server/tell-programs.ts';
import { exitCodes, sayJson, type Io, type Verb } from '../verb.ts';
import {
  addKey,
  change,
  narrow,
  register,
  remove,
  resume,
  retire,
  suspend,
} from './service-changes.ts';

async function readAll(call: CallRoute): Promise<readonly ServiceRecord[]> {
  return (await call(listServices, {})).services;
}

const list: PersonVerb = {
  name: 'service list',
  usage: '[--json]',
  summary: 'Lists the programs that have a key of their own: owner, last use, unused scopes.',
  options: ['json'],
  plan({ target, isJson }) {
    if (target !== undefined) return undefined;
    return {
      lines: [],
      path: listServices.path,
      async act(call, io) {
        const services = await readAll(call);
        if (isJson) sayJson(services, io);
        else tellServices(services, io);
        return exitCodes.ok;
      },
    };
  },
};

/** Says something of one service, which is one of the list. */
const ofOne = (
  words: Pick<PersonVerb, 'name' | 'summary'>,
  tell: (one: ServiceRecord, io: Io) => void,
): PersonVerb => ({
  ...words,
  usage: 'SERVICE [--json]',
  options: ['json'],
  plan({ target, isJson }) {
    if (!isId('svc', target)) return undefined;
    return {
      lines: [],
      path: listServices.path,
      async act(call, io) {
        const one = (await readAll(call)).find(({ serviceId }) => serviceId === target);
        if (!one) throw new NotDone('There is no such service here.');
        if (isJson) sayJson(one, io);
        else tell(one, io);
        return exitCodes.ok;
      },
    };
  },
});

const show = ofOne(
  {
    name: 'service show',
    summary: 'Says what a program may and uses of that, and what its keys are.',
  },
  tellService,
);
const keys = ofOne(
  { name: 'service keys', summary: 'Lists the keys of a program, each with its last use.' },
  tellKeys,
);

/** What a person does about programs from the command line, one act at a time. */
export function serviceByPerson(environment: Environment): readonly Verb[] {
  return [list, show, keys, register, addKey, retire, change, narrow, suspend, resume, remove].map(
    (verb) => personVerb(environment, verb),
  );
}
