import { z } from 'zod';
import { idOf } from '../ids.ts';
import { defineRoute } from '../route.ts';
import {
  StopCode,
  SwitchForecast,
  switchMinutesMax,
  SwitchSummary,
  SwitchTarget,
} from '../switches.ts';

const base = { realm: 'workforce', caller: 'staff' } as const;
const switches = { type: 'Switches' } as const;

/** Which switches a list shows. */
export const SwitchStateFilter = z.enum(['standing', 'ended']);
/** Which switches a list shows. */
export type SwitchStateFilter = z.infer<typeof SwitchStateFilter>;

export const listSwitches = defineRoute({
  ...base,
  id: 'switches.list',
  method: 'get',
  path: '/api/switches',
  action: 'switch:list',
  resource: switches,
  query: z.object({ state: SwitchStateFilter.optional() }).strict(),
  summary: 'Switches, newest first, and the services that one can be thrown on.',
  reply: z.object({
    switches: z.array(SwitchSummary),
    services: z.array(z.object({ serviceId: idOf('svc'), name: z.string() })),
  }),
  status: 200,
  problems: [],
});

export const forecastSwitch = defineRoute({
  ...base,
  id: 'switches.forecast',
  method: 'post',
  path: '/api/switches/forecast',
  action: 'switch:list',
  resource: switches,
  summary: 'What a switch would hit if it were thrown now. Changes nothing.',
  body: z.object({ target: SwitchTarget }).strict(),
  reply: SwitchForecast,
  status: 200,
  problems: [],
});

export const throwSwitch = defineRoute({
  ...base,
  id: 'switches.throw',
  method: 'post',
  path: '/api/switches',
  action: 'switch:throw',
  resource: switches,
  summary: 'Stop something at once, running sessions and grants included. It ends by itself.',
  body: z
    .object({
      target: SwitchTarget,
      reasonCode: StopCode,
      note: z.string().trim().min(3).max(200),
      minutes: z.number().int().min(1).max(switchMinutesMax),
    })
    .strict(),
  reply: SwitchSummary,
  status: 201,
  problems: ['switch.too-many', 'evidence.unavailable'],
});

export const liftSwitch = defineRoute({
  ...base,
  id: 'switches.lift',
  method: 'post',
  path: '/api/switches/{switchId}/lift',
  action: 'switch:lift',
  resource: { type: 'Switch', param: 'switchId' },
  params: z.object({ switchId: idOf('swt') }),
  summary: 'End a switch before its time. Never one’s own.',
  reply: SwitchSummary,
  status: 200,
  problems: ['switch.closed', 'switch.not-yours', 'evidence.unavailable'],
});
